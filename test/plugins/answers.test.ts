import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import type { InjectOptions } from 'fastify'
import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.js'
import type { Database } from '../../src/db/connection.js'
import { problemKinds } from '../../src/http/problem.js'
import { ProblemDocument } from '../../src/http/responses.js'
import { validateBody } from '../../src/http/validation.js'
import { testApp } from '../support/app.js'
import { authorization, testDatabase } from '../support/database.js'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The service with the lines of its log. */
async function loggedApp(t: Test, database: Database) {
  const lines: string[] = []
  const stream = { write: (line: string) => void lines.push(line) }
  const app = await buildApp({ database, logger: { level: 'info', stream } })
  t.teardown(() => app.close())
  return { app, lines }
}

/** Those that Fastify's types know, and two more. */
const everyMethod = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'QUERY', 'TRACE'] as 'GET'[]

t.test('what every answer has', async (t) => {
  const { app, ask } = await testApp(t)

  t.test('answers above 1 KiB are compressed as the client likes it best', async (t) => {
    const plain = await app.inject('/v1/therapies/lasme-cel')
    t.equal(plain.headers['content-encoding'], undefined)
    t.ok(plain.rawPayload.length > 1024)
    const readers = { br: brotliDecompressSync, gzip: gunzipSync }
    const wishes: [accepted: string, encoding: keyof typeof readers][] = [
      ['gzip', 'gzip'],
      ['br', 'br'],
      ['gzip, deflate, br, zstd', 'br'],
      ['*', 'gzip'],
    ]
    for (const [accepted, encoding] of wishes) {
      const answer = await app.inject({
        url: '/v1/therapies/lasme-cel',
        headers: { 'accept-encoding': accepted },
      })
      t.equal(answer.headers['content-encoding'], encoding, accepted)
      t.equal(answer.headers.vary, 'accept-encoding')
      t.ok(answer.rawPayload.length < plain.rawPayload.length)
      t.equal(readers[encoding](answer.rawPayload).toString(), plain.body)
      const known = { 'accept-encoding': accepted, 'if-none-match': String(answer.headers.etag) }
      t.equal((await app.inject({ url: '/v1/therapies/lasme-cel', headers: known })).statusCode, 304)
    }
    for (const accepted of ['identity', 'zstd', 'gzip;q=0']) {
      const answer = await app.inject({
        url: '/v1/therapies/lasme-cel',
        headers: { 'accept-encoding': accepted },
      })
      t.equal(answer.headers['content-encoding'], undefined, accepted)
      t.equal(answer.body, plain.body)
    }
    t.equal(plain.headers.vary, 'accept-encoding', 'a cache has to know that there are other forms of it')
  })

  t.test('the address of the API says where everything is', async (t) => {
    const { status, body } = await ask('GET', '/v1')
    t.equal(status, 200)
    t.match(body, {
      therapies: '/v1/therapies',
      events: '/v1/events',
      search: '/v1/search{?q}',
      'stats/intervals': '/v1/stats/intervals{?from,to}',
      docs: '/docs',
      contract: '/openapi.json',
    })
    t.equal(Object.keys(body)[0], 'therapies', 'in the order in which the contract is read')
    for (const address of Object.values<string>(body)) {
      const { status } = await ask('GET', address.replace(/\{.*/, ''))
      t.ok(address.includes('{') ? status === 400 : [200, 302].includes(status), address)
    }
  })

  t.test('small answers are not', async (t) => {
    const answer = await app.inject({ url: '/v1/targets/cd19', headers: { 'accept-encoding': 'br, gzip' } })
    t.ok(answer.rawPayload.length < 1024)
    t.equal(answer.headers['content-encoding'], undefined)
  })

  t.test('a compressed body is read', async (t) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/targets',
      headers: { authorization, 'content-type': 'application/json', 'content-encoding': 'gzip' },
      payload: gzipSync('{"symbol":"PACKED"}'),
    })
    t.equal(answer.statusCode, 201)
    t.equal(answer.json().symbol, 'PACKED')
  })

  t.test('the request id is the one that came, else a new one', async (t) => {
    const requests = ['/v1/targets/cd19', '/v1/targets/no-such', '/livez', '/v1/nonsense', '/v1/targets/%E0']
    for (const url of requests) {
      const own = await app.inject(url)
      t.match(own.headers['x-request-id'], uuid, url)
      const given = await app.inject({ url, headers: { 'x-request-id': 'client-7:a.b_c' } })
      t.equal(given.headers['x-request-id'], 'client-7:a.b_c', url)
      if (given.statusCode >= 400) t.equal(given.json().requestId, 'client-7:a.b_c')
    }
    for (const odd of ['x'.repeat(101), 'a b', '<script>', '']) {
      const { headers } = await app.inject({ url: '/livez', headers: { 'x-request-id': odd } })
      t.match(headers['x-request-id'], uuid, `not "${odd}"`)
    }
  })

  t.test('every kind of problem has a page that says what to do', async (t) => {
    for (const [kind, { status, title, help }] of Object.entries(problemKinds)) {
      const page = await ask('GET', `/problems/${kind}`)
      t.equal(page.status, 200, kind)
      t.strictSame(page.body, { type: `/problems/${kind}`, status, title, help })
      t.ok(help.length > 30)
    }
    const { body } = await ask('GET', '/v1/therapies/no-such')
    t.equal((await ask('GET', body.type)).status, 200, 'the type of a problem is its address')
  })

  t.test('an address says which methods it takes', async (t) => {
    const id = '019a5b0e-3f8e-7b0a-8f6b-2a9c5d3e1f00'
    const allowed: [url: string, methods: string][] = [
      ['/v1/therapies', 'GET, HEAD, POST, OPTIONS'],
      ['/v1/therapies/lasme-cel', 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS'],
      ['/v1/designations/lasme-cel-fda-rmat-r-r-b-all/events', 'POST, OPTIONS'],
      [`/v1/events/${id}`, 'GET, HEAD, PATCH, DELETE, OPTIONS'],
      ['/readyz', 'GET, HEAD, OPTIONS'],
      ['/openapi.json', 'GET, HEAD, OPTIONS'],
    ]
    for (const [url, methods] of allowed) {
      const options = await ask('OPTIONS', url)
      t.equal(options.status, 204, url)
      t.equal(options.text, '')
      t.equal(options.headers.allow, methods)
      const others = everyMethod.filter((method) => !methods.includes(method))
      for (const method of others) {
        const answer = await ask(method, url, { any: 'body' })
        t.equal(answer.status, 405, `${method} ${url}`)
        t.equal(answer.headers.allow, methods)
        t.equal(validateBody(ProblemDocument, answer.body).type, '/problems/method-not-allowed')
      }
    }
    t.equal((await ask('OPTIONS', '/v1/nonsense')).status, 404)
  })

  t.test('problems are not kept by caches', async (t) => {
    for (const url of ['/v1/therapies/no-such', '/v1/therapies?limit=0']) {
      t.equal((await ask('GET', url)).headers['cache-control'], 'no-store')
    }
  })
})

t.test('the log', async (t) => {
  const { database } = await testDatabase(t)
  const { app, lines } = await loggedApp(t, database)
  const logOf = async (request: InjectOptions | string) => {
    lines.length = 0
    const answer = await app.inject(request)
    return { answer, entries: lines.map((line) => JSON.parse(line)) }
  }

  t.test('one line a request: its id, route, status and duration', async (t) => {
    const id = 'request-1'
    const headers = { 'x-request-id': id, authorization }
    const cases: [
      request: { method: 'GET' | 'POST' | 'DELETE'; url: string },
      route: string,
      status: number,
    ][] = [
      [{ method: 'GET', url: '/v1/therapies?target=cd19' }, '/v1/therapies', 200],
      [{ method: 'GET', url: '/v1/therapies/lasme-cel' }, '/v1/therapies/:id', 200],
      [{ method: 'GET', url: '/v1/therapies/no-such' }, '/v1/therapies/:id', 404],
      [{ method: 'POST', url: '/v1/therapies' }, '/v1/therapies', 400],
      [{ method: 'DELETE', url: '/v1/therapies' }, '/v1/therapies', 405],
      [{ method: 'GET', url: '/v1/nonsense' }, 'unknown', 404],
      [{ method: 'GET', url: '/v1/therapies/%E0' }, 'unknown', 400],
    ]
    for (const [request, route, status] of cases) {
      const { entries } = await logOf({ ...request, headers })
      t.equal(entries.length, 1, `${request.method} ${request.url}`)
      const { reqId, method, durationMs, level, msg, ...entry } = entries[0]
      t.strictSame([reqId, method, level, msg], [id, request.method, 30, 'request'])
      t.strictSame([entry.route, entry.status], [route, status])
      t.ok(durationMs >= 0)
    }
  })

  t.test('no body, no query, no header and no address of a person', async (t) => {
    const { answer, entries } = await logOf({
      method: 'POST',
      url: '/v1/targets?token=query-secret',
      headers: {
        authorization,
        cookie: 'cookie-secret',
        'content-type': 'application/json',
      },
      payload: '{"symbol":"body-secret","colour":1}',
    })
    t.equal(answer.statusCode, 400)
    t.equal(entries.length, 1)
    t.notMatch(lines.join(''), /secret|rmat_|127\.0\.0\.1/)
    const headers = { authorization, 'idempotency-key': 'header-secret' }
    await logOf({ method: 'POST', url: '/v1/targets', headers, payload: { symbol: 'stored-secret' } })
    t.notMatch(lines.join(''), /secret|rmat_/)
  })

  t.test('probes do not fill it', async (t) => {
    t.equal((await logOf('/livez')).entries.length, 0)
    t.equal((await logOf('/readyz')).entries.length, 0)
  })
})

t.test('a fault of our own is logged with its reason and answered without it', async (t) => {
  const { database } = await testDatabase(t, { template: 'empty' })
  const reason = 'column "secret_column" of relation "targets" does not exist at /srv/openrmat/store.js'
  const fail = () => Promise.reject(new Error(reason))
  const reading = { rows: fail, written: fail }
  const writing = {
    transaction: () => Promise.reject(Object.assign(new Error(reason), { statusCode: 302 })),
  }
  for (const [fault, request] of [
    [reading, { method: 'GET', url: '/v1/targets/cd19' }],
    [reading, { method: 'GET', url: '/v1/targets' }],
    [reading, { method: 'GET', url: '/v1/targets', headers: { authorization } }],
    [
      writing,
      { method: 'POST', url: '/v1/targets', headers: { authorization }, payload: { symbol: 'CD19' } },
    ],
  ] as const) {
    const { app, lines } = await loggedApp(t, { ...database, ...fault })
    const answer = await app.inject(request)
    t.equal(answer.statusCode, 500)
    const problem = validateBody(ProblemDocument, answer.json())
    t.equal(problem.type, '/problems/internal')
    t.equal(problem.detail, 'Something went wrong on our side.')
    t.notMatch(answer.body, /secret|relation|srv|store\.js|stack/)
    const [failure, line] = lines.map((text) => JSON.parse(text))
    t.match(failure, { level: 50, reqId: problem.requestId, err: { message: reason } })
    t.match(line, { level: 30, reqId: problem.requestId, status: 500 })
  }
})
