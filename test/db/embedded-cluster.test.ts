import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Binaries } from '../../src/db/embedded/binaries.js'
import {
  checkMajor,
  createCluster,
  findCluster,
  openDataDir,
  openSocketDir,
  readCluster,
} from '../../src/db/embedded/cluster.js'
import { thisPlatform } from '../../src/db/embedded/platform.js'
import { makeFolder } from '../support/process.js'

const platform = thisPlatform()
const self = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
const writesCluster = 'mkdir "$data" && echo 18 > "$data/PG_VERSION"'

/** Binaries whose initdb is a shell script, with the data folder in `$data`. */
function fakeBinaries(folder: string, script: string): Binaries {
  const initdb = join(folder, 'initdb')
  writeFileSync(initdb, `#!/bin/sh\ndata="\${1#--pgdata=}"\n${script}\n`, { mode: 0o755 })
  return { initdb, postgres: initdb, pgCtl: initdb, version: '18.4.0', major: '18' }
}

function options(folder: string, script: string) {
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir, { recursive: true })
  const binaries = fakeBinaries(folder, script)
  return { dataDir, elsewhere: undefined, binaries, platform, user: undefined, log: () => {} }
}

t.test(
  'a data folder is made, private to an ordinary user, open to the user of the server of root',
  async (t) => {
    const folder = makeFolder(t)
    const own = join(folder, 'a', 'own')
    t.equal(await openDataDir(own, thisPlatform(1000)), own)
    t.equal(statSync(own).mode & 0o777, 0o700)
    await openDataDir(join(folder, 'root'), thisPlatform(0))
    t.equal(statSync(join(folder, 'root')).mode & 0o777, 0o755)
    t.equal(await openDataDir(own, platform), own, 'one that is there stays as it is')
  },
)

t.test('a data folder that cannot be made is named', async (t) => {
  const file = join(makeFolder(t), 'file')
  writeFileSync(file, '')
  await t.rejects(openDataDir(file, platform), { code: 'no-permission', message: file })
  await t.rejects(openDataDir(join(file, 'below'), platform), {
    code: 'no-permission',
    message: /set DATA_DIR/,
  })
})

t.test('a cluster is made with a password of its own, all of it private', async (t) => {
  const given = options(makeFolder(t), writesCluster)
  t.equal(await findCluster(given.dataDir, platform), undefined)
  const dir = await createCluster(given)
  t.equal(dir, join(given.dataDir, 'postgres'))
  t.equal(await findCluster(given.dataDir, platform), dir)
  const cluster = await readCluster(given.dataDir, dir)
  t.match(cluster, { dir, data: join(dir, 'data'), major: '18', log: join(given.dataDir, 'postgres.log') })
  t.match(cluster.password, /^[\w-]{32}$/)
  t.equal(statSync(dir).mode & 0o777, 0o700)
  t.equal(statSync(join(dir, 'password')).mode & 0o777, 0o600)
  t.doesNotThrow(() => checkMajor(cluster, given.binaries))
})

t.test('a cluster of another major is refused', async (t) => {
  const given = options(makeFolder(t), 'mkdir "$data" && echo 17 > "$data/PG_VERSION"')
  const cluster = await readCluster(given.dataDir, await createCluster(given))
  t.throws(() => checkMajor(cluster, given.binaries), {
    code: 'other-major',
    message: `${cluster.data} was written by PostgreSQL 17, this is PostgreSQL 18: set DATA_DIR`,
  })
})

t.test('a folder that is no cluster of ours is refused', async (t) => {
  const { dataDir } = options(makeFolder(t), '')
  const dir = join(dataDir, 'postgres')
  mkdirSync(dir)
  await t.rejects(readCluster(dataDir, dir), {
    code: 'missing-data',
    message: /set DATA_DIR to another folder/,
  })
})

t.test('a cluster of another user is refused', async (t) => {
  const given = options(makeFolder(t), writesCluster)
  await createCluster(given)
  await t.rejects(findCluster(given.dataDir, { ...platform, uid: self.uid + 1 }), {
    code: 'no-permission',
    message: `belongs to user ${self.uid}, this is user ${self.uid + 1}`,
  })
  t.ok(await findCluster(given.dataDir, { ...platform, uid: undefined }), 'where there are no user ids')
})

t.test('the locale of characters is the first that the system has', async (t) => {
  const other = options(
    makeFolder(t),
    `for last in "$@"; do :; done
    test "$last" = --lc-ctype=C || { echo "initdb: error: invalid locale name" >&2; exit 1; }
    ${writesCluster}`,
  )
  t.ok(await createCluster(other))
  const none = options(makeFolder(t), 'echo "initdb: error: invalid locale name" >&2; exit 1')
  await t.rejects(createCluster(none), { code: 'failed', message: /invalid locale name/ })
})

t.test('what initdb says when it fails is the reason, and nothing stays behind', async (t) => {
  const given = options(
    makeFolder(t),
    'echo "initdb: error: could not write: No space left on device" >&2; exit 1',
  )
  await t.rejects(createCluster(given), { code: 'disk-full' })
  t.strictSame(readdirSync(given.dataDir), [])
})

t.test('the second of two first starts uses what the first one made', async (t) => {
  const given = options(makeFolder(t), `sleep 0.1; ${writesCluster}`)
  const made = await Promise.all([createCluster(given), createCluster(given)])
  t.strictSame(made, [join(given.dataDir, 'postgres'), join(given.dataDir, 'postgres')])
  t.strictSame(readdirSync(given.dataDir), ['postgres'])
})

t.test('what a killed first start left is removed when it is old', async (t) => {
  const given = options(makeFolder(t), writesCluster)
  const [old, young] = [join(given.dataDir, 'postgres.new-1'), join(given.dataDir, 'postgres.new-2')]
  mkdirSync(old)
  mkdirSync(young)
  utimesSync(old, 1, 1)
  await createCluster(given)
  t.notOk(existsSync(old))
  t.ok(existsSync(young))
})

t.test('a cluster can be in another folder, which the data folder names', async (t) => {
  const folder = makeFolder(t)
  const given = options(folder, writesCluster)
  const lines: string[] = []
  const log = (line: string) => lines.push(line)
  const elsewhere = async () => folder
  const made = await Promise.all([1, 2].map(() => createCluster({ ...given, elsewhere, user: self, log })))
  const pointer = join(given.dataDir, 'postgres.location')
  t.equal(made[0], made[1], 'the second of two first starts uses the first one')
  t.equal(readFileSync(pointer, 'utf8'), `${made[0]}\n`)
  t.equal(await findCluster(given.dataDir, platform), made[0])
  t.strictSame(lines, [
    `PostgreSQL runs as user ${self.uid}, who cannot enter ${given.dataDir}: its data is in ${made[0]}`,
  ])
  rmSync(String(made[0]), { recursive: true })
  await t.rejects(findCluster(given.dataDir, platform), {
    code: 'missing-data',
    message: `${pointer} says that the data is in ${made[0]}, but it is not`,
  })
})

t.test('the socket is in a private folder, where its path fits', async (t) => {
  const folder = makeFolder(t)
  const given = options(folder, writesCluster)
  const cluster = await readCluster(given.dataDir, await createCluster(given))
  const socketDir = await openSocketDir(cluster, platform, undefined)
  t.equal(socketDir, join(cluster.dir, 'run'))
  t.equal(await openSocketDir(cluster, platform, self), socketDir, 'a second time it is there')
  chmodSync(socketDir, 0o755)
  await t.rejects(openSocketDir(cluster, platform, undefined), { code: 'no-permission', message: socketDir })
  chmodSync(socketDir, 0o700)
  await t.rejects(openSocketDir(cluster, { ...platform, uid: self.uid + 1 }, undefined), {
    code: 'no-permission',
  })
  const deep = { ...cluster, dir: join(cluster.dir, 'd'.repeat(60)) }
  const short = await openSocketDir(deep, { ...platform, socketDir: folder }, undefined)
  t.match(short, new RegExp(`^${folder}/openrmat-[0-9a-f]{16}$`))
  const gone = { ...cluster, dir: join(cluster.dir, 'gone') }
  await t.rejects(openSocketDir(gone, platform, undefined), { code: 'ENOENT' })
})
