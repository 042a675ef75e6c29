import type { Static } from '@sinclair/typebox'
import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.js'
import { ProblemDocument } from '../../src/http/responses.js'
import { validateBody } from '../../src/http/validation.js'
import { Key, KeyPage, KeyWithSecret } from '../../src/keys/schema.js'
import { adminKey, testApp, withKey } from '../support/app.js'

const { app, ask, database } = await testApp(t)

/** Makes a key; answers what was answered. */
async function make(body: object) {
  const answer = await ask('POST', '/v1/keys', body)
  return { ...answer, key: validateBody(KeyWithSecret, answer.body) }
}

const bearing = (key: string) => ({ authorization: `Bearer ${key}` })

t.test('a key is made and shown once', async (t) => {
  const expiresAt = '2099-06-30T00:00:00.000Z'
  const { status, headers, key } = await make({ name: 'Nightly import', scope: 'write', expiresAt })
  t.equal(status, 201)
  t.equal(headers.location, `/v1/keys/${key.id}`)
  t.equal(headers['cache-control'], 'no-store')
  t.match(key, { name: 'Nightly import', scope: 'write', expiresAt, lastUsedAt: null, revokedAt: null })
  t.match(key.key, /^rmat_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}$/)
  t.ok(key.key.startsWith(`${key.prefix}_`))

  for (const name of [key.id, key.id.toUpperCase(), key.prefix]) {
    const { status, headers, body, text } = await ask('GET', `/v1/keys/${name}`)
    t.equal(status, 200, name)
    t.equal(headers['cache-control'], 'no-store')
    t.equal(validateBody(Key, body).id, key.id)
    t.notMatch(text, key.key.slice(18))
  }
  t.equal((await ask('POST', '/v1/targets', { symbol: 'LILRB4' }, bearing(key.key))).status, 201)
})

t.test('a scope that is not asked for is not given', async (t) => {
  const { key } = await make({ name: 'Reader' })
  t.match(key, { scope: 'read', expiresAt: null })
  t.equal((await ask('POST', '/v1/targets', { symbol: 'X1' }, bearing(key.key))).status, 403)
})

t.test('what makes no key is refused', async (t) => {
  const refused: [object, number, string][] = [
    [{}, 400, '/name'],
    [{ name: ' ' }, 400, '/name'],
    [{ name: 'x'.repeat(201) }, 400, '/name'],
    [{ name: 'x', scope: 'root' }, 400, '/scope'],
    [{ name: 'x', scope: null }, 400, '/scope'],
    [{ name: 'x', hash: 'y' }, 400, '/hash'],
    [{ name: 'x', expiresAt: '2027-06-30' }, 400, '/expiresAt'],
    [{ name: 'x', expiresAt: '2020-06-30T00:00:00Z' }, 422, '/expiresAt'],
    [{ name: 'x', expiresAt: '2030-12-31T23:59:60Z' }, 422, '/expiresAt'],
  ]
  for (const [body, status, pointer] of refused) {
    const answer = await ask('POST', '/v1/keys', body)
    t.match(answer, { status, body: { errors: [{ pointer }] } }, JSON.stringify(body))
    validateBody(ProblemDocument, answer.body)
  }
})

t.test('keys are listed in the order in which they were made', async (t) => {
  for (const name of ['One', 'Two', 'Three']) await make({ name })
  const { body: all } = await ask('GET', '/v1/keys?limit=1000')
  const names = (validateBody(KeyPage, all) as Static<typeof KeyPage>).data.map(({ name }) => name)
  t.same(names.slice(0, 1), ['Tests'])
  t.same(names.slice(-3), ['One', 'Two', 'Three'])
  t.equal(all.page.next, null)

  const seen: string[] = []
  let address: string | undefined = '/v1/keys?limit=2'
  while (address !== undefined) {
    const { headers, body } = await ask('GET', address)
    seen.push(...body.data.map(({ name }: { name: string }) => name))
    const [, next] = /^<(.*)>; rel="next"$/.exec(String(headers.link ?? '')) ?? []
    t.equal(next?.includes(body.page.next) ?? false, body.page.next !== null)
    address = next
  }
  t.same(seen, names)
  for (const cursor of ['nonsense', (await ask('GET', '/v1/targets?limit=1')).body.page.next]) {
    t.match(await ask('GET', `/v1/keys?cursor=${cursor}`), {
      status: 400,
      body: { type: '/problems/bad-cursor' },
    })
  }
  t.match(await ask('GET', '/v1/keys?limit=0'), { status: 400, body: { errors: [{ parameter: 'limit' }] } })
  t.match(await ask('GET', '/v1/keys?name=One'), { status: 400, body: { errors: [{ parameter: 'name' }] } })
})

t.test('a revoked key is worth nothing at once, on every process', async (t) => {
  const other = await buildApp({ database })
  t.teardown(() => other.close())
  const { key } = await make({ name: 'To be revoked', scope: 'write' })
  const read = async (asked: typeof app) => {
    const { statusCode, headers } = await asked.inject({ url: '/v1/targets/cd22', headers: bearing(key.key) })
    return [statusCode, headers['www-authenticate']]
  }
  t.same(
    [await read(app), await read(other)],
    [
      [200, undefined],
      [200, undefined],
    ],
  )
  const { status, text } = await ask('DELETE', `/v1/keys/${key.prefix}`)
  t.same([status, text], [204, ''])
  const refused = 'Bearer realm="openRMAT", error="invalid_token", error_description="The key is revoked"'
  t.same(
    [await read(app), await read(other)],
    [
      [401, refused],
      [401, refused],
    ],
  )

  const { body } = await ask('GET', `/v1/keys/${key.id}`)
  t.ok(Date.parse(body.revokedAt) <= Date.now(), 'it is still there')
  t.equal((await ask('DELETE', `/v1/keys/${key.id}`)).status, 204)
  t.equal((await ask('GET', `/v1/keys/${key.id}`)).body.revokedAt, body.revokedAt, 'revoked once')
})

t.test('an expired key is worth nothing', async (t) => {
  const { key } = await make({ name: 'Guest', expiresAt: '2099-01-01T00:00:00Z' })
  t.equal((await ask('GET', '/v1/targets', undefined, bearing(key.key))).status, 200)
  await database.rows(sql`
    update api_keys set created_at = now() - interval '2 days', expires_at = now() - interval '1 day'
    where id = ${key.id}`)
  const { status, headers, body } = await ask('GET', '/v1/targets', undefined, bearing(key.key))
  t.equal(status, 401)
  t.equal(body.detail, `The key ${key.prefix} has expired.`)
  t.match(headers['www-authenticate'], /error="invalid_token", error_description="The key is expired"$/)
})

t.test('a key that nobody has is none', async (t) => {
  const { key } = await make({ name: 'Original' })
  for (const forged of [`${key.prefix}_${'0'.repeat(43)}`, `rmat_000000000000_${key.key.slice(18)}`]) {
    const { status, body } = await ask('GET', '/v1/targets', undefined, bearing(forged))
    t.equal(status, 401)
    t.equal(body.detail, `There is no such key as this one that begins with ${forged.slice(0, 17)}.`)
  }
  t.equal((await ask('GET', `/v1/keys/${key.id}`)).body.lastUsedAt, null, 'trying does not use it')
  for (const method of ['GET', 'DELETE'] as const) {
    for (const name of ['rmat_000000000000', '019aa0f2-6c00-7000-8000-0000000000a1', 'x%00']) {
      t.equal((await ask(method, `/v1/keys/${name}`)).status, name === 'x%00' ? 400 : 404)
    }
  }
})

t.test('its last use is known to the minute', async (t) => {
  const { key } = await make({ name: 'Watched' })
  const lastUse = async () => (await ask('GET', `/v1/keys/${key.id}`)).body.lastUsedAt
  const use = () => ask('GET', '/v1/targets', undefined, bearing(key.key))
  await use()
  const first = await lastUse()
  t.ok(Math.abs(Date.parse(first) - Date.now()) < 60_000)
  await Promise.all([use(), use(), use()])
  t.equal(await lastUse(), first, 'not written again at once')
  await database.rows(
    sql`update api_keys set last_used_at = now() - interval '61 seconds' where id = ${key.id}`,
  )
  await Promise.all([use(), use(), use()])
  t.ok(Date.parse(await lastUse()) >= Date.parse(first))
})

t.test('the secret is nowhere in the database', async (t) => {
  const { key } = await make({ name: 'Secret', scope: 'admin' })
  await ask('GET', '/v1/targets', undefined, bearing(key.key))
  const holding = (text: string) => columnsHolding(text)
  t.same(await holding(key.prefix), ['api_keys.prefix'], 'the search finds what is there')
  t.same(await holding(key.key.slice(18)), [])
  t.same(await holding(adminKey.slice(18)), [])
})

/** The columns of all tables in which a text stands somewhere. */
async function columnsHolding(text: string): Promise<string[]> {
  const columns = await database.rows<{ table: string; column: string }>(sql`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = 'public' and table_name in (select tablename from pg_tables)`)
  const found: string[] = []
  for (const { table, column } of columns) {
    const rows = await database.rows(
      sql`select from ${sql.identifier(table)} where position(${text} in ${sql.identifier(column)}::text) > 0 limit 1`,
    )
    if (rows.length > 0) found.push(`${table}.${column}`)
  }
  return found
}

t.test('no key and no secret is in the log', async (t: Test) => {
  const lines: string[] = []
  const stream = { write: (line: string) => lines.push(line) }
  const logged = await buildApp({ database, logger: { level: 'trace', stream } })
  t.teardown(() => logged.close())
  const admin = await withKey(database, 'admin')
  const body = { name: 'Seen by nobody' }
  const made = await logged.inject({ method: 'POST', url: '/v1/keys', headers: admin, payload: body })
  const { key } = made.json()
  await logged.inject({ url: '/v1/targets', headers: bearing(key) })
  await logged.inject({ url: '/v1/targets', headers: bearing(`${key}x`) })
  await logged.inject({ url: '/v1/targets', headers: bearing(`${key.slice(0, -1)}_`) })
  t.ok(lines.length >= 4)
  t.notMatch(lines.join(''), 'rmat_')
})

t.test('where reading needs a key, too', async (t) => {
  const closed = await buildApp({ database, readAccess: 'key' })
  t.teardown(() => closed.close())
  const reader = await withKey(database, 'read')
  const status = async (method: 'GET' | 'HEAD' | 'POST' | 'PUT', url: string, headers = {}) => {
    const payload = method === 'POST' ? { payload: { names: ['UCART22'] } } : {}
    return (await closed.inject({ method, url, headers, ...payload })).statusCode
  }
  for (const [method, url] of [
    ['GET', '/v1/therapies'],
    ['HEAD', '/v1/therapies/lasme-cel'],
    ['GET', '/v1/therapies/export'],
    ['GET', '/v1/search?q=cd22'],
    ['GET', '/v1/stats/designations?groupBy=program'],
    ['POST', '/v1/resolve'],
  ] as const) {
    t.equal(await status(method, url), 401, url)
    t.equal(await status(method, url, reader), 200, url)
  }
  for (const url of [
    '/livez',
    '/readyz',
    '/version',
    '/v1',
    '/openapi.json',
    '/openapi.yaml',
    '/problems/gone',
  ]) {
    t.equal(await status('GET', url), 200, url)
  }
  t.equal(await status('PUT', '/v1/therapies'), 405)
  const frontOf = async (asked: typeof app) =>
    (await asked.inject({ url: '/', headers: { accept: 'text/html' } })).body
  t.match(await frontOf(app), 'What it holds')
  t.notMatch(await frontOf(closed), 'What it holds', 'nor how much there is')
  const needs = async (asked: typeof app) => {
    const { security, paths } = (await asked.inject('/openapi.json')).json()
    return paths['/v1/therapies'].get.security ?? security
  }
  t.same(await needs(closed), [{ ApiKey: [] }])
  t.same(await needs(app), [{}, { ApiKey: [] }])
})
