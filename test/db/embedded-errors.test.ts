import t from 'tap'
import { EmbeddedPostgresError, programError, systemError } from '../../src/db/embedded/errors.js'
import { run, spawnError } from '../../src/db/embedded/programs.js'

const failed = (code: string) => Object.assign(new Error(`${code}: refused`), { code })

t.test('what a program wrote last before it failed is the reason', async (t) => {
  const output =
    'LOG:  starting\nFATAL:  could not map anonymous shared memory: Cannot allocate memory\nHINT:  x\n'
  t.match(programError('server', output), {
    code: 'failed',
    message:
      "PostgreSQL's server failed: FATAL:  could not map anonymous shared memory: Cannot allocate memory",
  })
  t.match(programError('initdb', 'one\ntwo\n').message, /failed: two$/)
  t.match(programError('initdb', '').message, /failed: no message$/)
})

t.test('a C library that the binaries do not run on is known by what the loader says', async (t) => {
  for (const line of [
    "postgres: /lib/libc.so.6: version `GLIBC_2.27' not found (required by postgres)",
    'initdb: error while loading shared libraries: libpq.so.5: cannot open shared object file',
    'Error relocating /x/postgres: strchrnul: symbol not found',
  ]) {
    t.match(programError('initdb', `${line}\n`), { code: 'incompatible-system', message: /set DATABASE_URL/ })
  }
  t.match(spawnError(failed('ENOENT')), {
    code: 'incompatible-system',
    message: /its C library is another one/,
  })
})

t.test('a full disk and a missing permission are told apart', async (t) => {
  for (const line of [
    'initdb: error: could not write file "x": No space left on device',
    'HINT:  Check free disk space.\nPANIC:  cannot abort transaction 1, it was already committed',
  ]) {
    t.match(programError('initdb', line), { code: 'disk-full', message: /free some space/ })
  }
  t.match(programError('initdb', 'initdb: error: could not access directory "x": Permission denied'), {
    code: 'no-permission',
  })
  t.match(systemError(failed('ENOSPC')), { code: 'disk-full' })
  t.match(systemError(failed('EROFS')), { code: 'no-permission', message: /set DATA_DIR/ })
  t.match(spawnError(failed('EPERM')), { code: 'no-permission' })
})

t.test('every other error is itself', async (t) => {
  const known = new EmbeddedPostgresError('in-use', 'x')
  const other = failed('EMFILE')
  t.equal(systemError(known), known)
  t.equal(systemError(other), other)
  t.equal(spawnError(other), other)
  t.type(systemError(new TypeError('x')), TypeError)
  t.equal(systemError('x'), 'x')
})

t.test('a program answers what it wrote, or fails with it', async (t) => {
  t.equal(await run('/bin/echo', ['hello'], undefined), 'hello\n')
  await t.rejects(run('/bin/sh', ['-c', 'echo oh >&2; exit 1'], undefined), {
    message: "PostgreSQL's sh failed: oh",
  })
  await t.rejects(run('/bin/no-such-program', [], undefined), { code: 'incompatible-system' })
})
