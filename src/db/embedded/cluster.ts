import { createHash, randomBytes } from 'node:crypto'
import {
  access,
  chmod,
  chown,
  constants,
  lstat,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Binaries } from './binaries.js'
import { EmbeddedPostgresError, noPermission } from './errors.js'
import type { PlatformFacts, ServerUser } from './platform.js'
import { run } from './programs.js'

/** A PostgreSQL cluster on disk, in a folder that its server's user owns. */
export interface Cluster {
  /** The folder that holds all of the following but the log. */
  dir: string
  /** PostgreSQL's own folder (PGDATA). */
  data: string
  /** The password of both roles. */
  password: string
  /** The PostgreSQL major that wrote it, such as `18`. */
  major: string
  /** The server's log. */
  log: string
}

/** A path of a Unix socket must fit in 104 bytes on macOS, its closing zero included (108 on Linux). */
const longestSocketPath = 103

const unfinished = 'postgres.new-'
const abandonedMs = 600_000

/** Part of the socket's name only: nothing listens on a port. */
export const socketPort = 5432

/** Makes the data folder when there is none, and answers its one true path. */
export async function openDataDir(dataDir: string, platform: PlatformFacts): Promise<string> {
  const path = resolve(dataDir)
  try {
    const made = await mkdir(path, { recursive: true })
    // Root's server is another user, who must get through to its own folder in it.
    if (made !== undefined) await chmod(path, platform.uid === 0 ? 0o755 : 0o700)
    await access(path, constants.W_OK)
  } catch (error) {
    throw noPermission((error as Error).message, error as Error)
  }
  return realpath(path)
}

/** The folder of the cluster of a data folder, or undefined when there is none yet. */
export async function findCluster(dataDir: string, platform: PlatformFacts): Promise<string | undefined> {
  const elsewhere = await readFile(pointer(dataDir), 'utf8').catch(() => undefined)
  const dir = elsewhere?.trim() ?? join(dataDir, 'postgres')
  const stats = await stat(dir).catch(() => undefined)
  if (stats === undefined && elsewhere === undefined) return undefined
  if (stats === undefined) {
    throw new EmbeddedPostgresError(
      'missing-data',
      `${pointer(dataDir)} says that the data is in ${dir}, but it is not: ` +
        `restore it, or remove ${pointer(dataDir)} to begin with an empty registry`,
    )
  }
  if (platform.uid !== undefined && platform.uid !== 0 && platform.uid !== stats.uid) {
    throw new EmbeddedPostgresError(
      'no-permission',
      `${dir} belongs to user ${stats.uid}, this is user ${platform.uid}: ` +
        'start as the user that started first (root if that was root), or set DATA_DIR to another folder',
    )
  }
  return dir
}

/** The cluster in a folder. */
export async function readCluster(dataDir: string, dir: string): Promise<Cluster> {
  const data = join(dir, 'data')
  try {
    const password = await readFile(join(dir, 'password'), 'utf8')
    const major = await readFile(join(data, 'PG_VERSION'), 'utf8')
    return { dir, data, password: password.trim(), major: major.trim(), log: join(dataDir, 'postgres.log') }
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'missing-data',
      `${dir} does not hold openRMAT's data (${(cause as Error).message}): set DATA_DIR to another folder`,
      { cause },
    )
  }
}

/** Refuses a cluster of another PostgreSQL major, which these binaries cannot read. */
export function checkMajor({ data, major: found }: Cluster, { major }: Binaries): void {
  if (found === major) return
  throw new EmbeddedPostgresError(
    'other-major',
    `${data} was written by PostgreSQL ${found}, this is PostgreSQL ${major}: ` +
      `set DATA_DIR to another folder, or start the version of openRMAT that wrote it`,
  )
}

/**
 * Makes a cluster and answers its folder: `postgres` in the data folder, or where the server's user cannot
 * enter that, a folder of `elsewhere()`, which a small file in the data folder names.
 */
export async function createCluster(options: {
  dataDir: string
  elsewhere: (() => Promise<string>) | undefined
  binaries: Binaries
  platform: PlatformFacts
  user: ServerUser | undefined
  log: ((line: string) => void) | undefined
}): Promise<string> {
  const { dataDir, elsewhere, binaries, platform, user, log } = options
  await removeAbandoned(dataDir)
  const name = randomBytes(6).toString('hex')
  const dir = elsewhere === undefined ? join(dataDir, `${unfinished}${name}`) : join(await elsewhere(), name)
  try {
    await initialize(dir, binaries, user)
    if (elsewhere === undefined) {
      await rename(dir, join(dataDir, 'postgres'))
      return join(dataDir, 'postgres')
    }
    await writeFile(pointer(dataDir), `${dir}\n`, { flag: 'wx' })
    log?.(`PostgreSQL runs as user ${user?.uid}, who cannot enter ${dataDir}: its data is in ${dir}`)
    return dir
  } catch (error) {
    await rm(dir, { recursive: true, force: true })
    const another = await findCluster(dataDir, platform)
    // Two first starts at once: the one that came second uses what the first one made.
    if (another === undefined) throw error
    return another
  }
}

/** Removes what first starts left that were killed; a younger one may still be under way. */
async function removeAbandoned(dataDir: string): Promise<void> {
  const names = (await readdir(dataDir)).filter((name) => name.startsWith(unfinished))
  for (const path of names.map((name) => join(dataDir, name))) {
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs > abandonedMs) await rm(path, { recursive: true, force: true })
  }
}

async function initialize(dir: string, { initdb }: Binaries, user: ServerUser | undefined): Promise<void> {
  const password = join(dir, 'password')
  await makePrivate(dir, user)
  await writeFile(password, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  if (user !== undefined) await chown(password, user.uid, user.gid)
  const parameters = [
    `--pgdata=${join(dir, 'data')}`,
    '--username=postgres',
    `--pwfile=${password}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // By code point: the same order on every system, also after an upgrade of its libraries.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
  ]
  await runWithLocale(
    (locale) => run(initdb, [...parameters, `--lc-ctype=${locale}`], user),
    characterLocales,
  )
}

/** Runs initdb with the first locale that the system has. */
async function runWithLocale(
  initialize: (locale: string | undefined) => Promise<unknown>,
  [locale, ...others]: string[],
): Promise<void> {
  try {
    await initialize(locale)
  } catch (error) {
    if (others.length === 0 || !(error as Error).message.includes('invalid locale name')) throw error
    await runWithLocale(initialize, others)
  }
}

/** pg_trgm and full-text search ask the C library what a letter is, which knows only ASCII ones in `C`. */
const characterLocales = ['C.UTF-8', 'en_US.UTF-8', 'C']

async function makePrivate(dir: string, user: ServerUser | undefined): Promise<void> {
  await mkdir(dir, { mode: 0o700 })
  if (user !== undefined) await chown(dir, user.uid, user.gid)
}

/** The folder of the cluster's Unix socket, private to the server's user. */
export async function openSocketDir({ dir }: Cluster, platform: PlatformFacts, user: ServerUser | undefined) {
  const run = socketDirOf(dir, platform)
  const owner = user?.uid ?? platform.uid
  await makePrivate(run, user).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  const stats = await lstat(run)
  if (stats.isDirectory() && stats.uid === owner && (stats.mode & 0o077) === 0) return run
  throw new EmbeddedPostgresError(
    'no-permission',
    `${run} is not private to user ${owner}: remove it and start again`,
  )
}

function socketDirOf(dir: string, platform: PlatformFacts): string {
  const run = join(dir, 'run')
  if (Buffer.byteLength(join(run, `.s.PGSQL.${socketPort}`)) <= longestSocketPath) return run
  return join(platform.socketDir, `openrmat-${createHash('sha256').update(dir).digest('hex').slice(0, 16)}`)
}

function pointer(dataDir: string): string {
  return join(dataDir, 'postgres.location')
}
