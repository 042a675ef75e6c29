import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { buildApp } from '../../src/app.js'
import { authorization, testApp, withKey, withoutKey } from '../support/app.js'
import { holdConnection } from '../support/database.js'
import { until } from '../support/process.js'

/** The samples of metrics by their names with labels, such as `up{job="api"}`. */
type Samples = Record<string, number>

const nameForm = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const labelForm = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"'
const sampleForm = new RegExp(`^((${nameForm})(?:\\{${labelForm}(?:,${labelForm})*\\})?) (\\S+)$`)

const typeForm = new RegExp(`^# TYPE (${nameForm}) (counter|gauge|histogram)$`)

/** Reads the text format 0.0.4 strictly: every sample belongs to the type that stands before it. */
function readMetrics(text: string): { samples: Samples; types: Record<string, string> } {
  const samples: Samples = {}
  const types: Record<string, string> = {}
  let family = ''
  for (const line of text.split('\n')) {
    const [, declared, type] = typeForm.exec(line) ?? []
    if (declared !== undefined) {
      family = declared
      types[family] = String(type)
    } else if (line !== '' && !line.startsWith('# HELP ')) {
      const [sample, value] = readSample(line, family)
      if (sample in samples) throw new Error(`${sample} stands twice`)
      samples[sample] = value
    }
  }
  return { samples, types }
}

function readSample(line: string, family: string): [name: string, value: number] {
  const [, sample = '', name = '', value] = sampleForm.exec(line) ?? []
  const isOwn = name.replace(/_(?:bucket|sum|count)$/, '') === family || name === family
  if (!isOwn || !Number.isFinite(Number(value))) throw new Error(`"${line}" below ${family}`)
  return [sample, Number(value)]
}

async function samplesOf(app: FastifyInstance): Promise<Samples> {
  const { body } = await app.inject({ url: '/metrics', headers: { authorization } })
  return readMetrics(body).samples
}

/** Keeps the event loop from everything else. */
function block(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

const labelsOf = (method: string, route: string, status: number) =>
  `{method="${method}",route="${route}",status="${status}"}`

const totalOf = (samples: Samples, method: string, route: string, status: number) =>
  samples[`http_requests_total${labelsOf(method, route, status)}`]

t.test('requests are counted by method, route and status', async (t) => {
  const { app, ask } = await testApp(t)
  const { headers } = await ask('GET', '/v1/targets/cd22')
  await ask('GET', '/v1/targets/cd19?fields=slug')
  await ask('GET', '/v1/targets/cd22', undefined, { 'if-none-match': String(headers.etag) })
  await ask('HEAD', '/v1/targets/cd22')
  await ask('GET', '/v1/targets/no-such')
  await ask('GET', '/nothing')
  await ask('GET', '/nothing/else?q=1')
  await ask('GET', '/v1/targets/%E0%A4%A')
  await ask('POST', '/v1/targets', {}, withoutKey)
  await ask('DELETE', '/v1/targets')
  await app.inject({ method: 'TRACE', url: '/v1/targets' } as never)
  await ask('OPTIONS', '/v1/targets')

  const samples = await samplesOf(app)
  const counted = Object.entries(samples).filter(([name]) => name.startsWith('http_requests_total'))
  t.strictSame(Object.fromEntries(counted), {
    [`http_requests_total${labelsOf('GET', '/v1/targets/:id', 200)}`]: 2,
    [`http_requests_total${labelsOf('GET', '/v1/targets/:id', 304)}`]: 1,
    [`http_requests_total${labelsOf('HEAD', '/v1/targets/:id', 200)}`]: 1,
    [`http_requests_total${labelsOf('GET', '/v1/targets/:id', 404)}`]: 1,
    [`http_requests_total${labelsOf('GET', 'unknown', 404)}`]: 2,
    [`http_requests_total${labelsOf('GET', 'unknown', 400)}`]: 1,
    [`http_requests_total${labelsOf('POST', '/v1/targets', 401)}`]: 1,
    [`http_requests_total${labelsOf('DELETE', '/v1/targets', 405)}`]: 1,
    [`http_requests_total${labelsOf('other', '/v1/targets', 405)}`]: 1,
    [`http_requests_total${labelsOf('OPTIONS', '/v1/targets', 204)}`]: 1,
  })
  t.equal(totalOf(await samplesOf(app), 'GET', '/metrics', 200), 1, 'what reads them counts, too')
})

t.test('how long they took is a histogram', async (t) => {
  const { app, ask, database } = await testApp(t, { max: 1 })
  await ask('GET', '/livez')
  const letGo = holdConnection(database)
  const slow = ask('GET', '/readyz')
  await until(() => database.load().waiting === 1)
  await sleep(300)
  await Promise.all([letGo(), slow])
  const samples = await samplesOf(app)
  const buckets = (route: string) =>
    Object.entries(samples).flatMap(([name, value]) => {
      const [, le] =
        /^http_request_duration_seconds_bucket\{le="([^"]+)",method="GET",route="([^"]+)",status="200"\}$/.exec(
          name.includes(`route="${route}"`) ? name : '',
        ) ?? []
      return le === undefined ? [] : [[Number(le.replace('+Inf', 'Infinity')), value] as const]
    })
  for (const [route, low, high] of [
    ['/livez', 0, 2.5],
    ['/readyz', 0.25, 10],
  ] as const) {
    const found = buckets(route)
    t.equal(found.length, 14)
    t.same(
      found.map(([le]) => le),
      found.map(([le]) => le).sort((one, other) => one - other),
      'from the smallest on',
    )
    for (const [le, count] of found) {
      if (le < low) t.equal(count, 0, `${route} ${le}`)
      if (le >= high) t.equal(count, 1, `${route} ${le}`)
    }
    t.equal(samples[`http_request_duration_seconds_count${labelsOf('GET', route, 200)}`], 1)
    const sum = Number(samples[`http_request_duration_seconds_sum${labelsOf('GET', route, 200)}`])
    t.ok(sum > low && sum < high, `${sum}`)
  }
})

t.test('what is under way, and what the pool has to do', async (t) => {
  const { app, ask, database } = await testApp(t, { max: 1, app: { metricsAccess: 'public' } })
  const idle = await samplesOf(app)
  t.match(idle, {
    http_requests_in_flight: 1,
    db_pool_connections_max: 1,
    db_pool_connections_busy: 0,
    db_pool_statements_waiting: 0,
  })
  const letGo = holdConnection(database)
  const waiting = ask('GET', '/v1/targets/cd22', undefined, withoutKey)
  // Until the request has come as far as its statement.
  await until(() => database.load().waiting === 1)
  t.match(await samplesOf(app), {
    http_requests_in_flight: 2,
    db_pool_connections_max: 1,
    db_pool_connections_busy: 1,
    db_pool_statements_waiting: 1,
  })
  await Promise.all([letGo(), waiting])
  t.match(await samplesOf(app), { http_requests_in_flight: 1, db_pool_statements_waiting: 0 })
})

t.test('a request whose client is gone is counted as such', async (t) => {
  const { app, database } = await testApp(t, { max: 1, app: { metricsAccess: 'public' } })
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const letGo = holdConnection(database)
  const client = connect(Number(port), '127.0.0.1')
  await once(client, 'connect')
  client.write('GET /v1/targets/cd22 HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await until(() => database.load().waiting === 1)
  client.destroy()
  await until(async () => totalOf(await samplesOf(app), 'GET', '/v1/targets/:id', 499) === 1)
  t.equal((await samplesOf(app)).http_requests_in_flight, 1)
  await letGo()
})

t.test('the process is measured until the service is closed', async (t) => {
  const { app } = await testApp(t)
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const major = 'nodejs_gc_duration_seconds_count{kind="major"}'
  await samplesOf(app)
  collect()
  block(100)
  await until(async () => Number((await samplesOf(app))[major]) > 0)
  const samples = await samplesOf(app)
  for (const name of [
    'process_cpu_user_seconds_total',
    'process_cpu_system_seconds_total',
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
    'nodejs_heap_size_total_bytes',
    'nodejs_heap_size_used_bytes',
    'nodejs_external_memory_bytes',
    'nodejs_eventloop_active_seconds_total',
  ]) {
    t.ok(Number(samples[name]) > 0, name)
  }
  const started = Number(samples.process_start_time_seconds)
  t.ok(started > Date.now() / 1000 - 600 && started < Date.now() / 1000)
  for (const part of ['p50', 'p90', 'p99', 'max']) {
    t.ok(Number(samples[`nodejs_eventloop_lag_${part}_seconds`]) >= 0, part)
  }

  await app.close()
  const last = readMetrics(await app.metrics.metrics()).samples
  collect()
  block(100)
  await sleep(50)
  const afterwards = readMetrics(await app.metrics.metrics()).samples
  t.equal(afterwards[major], last[major], 'nothing is observed any more')
  t.equal(afterwards.nodejs_eventloop_lag_max_seconds, 0)
})

t.test('a loop that was blocked shows', async (t) => {
  const { app } = await testApp(t)
  await samplesOf(app)
  await sleep(50)
  block(300)
  await sleep(50)
  const longest = Number((await samplesOf(app)).nodejs_eventloop_lag_max_seconds)
  t.ok(longest > 0.2 && longest < 5, `${longest}`)
})

t.test('reading them needs a key of any scope', async (t) => {
  const { app, ask, database } = await testApp(t)
  const refused = await ask('GET', '/metrics', undefined, withoutKey)
  t.match(refused, {
    status: 401,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'www-authenticate': 'Bearer realm="openRMAT"',
    },
    body: { type: '/problems/unauthorized', detail: /^This needs a key of scope "read"/ },
  })
  t.equal((await ask('GET', '/metrics', undefined, { authorization: 'Bearer rmat_x' })).status, 401)
  t.equal((await ask('HEAD', '/metrics', undefined, withoutKey)).status, 401)
  for (const scope of ['read', 'write', 'admin'] as const) {
    const { status, headers, text } = await ask('GET', '/metrics', undefined, await withKey(database, scope))
    t.equal(status, 200, scope)
    t.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
    t.equal(headers['cache-control'], 'no-store')
    t.equal(readMetrics(text).types.http_requests_total, 'counter')
    t.equal(readMetrics(text).types.http_request_duration_seconds, 'histogram')
  }
  t.match(await ask('HEAD', '/metrics'), { status: 200, text: '' })
  t.match(await ask('OPTIONS', '/metrics'), { status: 204, headers: { allow: 'GET, HEAD, OPTIONS' } })
  t.match(await ask('POST', '/metrics', {}), { status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } })
  const accept = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5'
  t.equal((await ask('GET', '/metrics', undefined, { accept })).status, 200)
  const packed = await app.inject({ url: '/metrics', headers: { authorization, 'accept-encoding': 'gzip' } })
  t.equal(packed.headers['content-encoding'], 'gzip')
  t.notOk('/metrics' in (await ask('GET', '/openapi.json')).body.paths)
})

t.test('or none where that is said', async (t) => {
  const { ask } = await testApp(t, { app: { metricsAccess: 'public', readAccess: 'key' } })
  for (const headers of [withoutKey, { authorization: 'Bearer rmat_x' }]) {
    t.equal((await ask('GET', '/metrics', undefined, headers)).status, 200)
  }
})

t.test('they can be read at all times, and count against no limit', async (t) => {
  const { database } = await testApp(t)
  const rateLimit = { address: 2, key: 1, loopback: true }
  const app = await buildApp({ database, rateLimit, mostAtOnce: 0 })
  t.teardown(() => app.close())
  for (let time = 0; time < 4; time++) {
    const answer = await app.inject({ url: '/metrics', headers: { authorization } })
    t.match(answer, { statusCode: 200, headers: { ratelimit: undefined } })
  }
  t.equal((await app.inject('/v1/targets')).statusCode, 503)
  t.equal(totalOf(await samplesOf(app), 'GET', '/v1/targets', 503), 1, 'what was refused is counted')

  const guess = { url: '/metrics', headers: { authorization: `Bearer rmat_000000000000_${'0'.repeat(43)}` } }
  const guesses = [await app.inject(guess), await app.inject(guess), await app.inject(guess)]
  t.same(
    guesses.map(({ statusCode }) => statusCode),
    [401, 401, 429],
    'but keys cannot be tried out',
  )
})

t.test('services in one process count for themselves', async (t) => {
  const { app, ask, database } = await testApp(t)
  const other = await buildApp({ database })
  t.teardown(() => other.close())
  await ask('GET', '/version')
  t.equal(totalOf(await samplesOf(app), 'GET', '/version', 200), 1)
  t.equal(totalOf(await samplesOf(other), 'GET', '/version', 200), undefined)
})
