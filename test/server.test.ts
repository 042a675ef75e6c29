import { once } from 'node:events'
import { chmodSync } from 'node:fs'
import { readFile, rm, stat } from 'node:fs/promises'
import { type AddressInfo, connect as connectSocket, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { DestinationStream } from 'pino'
import t from 'tap'
import { readConfig, Settings } from '../src/config.js'
import { connect } from '../src/db/connection.js'
import { findPackage } from '../src/db/embedded/binaries.js'
import { startEmbeddedPostgres } from '../src/db/embedded/index.js'
import { mayEnter, thisPlatform } from '../src/db/embedded/platform.js'
import { readPostmaster } from '../src/db/embedded/postmaster.js'
import { main, startService } from '../src/server.js'
import { makeFolder, rootPlatform, runService, until, whenReady } from './support/process.js'

const folder = makeFolder(t)
const DATA_DIR = join(folder, 'data')
const serverPid = async () => (await readPostmaster(join(DATA_DIR, 'postgres', 'data')))?.pid

const keyFile = join(DATA_DIR, 'admin.key')
const readAdminKey = async () => (await readFile(keyFile, 'utf8')).trim()

/** Starts the service in this process, on a free port. */
function start(env: NodeJS.ProcessEnv, stream: DestinationStream = process.stdout) {
  const config = readConfig({ DATA_DIR, PORT: '0', LOG_LEVEL: 'silent', ...env })
  return startService(config, { stream, onFailure: (error) => t.fail(error.message) })
}

/** A request of which the body is still to come. */
async function beginRequest(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connectSocket(Number(port), hostname)
  socket.on('error', () => {})
  await once(socket, 'connect')
  const head = [
    'POST /v1/authorities HTTP/1.1',
    'Host: x',
    `Authorization: Bearer ${await readAdminKey()}`,
    'Content-Type: application/json',
    'Content-Length: 2',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n{`)
  await sleep(100)
  return socket
}

t.test('--help lists the settings and starts nothing', async (t) => {
  const said = t.capture(console, 'log')
  await main(['--help'])
  const [[help]] = said.args() as [[string]]
  for (const name of Object.keys(Settings.properties)) t.match(help, name)
})

t.test('wrong settings end with 2, each named in a line', async (t) => {
  const said = t.capture(console, 'error')
  await main([], { PORT: '70000', LOG_LEVEL: 'loud' })
  t.equal(process.exitCode, 2)
  process.exitCode = 0
  t.match(said.args().join(), /^PORT is "70000": allowed is 0 to 65535\nLOG_LEVEL is "loud": .*$/)
})

t.test('it starts with the data, finishes requests under way, and stops its PostgreSQL', async (t) => {
  const service = runService(t, { DATA_DIR })
  const url = await whenReady(service)
  t.match(service.output(), /"records":\d+,"msg":"The registry was empty/)
  await t.test('with a key of its own, told once and kept where only its owner reads', async (t) => {
    const key = await readAdminKey()
    const { mode, uid } = await stat(keyFile)
    t.equal(uid, process.getuid?.() ?? 0)
    t.equal(process.platform === 'win32' || (mode & 0o777) === 0o600, true)
    const told = service
      .output()
      .split('\n')
      .filter((line) => line.includes('rmat_'))
    t.same(told, [`The first admin key, which is shown this once and kept in ${keyFile}: ${key}`])
    t.equal((await fetch(`${url}/v1/keys`, { headers: { authorization: `Bearer ${key}` } })).status, 200)
  })
  t.equal((await fetch(`${url}/readyz`)).status, 200)
  const socket = await beginRequest(url)
  service.child.kill('SIGTERM')
  await service.says(/"msg":"Stopping on SIGTERM"/)
  await sleep(100)
  socket.write('}')
  const [answer] = await once(socket, 'data')
  t.match(String(answer), /^HTTP\/1\.1 4\d\d /, 'an authority needs a name')
  t.equal((await service.ended).code, 0)
  t.equal(await serverPid(), undefined)
})

t.test('a second signal stops at once', async (t) => {
  const service = runService(t, { DATA_DIR })
  await beginRequest(await whenReady(service))
  t.notMatch(service.output(), /The registry was empty/, 'a filled registry is left alone')
  t.notMatch(service.output(), /rmat_|Nobody can write/, 'and its key is not told again')
  service.child.kill('SIGINT')
  await service.says(/Stopping on SIGINT/)
  service.child.kill('SIGINT')
  t.match(await service.ended, { code: 1, output: /Stopped at once/ })
  await until(async () => (await serverPid()) === undefined)
})

t.test('the end of the grace stops at once', async (t) => {
  const service = runService(t, { DATA_DIR }, { graceMs: 200 })
  await beginRequest(await whenReady(service))
  service.child.kill('SIGTERM')
  t.match(await service.ended, {
    code: 1,
    output: /Requests were still under way after 0\.2 s: stopped at once/,
  })
  await until(async () => (await serverPid()) === undefined)
})

t.test('it ends when its PostgreSQL does', async (t) => {
  const service = runService(t, { DATA_DIR })
  await whenReady(service)
  process.kill(Number(await serverPid()), 'SIGKILL')
  t.match(await service.ended, { code: 1, output: /PostgreSQL ended: .*postgres\.log may say why/ })
})

t.test(
  'on a terminal it greets a person; an error that nobody caught is logged, and stops it in order',
  async (t) => {
    const prelude = "process.once('SIGUSR1', () => { throw new Error('made up') });"
    const service = runService(t, { DATA_DIR, LOG_FORMAT: 'pretty' }, { prelude })
    const [, url] = await service.says(
      /openRMAT is ready\n\n {4}API {7}(http:\S+)\/v1\n {4}Docs {6}http:\S+\/docs\n/,
    )
    t.equal((await fetch(`${url}/livez`)).status, 200)
    service.child.kill('SIGUSR1')
    t.match(await service.ended, { code: 1, output: /FATAL.*: made up/ })
    t.equal(await serverPid(), undefined)
  },
)

// Root may write anywhere, so another user has to try, who must be able to read the sources.
const nobody = { uid: 65534, gid: 65534 }
const user = process.getuid?.() === 0 ? nobody : {}
const isReadable = user !== nobody || (await mayEnter(process.cwd(), nobody))
const skip = isReadable ? false : 'the user nobody cannot enter this checkout'

t.test('a data folder without permission is told in a line', { skip }, async (t) => {
  const locked = makeFolder(t)
  chmodSync(locked, 0o555)
  const { code, output } = await runService(t, { DATA_DIR: join(locked, 'data') }, { user }).ended
  t.equal(code, 1)
  t.match(
    output,
    /^The data folder cannot be used \(EACCES: .*\): set DATA_DIR to a folder that this user may write to\n/,
  )
})

t.test('a second instance is refused, and the first one goes on', async (t) => {
  const first = await start({
    READ_ACCESS: 'key',
    METRICS_ACCESS: 'public',
    RATE_LIMIT_ADDRESS: '1',
    RATE_LIMIT_KEY: '2',
    NODE_ENV: 'production',
    TRUSTED_PROXIES: '127.0.0.1',
  })
  t.teardown(() => first.close())
  await t.rejects(start({}), { code: 'in-use' })
  t.equal((await fetch(`${first.url}/readyz`)).status, 200)
  t.equal((await fetch(`${first.url}/metrics`)).status, 200)

  await t.test('and asks for keys, counts and believes proxies as its settings say', async (t) => {
    const status = async (headers: Record<string, string>) =>
      (await fetch(`${first.url}/v1/targets`, { headers })).status
    const known = { authorization: `Bearer ${await readAdminKey()}` }
    t.same([await status({}), await status({})], [401, 429])
    t.equal(await status({ 'x-forwarded-for': '192.0.2.1' }), 401, 'another client of the proxy')
    t.same([await status(known), await status(known), await status(known)], [200, 200, 429])
  })
})

t.test('what keeps it from listening is told in a line, and its PostgreSQL stopped', async (t) => {
  const blocker = createServer().listen(0, '127.0.0.1')
  t.teardown(() => blocker.close())
  await once(blocker, 'listening')
  const { port } = blocker.address() as AddressInfo
  await t.rejects(start({ PORT: String(port) }), {
    name: 'StartError',
    message: `Port ${port} of 127.0.0.1 is taken: stop what listens there, or set PORT (0 picks a free one)`,
  })
  await t.rejects(start({ HOST: '192.0.2.1' }), {
    name: 'StartError',
    message: /^HOST 192\.0\.2\.1 is no address of this machine/,
  })
  t.equal(await serverPid(), undefined)
})

t.test('what nobody foresaw is told with its stack', async (t) => {
  const { code, output } = await runService(t, { DATA_DIR, HOST: 'fe80::1', LOG_FORMAT: '' }).ended
  t.equal(code, 1)
  t.match(output, /EINVAL.*\n {4}at /)
})

t.test('with DATABASE_URL it uses that server, and never tells the password', async (t) => {
  const platform = { ...rootPlatform(folder), os: 'win32' as const }
  const server = await startEmbeddedPostgres({
    dataDir: DATA_DIR,
    platform,
    packageDir: findPackage(thisPlatform()),
  })
  t.teardown(() => server.stop())
  const { password, port } = server.settings
  const urlOf = (secret = password) => `postgres://openrmat:${secret}@127.0.0.1:${port}/openrmat`

  await t.test('nobody can write there before somebody made a key, which the start says', async (t) => {
    await rm(keyFile)
    const database = connect(server.settings)
    t.teardown(() => database.close())
    const lines: string[] = []
    const said = async () => {
      lines.length = 0
      const stream = { write: (line: string) => void lines.push(line) }
      const service = await start({ DATABASE_URL: urlOf(), LOG_LEVEL: 'warn' }, stream)
      t.equal((await fetch(`${service.url}/readyz`)).status, 200)
      t.equal(service.adminKey, undefined)
      await service.close()
      return lines.map((line) => JSON.parse(line).msg)
    }
    t.same(await said(), [])
    await database.rows(sql`update api_keys set revoked_at = now()`)
    t.same(await said(), ['Nobody can write yet: npm run keys -- create NAME --scope admin makes a key'])
    await t.rejects(stat(keyFile), { code: 'ENOENT' })
  })

  const name = 'StartError'
  const where = `The PostgreSQL server of DATABASE_URL (127.0.0.1:${port}/openrmat)`
  const message = `${where} cannot be used: 28P01 password authentication failed for user "openrmat"`
  await t.rejects(start({ DATABASE_URL: urlOf('sesame') }), { name, message })
  await t.rejects(start({ DATABASE_URL: 'postgres://me:sesame@localhost:1' }), {
    name,
    message: /^The PostgreSQL server of DATABASE_URL \(localhost:1\) cannot be used: ECONNREFUSED/,
  })

  // A server of another version is hard to come by: this one says that it is one.
  const database = connect(server.settings)
  await database.rows(sql`create schema old`)
  await database.rows(sql`create function old.current_setting(name text) returns text language sql
    as $$ select case name when 'server_version_num' then '140012' else '14.12' end $$`)
  await database.rows(sql`alter role openrmat set search_path = old, pg_catalog, public`)
  await database.close()
  await t.rejects(start({ DATABASE_URL: urlOf() }), {
    name,
    message: `${where} is PostgreSQL 14.12: openRMAT needs`,
  })
})
