import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import t from 'tap'
import type { ConnectionSettings } from '../../src/db/connection.js'
import { findPackage } from '../../src/db/embedded/binaries.js'
import {
  type EmbeddedPostgresOptions,
  locateEmbeddedPostgres,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from '../../src/db/embedded/index.js'
import { isAlive, readPostmaster } from '../../src/db/embedded/postmaster.js'
import { makeFolder, type Running, rootPlatform, runNode, type Teardown, until } from '../support/process.js'

const embeddedModule = new URL('../../src/db/embedded/index.ts', import.meta.url).href
const folder = makeFolder(t)
const dataDir = join(folder, 'data')
const clusterDir = join(dataDir, 'postgres')
const data = join(clusterDir, 'data')
const platform = rootPlatform(folder)
const options: EmbeddedPostgresOptions = { dataDir, platform }
const inUse = {
  name: 'EmbeddedPostgresError',
  code: 'in-use',
  message: `Another openRMAT uses the data in ${clusterDir}: stop it, or set DATA_DIR to another folder`,
}

async function ask<Row extends object>(settings: ConnectionSettings, statement: string): Promise<Row[]> {
  const client = postgres({ ...settings, max: 1, onnotice: () => {} })
  try {
    return await client.unsafe<Row[]>(statement)
  } finally {
    await client.end()
  }
}

const notes = async (settings: ConnectionSettings) =>
  (await ask<{ note: string }>(settings, 'select note from notes order by note')).map(({ note }) => note)

/** Starts the server in a process of its own, which then waits, or leaves it running and ends. */
function startElsewhere(t: Teardown, more: Partial<EmbeddedPostgresOptions> = {}): Running {
  const code = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(embeddedModule)})
    await startEmbeddedPostgres(${JSON.stringify({ ...options, ...more })})
    console.log('up')
    ${more.detached ? '' : 'setInterval(() => {}, 1000)'}`
  return runNode(t, [...process.execArgv, '--input-type=module', '--eval', code], {})
}

/** A package whose server is a shell script. */
function fakePackage(t: Teardown, script: string): string {
  const packageDir = makeFolder(t)
  const native = join(packageDir, 'native')
  for (const name of ['bin', 'share/postgresql']) mkdirSync(join(native, name), { recursive: true })
  for (const name of ['initdb', 'postgres']) {
    writeFileSync(join(native, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  }
  writeFileSync(join(native, 'share/postgresql/postgres.bki'), '')
  writeFileSync(join(packageDir, 'package.json'), '{"version":"18.9.0"}')
  return packageDir
}

/** Leaves a server running that no service uses. */
async function leaveRunning(): Promise<number> {
  await startEmbeddedPostgres({ ...options, detached: true })
  return runningPid()
}

async function runningPid(): Promise<number> {
  return (await readPostmaster(data))?.pid ?? 0
}

t.teardown(() => stopEmbeddedPostgres(options))

t.test('nothing runs on an empty folder', async (t) => {
  await t.resolves(stopEmbeddedPostgres({ dataDir }))
  await t.rejects(locateEmbeddedPostgres({ dataDir }), {
    code: 'failed',
    message: `No PostgreSQL runs on ${dataDir}`,
  })
})

t.test('the first start makes a durable PostgreSQL 18 that sorts by code point', async (t) => {
  const server = await startEmbeddedPostgres(options)
  const [found] = await ask(
    server.settings,
    `select current_setting('server_version_num')::int / 10000 as major, current_user, rolsuper, current_database(),
      datlocprovider, datlocale, pg_encoding_to_char(encoding) as encoding,
      (select json_object_agg(name, setting) from pg_settings
       where name in ('fsync', 'synchronous_commit', 'jit', 'TimeZone', 'listen_addresses', 'max_connections')) as settings
    from pg_database, pg_roles where datname = current_database() and rolname = current_user`,
  )
  t.strictSame(found, {
    major: 18,
    current_user: 'openrmat',
    rolsuper: false,
    current_database: 'openrmat',
    datlocprovider: 'b',
    datlocale: 'C.UTF-8',
    encoding: 'UTF8',
    settings: {
      fsync: 'on',
      synchronous_commit: 'on',
      jit: 'off',
      TimeZone: 'UTC',
      listen_addresses: '',
      max_connections: '50',
    },
  })
  await ask(server.settings, 'create extension pg_trgm; create table notes (note text primary key)')
  await t.rejects(ask({ ...server.settings, password: 'wrong' }, 'select 1'), { code: '28P01' })
  t.strictSame(await locateEmbeddedPostgres({ dataDir }), server.settings)
  const pid = await runningPid()
  await server.stop()
  await until(() => !isAlive(pid) || readFileSync(`/proc/${pid}/cmdline`, 'utf8') === '')
  t.equal(await runningPid(), 0)
  await t.resolves(server.stop(), 'a second stop does nothing')
  await t.rejects(locateEmbeddedPostgres({ dataDir }), { code: 'failed' })
})

t.test('a second instance is refused, and the first one goes on', async (t) => {
  const first = await startEmbeddedPostgres(options)
  t.teardown(() => first.stop())
  await t.rejects(startEmbeddedPostgres(options), inUse)
  await ask(first.settings, "insert into notes values ('of the first')")
  const superuser = { ...first.settings, user: 'postgres', database: 'postgres' }
  const holders = () =>
    ask<{ pid: number }>(superuser, "select pid from pg_locks where locktype = 'advisory' and granted")
  const [before] = await holders()
  // As when one of the server's processes crashes.
  await ask(superuser, `select pg_terminate_backend(${before?.pid})`)
  await until(async () => ![undefined, before?.pid].includes((await holders())[0]?.pid))
  await t.rejects(startEmbeddedPostgres(options), inUse, 'also after its lock was lost for a moment')
  t.strictSame(await notes(first.settings), ['of the first'])
})

t.test('of two starts at once one wins', async (t) => {
  const both = await Promise.allSettled([startEmbeddedPostgres(options), startEmbeddedPostgres(options)])
  const won = both.filter((result) => result.status === 'fulfilled').map(({ value }) => value)
  const lost = both.filter((result) => result.status === 'rejected').map(({ reason }) => reason)
  t.equal(won.length, 1)
  t.match(lost, [inUse])
  t.strictSame(await notes(won[0]?.settings ?? {}), ['of the first'])
  await won[0]?.stop()
})

t.test('the server ends with a service that was killed', async (t) => {
  const service = startElsewhere(t)
  await service.says(/up/)
  const settings = await locateEmbeddedPostgres({ dataDir })
  await ask(settings, "insert into notes values ('before the kill')")
  service.child.kill('SIGKILL')
  await until(async () => (await runningPid()) === 0)
  const server = await startEmbeddedPostgres(options)
  t.ok((await notes(server.settings)).includes('before the kill'))
  await server.stop()
})

t.test('a start right after a kill does not wait for anything', async (t) => {
  const service = startElsewhere(t)
  await service.says(/up/)
  service.child.kill('SIGKILL')
  const server = await startEmbeddedPostgres(options)
  t.ok((await notes(server.settings)).includes('before the kill'))
  await server.stop()
})

t.test('a server that was left running is stopped and started anew', async (t) => {
  const left = await leaveRunning()
  t.ok(isAlive(left))
  const server = await startEmbeddedPostgres(options)
  t.not(await runningPid(), left)
  t.ok((await notes(server.settings)).includes('before the kill'))
  await server.stop()
})

t.test('a server that was left running can be stopped by another process', async (t) => {
  t.match(await startElsewhere(t, { detached: true }).ended, { code: 0, output: 'up\n' })
  t.ok(isAlive(await runningPid()))
  await stopEmbeddedPostgres(options)
  t.equal(await runningPid(), 0)
})

t.test('a server that is killed is told of, and recovers at the next start', async (t) => {
  let told: Error | undefined
  const server = await startEmbeddedPostgres({
    ...options,
    onExit: (error) => {
      told = error
    },
  })
  await ask(server.settings, "insert into notes values ('committed')")
  process.kill(await runningPid(), 'SIGKILL')
  await until(() => told !== undefined)
  t.match(told, { code: 'failed', message: `PostgreSQL ended: ${join(dataDir, 'postgres.log')} may say why` })
  const again = await startEmbeddedPostgres(options)
  t.ok((await notes(again.settings)).includes('committed'))
  await server.stop()
  t.not(await runningPid(), 0, 'the stop of the dead one does not touch the new one')
  await again.stop()
})

t.test('a stale process id that another program has now is dealt with', async () => {
  const socketDir = join(clusterDir, 'run')
  writeFileSync(
    join(data, 'postmaster.pid'),
    `${process.pid}\n${data}\n1700000000\n5432\n${socketDir}\n\n  1 2\nready   \n`,
  )
  writeFileSync(join(socketDir, '.s.PGSQL.5432.lock'), `${process.pid}\n`)
  const server = await startEmbeddedPostgres(options)
  await server.stop()
})

t.test('a server that ends before it is ready is replaced', async () => {
  // Its arguments make this shell look like the server.
  const shell = spawn('/bin/sh', ['-c', 'sleep 0.2; :', data])
  writeFileSync(
    join(data, 'postmaster.pid'),
    `${shell.pid}\n${data}\n1700000000\n5432\n\n\n  1 2\nstarting\n`,
  )
  const server = await startEmbeddedPostgres(options)
  await server.stop()
})

t.test('a server that does not answer is named', async (t) => {
  const left = await leaveRunning()
  process.kill(left, 'SIGSTOP')
  const start = startEmbeddedPostgres({ ...options, patienceMs: 300 })
  await t.rejects(start, {
    code: 'failed',
    message: `PostgreSQL (process ${left}) has ${data} but does not answer`,
  })
  // The last resort is asked for, and works as soon as the server does anything again.
  await stopEmbeddedPostgres({ ...options, patienceMs: 100 })
  t.equal(await runningPid(), left)
  process.kill(left, 'SIGCONT')
  await until(async () => !isAlive(left) || (await runningPid()) !== left)
})

t.test('a server that is just stopping is waited for', async (t) => {
  const left = await leaveRunning()
  process.kill(left, 'SIGSTOP')
  process.kill(left, 'SIGINT')
  setTimeout(() => process.kill(left, 'SIGCONT'), 200)
  const server = await startEmbeddedPostgres(options)
  t.ok((await notes(server.settings)).includes('committed'))
  await server.stop()
})

t.test('a password that was changed by hand is named', async (t) => {
  const file = join(clusterDir, 'password')
  const password = readFileSync(file, 'utf8')
  writeFileSync(file, 'other')
  const refused = {
    code: 'failed',
    message: `PostgreSQL does not accept the password that is kept in ${clusterDir}`,
  }
  await t.rejects(startEmbeddedPostgres(options), refused)
  writeFileSync(file, password)
  const server = await startEmbeddedPostgres(options)
  await server.stop()
})

t.test('where there are no Unix sockets, the server has a loopback port of its own', async (t) => {
  const windows: EmbeddedPostgresOptions = {
    ...options,
    platform: { ...platform, os: 'win32' },
    packageDir: findPackage(platform),
  }
  const server = await startEmbeddedPostgres(windows)
  t.match(server.settings, { host: '127.0.0.1', port: Number })
  t.ok((await notes(server.settings)).includes('committed'))
  t.strictSame(await locateEmbeddedPostgres({ dataDir }), server.settings)
  await server.stop()
  t.equal(await runningPid(), 0)
})

t.test('what the server says when it does not start is the reason', async (t) => {
  const log = join(dataDir, 'postgres.log')
  truncateSync(log, 20_000_000)
  await t.rejects(startEmbeddedPostgres({ ...options, settings: { shared_buffers: 'much' } }), {
    code: 'failed',
    message: /^PostgreSQL's server failed: FATAL: {2}invalid value for parameter "shared_buffers": "much"$/,
  })
  t.ok(readFileSync(log).length < 10_000, 'a large log is set aside')
})

t.test('a server that another one keeps from starting is tried again, then given up', async (t) => {
  const fake = fakePackage(t, 'echo \'FATAL:  lock file "postmaster.pid" already exists\'; exit 1')
  await t.rejects(startEmbeddedPostgres({ ...options, packageDir: fake }), inUse)
})

t.test('a server that cannot even be spawned is told of', async (t) => {
  const fake = fakePackage(t, '')
  writeFileSync(join(fake, 'native/bin/postgres'), '#!/no/such/loader\n', { mode: 0o755 })
  await t.rejects(startEmbeddedPostgres({ ...options, packageDir: fake }), { code: 'incompatible-system' })
})

t.test('root whose server cannot reach the data folder needs one that it can', async (t) => {
  const home = join(folder, 'home')
  mkdirSync(home)
  chmodSync(home, 0o700)
  writeFileSync(join(folder, 'others'), 'nobody:x:54321:54321::/:/bin/false\n')
  const other = { ...platform, passwd: join(folder, 'others') }
  // PostgreSQL wants a user who has a name; one who is not root may not even start it as another.
  await t.rejects(startEmbeddedPostgres({ dataDir: join(home, 'data'), platform: other }))
})

t.test('an ordinary user without a writable package has the programs in the data folder', async (t) => {
  const fake = fakePackage(t, '')
  writeFileSync(join(fake, 'native/pg-symlinks.json'), '[{"source":"native/lib/x","target":"native/lib/y"}]')
  // Nobody can make a link there, root neither; nor can the copy, which ends this test.
  symlinkSync('/sys/kernel', join(fake, 'native/lib'))
  const own = join(makeFolder(t), 'data')
  const ordinary = { ...platform, uid: 1 + (process.getuid?.() ?? 0) }
  const lines: string[] = []
  const start = {
    dataDir: own,
    platform: ordinary,
    packageDir: fake,
    log: (line: string) => lines.push(line),
  }
  await t.rejects(startEmbeddedPostgres(start), { code: 'no-permission' })
  t.match(lines, [`Copying the PostgreSQL programs to ${own}/postgres-18.9.0`])
})

t.test(
  'as root in a private home all of it works',
  { skip: process.getuid?.() !== 0 && 'not root' },
  async (t) => {
    const home = makeFolder(t)
    chmodSync(home, 0o700)
    const lines: string[] = []
    const inHome = { dataDir: join(home, 'data'), platform, log: (line: string) => lines.push(line) }
    for (const start of ['first', 'second']) {
      const server = await startEmbeddedPostgres(inHome)
      t.equal((await ask(server.settings, 'select 1')).length, 1, `${start} start`)
      await server.stop()
    }
    t.match(lines, [/^PostgreSQL runs as user \d+, who cannot enter .*: its data is in .*\/system\//])
    t.equal(lines.length, 1)
  },
)
