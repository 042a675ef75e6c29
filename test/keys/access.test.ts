import { sql } from 'drizzle-orm'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { allDefinitions } from '../../src/crud/registry.js'
import { type Contract, operationsOf } from '../openapi/contract.js'
import { type Answer, adminKey, testApp, withKey, withoutKey } from '../support/app.js'

const challenge = 'Bearer realm="openRMAT"'

t.test('who may do what', async (t) => {
  const { app, ask, database } = await testApp(t)
  const reader = await withKey(database, 'read')
  const writer = await withKey(database, 'write')
  const refusal = ({ headers, body }: Answer) => [headers['www-authenticate'], body.type, body.detail]

  t.test('reading needs no key, but one that is sent has to be right', async (t) => {
    for (const url of ['/v1/therapies/lasme-cel', '/v1/search?q=cd22']) {
      for (const headers of [withoutKey, reader, writer, { authorization: `bearer ${adminKey}` }]) {
        t.equal((await ask('GET', url, undefined, headers)).status, 200, url)
      }
    }
    const names = { names: ['UCART22'] }
    t.equal((await ask('POST', '/v1/resolve', names, withoutKey)).status, 200, 'a question in a body')
    const odd = [
      adminKey,
      'Bearer',
      'Bearer ',
      'Basic dXNlcjpwYXNzd29yZA==',
      `Bearer ${adminKey}x`,
      `Bearer ${adminKey.slice(0, -1)}`,
      `Bearer ${adminKey} ${adminKey}`,
      'Bearer rmat_',
    ]
    for (const authorization of odd) {
      const answer = await ask('GET', '/v1/therapies', undefined, { authorization })
      t.match(answer, { status: 401, body: { type: '/problems/unauthorized' } }, authorization)
      t.equal(
        answer.headers['www-authenticate'],
        `${challenge}, error="invalid_token", error_description="The key is malformed"`,
      )
    }
  })

  const contract: Contract = (await app.inject('/openapi.json')).json()
  const writing = operationsOf(contract).filter(
    ({ method, operationId }) => method !== 'GET' && operationId !== 'resolveNames',
  )

  t.test('every operation that writes refuses who has no key, and who has one to read', async (t) => {
    const stored = () =>
      Promise.all([
        database.rows(sql`select count(*), max(id::text) from api_keys where revoked_at is null`),
        ...allDefinitions().map(({ table }) =>
          database.rows(
            sql`select count(*), md5(string_agg(document || version, '' order by id)) from ${table}`,
          ),
        ),
      ])
    const before = await stored()
    t.ok(writing.length > 40)
    for (const { method, path, operationId, pathParameters, requestBody, responses } of writing) {
      const url = path.replace('{id}', String(pathParameters[0]?.schema.examples?.[0]))
      const body = Object.values(requestBody?.content ?? {})[0]?.example
      const request = [method as 'POST', url, body] as const
      const missing = await ask(...request, withoutKey)
      t.equal(missing.status, 401, operationId)
      t.equal(missing.headers['www-authenticate'], challenge)
      const lacking = await ask(...request, reader)
      t.equal(lacking.status, 403, operationId)
      const scope = path.startsWith('/v1/keys') ? 'admin' : 'write'
      t.same(refusal(lacking), [
        `${challenge}, error="insufficient_scope", error_description="The key lacks the scope ${scope}", scope="${scope}"`,
        '/problems/forbidden',
        `${method} here needs the scope "${scope}"; the key "A test that may read" has "read".`,
      ])
      t.ok(401 in responses && 403 in responses, `${operationId} says so`)
    }
    t.same(await stored(), before, 'nothing changed')
  })

  t.test('it is decided before the body is read', async (t) => {
    const broken: InjectOptions = {
      method: 'POST',
      url: '/v1/targets',
      headers: { 'content-type': 'application/json' },
      payload: '{',
    }
    t.equal((await app.inject(broken)).statusCode, 401)
  })

  t.test('who may write may not administer keys', async (t) => {
    t.equal((await ask('POST', '/v1/targets', { symbol: 'LILRB4' }, writer)).status, 201)
    for (const [method, url] of [
      ['GET', '/v1/keys'],
      ['HEAD', '/v1/keys'],
      ['DELETE', '/v1/keys/x'],
    ] as const) {
      t.equal((await ask(method, url, undefined, withoutKey)).status, 401)
      t.equal((await ask(method, url, undefined, writer)).status, 403)
    }
  })

  t.test('what is no address of the registry looks at no key', async (t) => {
    const wrong = { authorization: 'Bearer rmat_x' }
    for (const [method, url, status] of [
      ['GET', '/livez', 200],
      ['GET', '/openapi.json', 200],
      ['OPTIONS', '/v1/targets', 204],
      ['DELETE', '/v1/targets', 405],
      ['PUT', '/v1/nothing', 404],
    ] as const) {
      t.equal((await ask(method, url, undefined, wrong)).status, status, url)
    }
  })
})
