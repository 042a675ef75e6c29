import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { type AppOptions, buildApp } from '../../src/app.js'
import { ProblemDocument } from '../../src/http/responses.js'
import { validateBody } from '../../src/http/validation.js'
import { Windows } from '../../src/plugins/windows.js'
import { authorization, testApp, withKey, withoutKey } from '../support/app.js'

const { database } = await testApp(t)
const address = '/v1/targets/cd22'
const abroad = '192.0.2.1'

/** A service on the same database with other limits, counting from nothing. */
async function limited(t: Test, options: Omit<AppOptions, 'database'>): Promise<FastifyInstance> {
  const app = await buildApp({ database, ...options })
  t.teardown(() => app.close())
  return app
}

interface Asker {
  from?: string
  url?: string
  method?: 'GET' | 'POST' | 'OPTIONS'
  headers?: Record<string, string>
}

/** The status of an answer, and what its headers tell of the limit. */
async function ask(
  app: FastifyInstance,
  { from = abroad, url = address, method = 'GET', headers = {} }: Asker = {},
) {
  const answer = await app.inject({ method, url, headers, remoteAddress: from })
  const { ratelimit, 'ratelimit-policy': policy, 'retry-after': retryAfter, etag } = answer.headers
  return { status: answer.statusCode, ratelimit, policy, retryAfter, etag, text: answer.body }
}

const statuses = async (app: FastifyInstance, times: number, asker: Asker = {}) => {
  const found: number[] = []
  for (let time = 0; time < times; time++) found.push((await ask(app, asker)).status)
  return found
}

t.test('an address without a key may ask so often, and is told', async (t) => {
  const app = await limited(t, { rateLimit: { address: 2 } })
  const first = await ask(app)
  t.match(first, { status: 200, ratelimit: /^"address";r=1;t=\d+$/, policy: '"address";q=2;w=60' })
  t.match(await ask(app), { status: 200, ratelimit: /^"address";r=0;t=\d+$/ })
  const refused = await ask(app)
  t.match(refused, { status: 429, policy: '"address";q=2;w=60', retryAfter: /^\d+$/ })
  t.equal(refused.ratelimit, `"address";r=0;t=${refused.retryAfter}`)
  const { type, detail } = validateBody(ProblemDocument, JSON.parse(refused.text))
  t.equal(type, '/problems/too-many-requests')
  t.equal(detail, `This address may send 2 requests a minute: try again in ${refused.retryAfter} s.`)
  t.equal((await ask(app, { from: '192.0.2.2' })).status, 200, 'another address')
  for (const url of ['/openapi.json', '/nothing', '/v1/targets?unheard=of']) {
    t.equal((await ask(app, { url })).status, 429, url)
  }
  t.equal((await ask(app, { method: 'POST', url: '/v1/targets' })).status, 429, 'a write without a key')
  for (const url of ['/livez', '/readyz', '/version']) {
    t.match(await ask(app, { url }), { status: 200, ratelimit: undefined }, url)
  }
  t.equal((await ask(app, { method: 'OPTIONS' })).status, 204)
})

t.test('a key has a limit of its own, wherever it is used', async (t) => {
  const app = await limited(t, { rateLimit: { address: 1, key: 2 } })
  const headers = await withKey(database, 'read')
  t.match(await ask(app, { headers }), {
    status: 200,
    ratelimit: /^"key";r=1;t=\d+$/,
    policy: '"key";q=2;w=60',
  })
  t.equal((await ask(app, { headers, from: '192.0.2.2' })).status, 200)
  t.match(await ask(app, { headers, from: '192.0.2.3' }), {
    status: 429,
    text: /This key may send 2 requests a minute/,
  })
  t.equal((await ask(app, { headers: { authorization } })).status, 200, 'another key')
  t.same(await statuses(app, 2), [200, 429], 'what comes with keys does not count against the address')
  t.same(await statuses(app, 1, { headers: { authorization } }), [200], 'nor does the address against them')
})

t.test('what was not modified is free, also beyond the limit of nothing else', async (t) => {
  const app = await limited(t, { rateLimit: { address: 2 } })
  const { etag } = await ask(app)
  const headers = { 'if-none-match': String(etag) }
  t.same(await statuses(app, 5, { headers }), [304, 304, 304, 304, 304])
  t.match(await ask(app, { headers }), { status: 304, ratelimit: /^"address";r=1;/ })
  t.match(await ask(app, { headers: { 'if-none-match': '"other"' } }), {
    status: 200,
    ratelimit: /^"address";r=0;/,
  })
  t.same(await statuses(app, 1, { headers }), [429], 'who has nothing left is not even asked what he has')
})

t.test('only what a client has already is free', async (t) => {
  const app = await limited(t, { rateLimit: { address: 2 } })
  const anything = { headers: { 'if-none-match': ' * ' } }
  t.same(await statuses(app, 3, anything), [304, 304, 429], 'who says * has nothing')
  const question = { url: '/v1/resolve', method: 'POST', headers: { 'if-none-match': '"x"' } } as const
  const atOnce = Array.from({ length: 3 }, () => ask(app, { ...question, from: '192.0.2.2' }))
  const found = (await Promise.all(atOnce)).map(({ status }) => status)
  t.same(found.sort(), [400, 400, 429], 'what is no read is counted when it comes')
})

t.test('keys cannot be tried out', async (t) => {
  const app = await limited(t, { rateLimit: { address: 3 } })
  const guess = { headers: { authorization: `Bearer rmat_000000000000_${'0'.repeat(43)}` } }
  t.same(await statuses(app, 4, guess), [401, 401, 401, 429])
  t.match(await ask(app, guess), { status: 429, ratelimit: /^"address";r=0;t=/, retryAfter: /^\d+$/ })
  t.same(await statuses(app, 1, { headers: { authorization } }), [429], 'a right one is not told from there')
  t.same(await statuses(app, 1, { headers: { authorization }, from: '192.0.2.2' }), [200])
  t.same(await statuses(app, 1), [429], 'they counted as requests')
})

t.test('reading without a key does not keep from showing one', async (t) => {
  const app = await limited(t, { rateLimit: { address: 1 } })
  t.same(await statuses(app, 2), [200, 429])
  t.same(await statuses(app, 1, { headers: { authorization } }), [200])
})

t.test('requests without a key that need one count, too', async (t) => {
  const app = await limited(t, { rateLimit: { address: 2 } })
  const write = { method: 'POST', url: '/v1/targets' } as const
  t.match(await ask(app, write), { status: 401, ratelimit: /^"address";r=1;t=\d+$/ })
  t.same(await statuses(app, 2, write), [401, 429])
})

t.test('an open address counts for the address, with a key as well', async (t) => {
  const app = await limited(t, { rateLimit: { address: 2 } })
  const asker = { url: '/openapi.json', headers: { authorization } }
  t.match(await ask(app, asker), { status: 200, ratelimit: /^"address";r=1;t=\d+$/ })
  const lacking = await withKey(database, 'read')
  t.match(await ask(app, { headers: lacking, url: '/v1/targets', method: 'POST' }), {
    status: 403,
    ratelimit: /^"key"/,
  })
  t.match(await ask(app, { ...asker, url: '/v1/targets', method: 'POST' }), {
    status: 400,
    ratelimit: /^"key"/,
  })
})

t.test('an IPv6 network is one address, and IPv4 within IPv6 is itself', async (t) => {
  const app = await limited(t, { rateLimit: { address: 1 } })
  t.same(await statuses(app, 1, { from: '2001:db8::1' }), [200])
  t.same(await statuses(app, 1, { from: '2001:db8::2' }), [429])
  t.same(await statuses(app, 1, { from: '2001:db8:0:1::1' }), [200])
  t.same(await statuses(app, 1, { from: '::ffff:192.0.2.1' }), [200])
  t.same(await statuses(app, 1, { from: '192.0.2.1' }), [429])
})

t.test('this machine is limited only where that is wanted', async (t) => {
  const free = await limited(t, { rateLimit: { address: 1, key: 1 } })
  for (const from of ['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1']) {
    for (const headers of [withoutKey, { authorization }]) {
      t.same(await statuses(free, 3, { from, headers }), [200, 200, 200], from)
    }
    t.match(await ask(free, { from }), { ratelimit: undefined, policy: undefined })
    const wrong = { authorization: 'Bearer x', 'if-none-match': '"x"' }
    t.same(await statuses(free, 3, { from, headers: wrong }), [401, 401, 401])
  }
  const production = await limited(t, { rateLimit: { address: 1, loopback: true } })
  t.same(await statuses(production, 2, { from: '127.0.0.1' }), [200, 429])
})

t.test('0 is no limit', async (t) => {
  const app = await limited(t, { rateLimit: { address: 0, key: 0 } })
  t.match(await ask(app), { status: 200, ratelimit: undefined, policy: undefined })
  t.match(await ask(app, { headers: { authorization } }), { status: 200, ratelimit: undefined })
  t.match(await ask(app, { headers: { authorization: 'Bearer x' } }), { status: 401, ratelimit: undefined })
  const anyKey = await limited(t, { rateLimit: { address: 2, key: 0 } })
  t.match(await ask(anyKey, { headers: { authorization } }), { status: 200, ratelimit: undefined })
  t.match(await ask(anyKey), { status: 200, ratelimit: /^"address";r=1;/ })
})

t.test('only proxies that are known may say for whom they ask', async (t) => {
  const stranger = await limited(t, { rateLimit: { address: 1 } })
  const forged = (client: string, from = abroad) => ({ from, headers: { 'x-forwarded-for': client } })
  t.same(await statuses(stranger, 1, forged('198.51.100.1')), [200])
  t.same(await statuses(stranger, 1, forged('198.51.100.2')), [429], 'a stranger stays who it is')
  t.same(await statuses(stranger, 1, forged('127.0.0.1')), [429], 'and is not this machine')

  const known = await limited(t, { rateLimit: { address: 1 }, trustProxy: ['192.0.2.0/24', '2001:db8::7'] })
  t.same(await statuses(known, 2, forged('198.51.100.1')), [200, 429])
  t.same(await statuses(known, 1, forged('198.51.100.2', '2001:db8::7')), [200])
  t.same(await statuses(known, 1, forged('6.6.6.6, 198.51.100.2')), [429], 'what a client forged before it')
  t.same(await statuses(known, 1, forged('198.51.100.2', '203.0.113.1')), [200], 'a stranger as itself')
})

t.test('a minute later there is a new one', async (t) => {
  const app = await limited(t, { rateLimit: { address: 1 } })
  t.same(await statuses(app, 2), [200, 429])
  t.same(await statuses(app, 1, { from: '192.0.2.2' }), [200])
  const now = Date.now
  t.teardown(() => {
    Date.now = now
  })
  Date.now = () => now() + 60_000
  t.same(await statuses(app, 2), [200, 429])
  t.same(await statuses(app, 2, { from: '192.0.2.2' }), [200, 429])
})

t.test('what is counted is bounded: the oldest is forgotten', async (t) => {
  const windows = new Windows()
  const countOf = (bearer: number) => {
    let count = 0
    windows.read(String(bearer), (_, result) => (count = result?.current ?? 0), 60_000)
    return count
  }
  for (let bearer = 0; bearer < 50_000; bearer++) windows.incr(String(bearer), () => {}, 60_000)
  t.same([countOf(0), countOf(49_999)], [1, 1])
  windows.incr('50000', () => {}, 60_000)
  t.same([countOf(0), countOf(1), countOf(50_000)], [0, 1, 1])
})

t.test('many at once are counted one by one', async (t) => {
  const app = await limited(t, { rateLimit: { address: 10, key: 20, loopback: true } })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  for (const [headers, allowed] of [
    [{}, 10],
    [{ authorization }, 20],
  ] as const) {
    const found = await Promise.all(Array.from({ length: 50 }, () => fetch(url + address, { headers })))
    t.equal(found.filter(({ status }) => status === 200).length, allowed)
  }
})
