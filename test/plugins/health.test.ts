import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.js'
import { type ConnectionSettings, connect, type Database } from '../../src/db/connection.js'
import { ProblemDocument } from '../../src/http/responses.js'
import { validateBody } from '../../src/http/validation.js'
import { version } from '../../src/version.js'
import { testApp } from '../support/app.js'
import { authorization, testDatabase } from '../support/database.js'

/** The service on a database that the test chose. */
async function appOn(t: Test, database: Database) {
  const app = await buildApp({ database })
  t.teardown(() => app.close())
  return app
}

/** The service where there is no database to be used. */
function appAt(t: Test, settings: ConnectionSettings) {
  const database = connect({ ...settings, max: 2 })
  t.teardown(() => database.close())
  return appOn(t, database)
}

/** Asserts that a service without its database says so, soon, and only where it needs it. */
async function isWithoutDatabase(t: Test, app: Awaited<ReturnType<typeof appOn>>) {
  const body = { symbol: 'AWAY' }
  const requests = [
    { method: 'GET', url: '/readyz' },
    { method: 'GET', url: '/v1/therapies' },
    { method: 'GET', url: '/v1/therapies/lasme-cel' },
    { method: 'GET', url: '/v1/therapies', headers: { authorization } },
    { method: 'POST', url: '/v1/targets', headers: { authorization }, body },
  ] as const
  for (const request of requests) {
    const start = performance.now()
    const answer = await app.inject(request)
    t.equal(answer.statusCode, 503, `${request.method} ${request.url}: ${answer.body}`)
    t.match(answer.headers['retry-after'], /^[1-9]\d*$/)
    t.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
    const problem = validateBody(ProblemDocument, answer.json())
    t.equal(problem.type, '/problems/unavailable')
    t.notMatch(
      answer.body,
      /password|postgres|5432|127\.0\.0\.1|ECONN|\bat /i,
      'it tells nothing of the server',
    )
    t.ok(performance.now() - start < 5000, 'soon')
  }
  t.equal((await app.inject('/livez')).statusCode, 200, 'the process lives')
  t.equal((await app.inject('/version')).statusCode, 200)
  t.equal((await app.inject('/openapi.json')).statusCode, 200)
  t.equal((await app.inject('/v1/nonsense')).statusCode, 404)
}

t.test('a service that is well says so', async (t) => {
  const { ask } = await testApp(t)
  for (const url of ['/livez', '/readyz']) {
    const { status, body, headers } = await ask('GET', url)
    t.equal(status, 200)
    t.strictSame(body, { status: 'ok' })
    t.equal(headers['cache-control'], 'no-store')
    t.equal((await ask('HEAD', url)).status, 200)
  }
  const { body } = await ask('GET', '/version')
  t.strictSame(body, { name: 'openrmat', version, node: process.versions.node })
})

t.test('a database that was not migrated is not ready', async (t) => {
  const { database } = await testDatabase(t, { template: 'empty' })
  const app = await appOn(t, database)
  t.equal((await app.inject('/readyz')).statusCode, 200)
  await database.rows(sql`update drizzle.__drizzle_migrations set created_at = created_at - 1`)
  const older = await app.inject('/readyz')
  t.equal(older.statusCode, 503)
  t.match(older.headers['retry-after'], /^[1-9]\d*$/)
  t.equal(validateBody(ProblemDocument, older.json()).type, '/problems/unavailable')
  await database.rows(sql`drop schema drizzle cascade`)
  const none = await app.inject('/readyz')
  t.equal(none.statusCode, 503)
  t.match(none.json().detail, /not migrated/)
  t.equal((await app.inject('/livez')).statusCode, 200)
})

t.test('a server that nobody started', async (t) => {
  await isWithoutDatabase(
    t,
    await appAt(t, { host: '127.0.0.1', port: 1, user: 'nobody', password: 'secret' }),
  )
})

t.test('a server that has no such database', async (t) => {
  const { settings } = await testDatabase(t, { template: 'empty' })
  await isWithoutDatabase(t, await appAt(t, { ...settings, database: 'no_such_database' }))
})

t.test('a server that does not know us', async (t) => {
  const { settings } = await testDatabase(t, { template: 'empty' })
  await isWithoutDatabase(t, await appAt(t, { ...settings, user: 'no_such_user', password: 'secret' }))
})

t.test('idle connections that break are made again', async (t) => {
  const { database, settings } = await testDatabase(t)
  const app = await appOn(t, database)
  const ask = async () => (await app.inject('/v1/therapies/lasme-cel')).statusCode
  t.strictSame(await Promise.all([ask(), ask(), ask()]), [200, 200, 200])
  const other = connect({ ...settings, max: 1 })
  t.teardown(() => other.close())
  await other.rows(
    sql`select pg_terminate_backend(pid, 5000) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`,
  )
  // Until the end of the connections has reached the pool.
  await sleep(50)
  t.strictSame(await Promise.all([ask(), ask(), ask()]), [200, 200, 200])
})
