import t from 'tap'
import { type Answer, testApp, withoutKey } from '../support/app.js'

const page = { origin: 'https://example.com' }
const preflight = {
  ...page,
  'access-control-request-method': 'PATCH',
  'access-control-request-headers': 'if-match',
}

const corsOf = ({ headers }: Answer) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')))

t.test('pages of every origin may use the service', async (t) => {
  const { ask } = await testApp(t)

  t.test('and read what its headers say', async (t) => {
    const answers = [
      ask('GET', '/v1/targets/cd19', undefined, page),
      ask('GET', '/v1/targets/no-such', undefined, page),
      ask('GET', '/v1/nonsense', undefined, page),
      ask('POST', '/v1/targets', {}, { ...page, ...withoutKey }),
      ask('PUT', '/v1/targets', {}, page),
      ask('GET', '/v1/targets', undefined, { ...page, accept: 'text/html' }),
      ask('GET', '/v1/targets/cd19'),
    ]
    for (const answer of await Promise.all(answers)) {
      const {
        'access-control-allow-origin': origin,
        'access-control-expose-headers': exposed,
        ...others
      } = corsOf(answer)
      t.equal(origin, '*', `${answer.status}`)
      t.strictSame(others, {}, 'no credentials')
      for (const name of ['ETag', 'Link', 'Location', 'Retry-After', 'WWW-Authenticate', 'X-Request-Id'])
        t.match(exposed, name)
      t.notMatch(answer.headers.vary, /origin/i, 'the answer is the same for each of them')
    }
  })

  t.test('and ask before a request', async (t) => {
    for (const url of ['/v1/targets/cd19', '/v1/keys', '/openapi.json', '/v1/nonsense']) {
      const answer = await ask('OPTIONS', url, undefined, { ...preflight, ...withoutKey })
      t.ok([200, 204].includes(answer.status), url)
      t.equal(answer.text, '')
      const headers = corsOf(answer)
      t.equal(headers['access-control-allow-origin'], '*')
      t.match(headers['access-control-allow-methods'], 'PATCH')
      for (const name of ['Authorization', 'Content-Type', 'If-Match', 'Idempotency-Key']) {
        t.match(headers['access-control-allow-headers'], name)
      }
      t.equal(headers['access-control-max-age'], '7200')
    }
  })

  t.test('and others may ask what an address takes', async (t) => {
    const { status, headers } = await ask('OPTIONS', '/v1/targets/cd19', undefined, withoutKey)
    t.equal(status, 204)
    t.equal(headers.allow, 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS')
    const nothing = await ask('OPTIONS', '/v1/targts/cd19')
    t.equal(nothing.status, 404)
    t.equal(nothing.body.detail, 'There is nothing at /v1/targts/cd19. Did you mean /v1/targets/cd19?')
  })
})

t.test('pages of some origins may use the service', async (t) => {
  const { ask } = await testApp(t, { app: { corsOrigins: ['https://example.com', 'http://localhost:5173'] } })
  for (const origin of ['https://example.com', 'http://localhost:5173']) {
    const { headers } = await ask('GET', '/v1/targets/cd19', undefined, { origin })
    t.equal(headers['access-control-allow-origin'], origin)
    t.equal(headers.vary, 'Origin, accept-encoding')
    const asked = await ask('OPTIONS', '/v1/targets/cd19', undefined, { ...preflight, origin })
    t.equal(asked.headers['access-control-allow-origin'], origin)
  }
  for (const origin of ['https://example.org', 'https://example.com.example.org', 'null', '']) {
    for (const method of ['GET', 'OPTIONS'] as const) {
      const { headers } = await ask(method, '/v1/targets/cd19', undefined, { ...preflight, origin })
      t.equal(headers['access-control-allow-origin'], undefined, origin)
      t.match(headers.vary, 'Origin')
    }
  }
})

t.test('no pages may, where none are named', async (t) => {
  const { ask } = await testApp(t, { app: { corsOrigins: [] } })
  t.strictSame(corsOf(await ask('GET', '/v1/targets/cd19', undefined, page)), {})
  const asked = await ask('OPTIONS', '/v1/targets/cd19', undefined, preflight)
  t.strictSame([asked.status, corsOf(asked)], [204, {}])
  t.equal((await ask('OPTIONS', '/v1/nonsense', undefined, preflight)).status, 404)
})
