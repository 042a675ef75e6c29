import { sql } from 'drizzle-orm'
import t from 'tap'
import { testApp, withoutKey } from '../support/app.js'

const { app, ask, database } = await testApp(t)
const read = (url: string, headers: Record<string, string> = {}) =>
  ask('GET', url, undefined, { ...withoutKey, ...headers })

/** The moment a whole number of seconds away from a date of HTTP. */
const shifted = (date: unknown, seconds: number) =>
  new Date(Date.parse(String(date)) + seconds * 1000).toUTCString()

t.test('every answer says what a cache may do with it', async (t) => {
  const kept = [
    '/v1/targets',
    '/v1/targets/cd19',
    '/v1/therapies/lasme-cel',
    '/v1/therapies/lasme-cel/timeline',
    '/v1/stats/trials',
    '/v1/search?q=BCMA',
  ]
  for (const url of kept) {
    const open = await read(url)
    t.equal(open.headers['cache-control'], 'public, no-cache', url)
    t.ok(open.headers.etag)
    t.match(open.headers.vary, 'accept-encoding')
    const known = await read(url, { 'if-none-match': String(open.headers.etag) })
    t.equal(known.status, 304)
    t.equal(known.text, '')
    for (const name of ['cache-control', 'etag', 'vary', 'last-modified', 'link']) {
      t.equal(known.headers[name], open.headers[name], `a 304 has ${name} like the answer`)
    }
    t.equal((await ask('GET', url)).headers['cache-control'], 'private, no-cache', 'of who has a key')
  }
  for (const [url, type] of [
    ['/openapi.json', 'application/json'],
    ['/openapi.yaml', 'application/yaml'],
  ] as const) {
    const { headers } = await read(url)
    t.equal(headers['cache-control'], 'public, max-age=300', url)
    t.equal(headers['content-type'], `${type}; charset=utf-8`)
    t.equal((await read(url, { 'if-none-match': String(headers.etag) })).status, 304)
  }
  const body = { symbol: 'CACHED' }
  const unkept = [
    read('/v1/targets/export'),
    read('/v1/targets/no-such'),
    read('/v1/targets?limit=0'),
    read('/v1/targets', { accept: 'text/html' }),
    read('/v1/nonsense'),
    read('/livez'),
    read('/readyz'),
    ask('POST', '/v1/targets', body, withoutKey),
    ask('POST', '/v1/targets', body),
    ask('POST', '/v1/resolve', { names: ['CD19'] }, withoutKey),
    ask('PATCH', '/v1/targets/cd22', { name: 'Siglec-2' }),
    ask('PUT', '/v1/targets', body),
    ask('OPTIONS', '/v1/targets'),
    ask('GET', '/v1/keys'),
  ]
  for (const { status, headers } of await Promise.all(unkept))
    t.equal(headers['cache-control'], 'no-store', `${status}`)
  t.equal((await ask('DELETE', '/v1/targets/cached')).headers['cache-control'], 'no-store')
})

t.test('a record has a date, and each of its versions a second of its own', async (t) => {
  const first = await ask('POST', '/v1/targets', { symbol: 'DATED' })
  const date = first.headers['last-modified']
  t.equal(date, new Date(first.body.updatedAt).toUTCString())
  const second = await ask('PATCH', '/v1/targets/dated', { name: 'Changed in the same second' })
  t.ok(Date.parse(second.body.updatedAt) >= Date.parse(String(date)) + 1000)
  const stale = await read('/v1/targets/dated', { 'if-modified-since': String(date) })
  t.equal(stale.status, 200, 'it changed since, if only within the same second')
  await database.rows(
    sql`update targets set updated_at = updated_at - interval '1 hour' where slug = 'dated'`,
  )
  const now = await read('/v1/targets/dated')
  t.equal(now.headers['last-modified'], shifted(second.body.updatedAt, -3600))
})

t.test('what is still to come is no date of a change', async (t) => {
  const { headers } = await ask('POST', '/v1/targets', { symbol: 'AHEAD' })
  await database.rows(sql`update targets set updated_at = now() + interval '1 minute' where slug = 'ahead'`)
  const { headers: ahead, status } = await read('/v1/targets/ahead')
  t.equal(ahead['last-modified'], undefined)
  t.equal(status, 200)
  t.ok(headers['last-modified'])
})

t.test('who has a version by its date is told so', async (t) => {
  await database.rows(sql`update targets set updated_at = '2026-03-01T12:00:00.500Z' where slug = 'cd19'`)
  const url = '/v1/targets/cd19'
  const date = 'Sun, 01 Mar 2026 12:00:00 GMT'
  const { headers } = await read(url)
  t.equal(headers['last-modified'], date)
  const cases: [condition: Record<string, string>, status: number][] = [
    [{ 'if-modified-since': date }, 304],
    [{ 'if-modified-since': shifted(date, 1) }, 304],
    [{ 'if-modified-since': shifted(date, -1) }, 200],
    [{ 'if-modified-since': 'Sunday, 01-Mar-26 12:00:00 GMT' }, 304],
    [{ 'if-modified-since': 'Sun Mar  1 12:00:00 2026' }, 304],
    [{ 'if-modified-since': 'Sun Mar  1 11:59:59 2026' }, 200],
    [{ 'if-modified-since': 'yesterday' }, 200],
    [{ 'if-modified-since': '2099' }, 200],
    [{ 'if-modified-since': '2099-01-01T00:00:00Z' }, 200],
    [{ 'if-modified-since': '' }, 200],
    [{ 'if-modified-since': date, 'if-none-match': '"another"' }, 200],
    [{ 'if-modified-since': shifted(date, -1), 'if-none-match': String(headers.etag) }, 304],
  ]
  for (const [condition, status] of cases) {
    const answer = await read(url, condition)
    t.equal(answer.status, status, JSON.stringify(condition))
    t.equal(answer.headers['last-modified'], date)
    t.equal(answer.headers.etag, headers.etag)
    t.equal((await ask('HEAD', url, undefined, condition)).status, status, 'HEAD like GET')
  }
  t.equal(
    (await read(`${url}?fields=symbol`)).headers['last-modified'],
    date,
    'a part changes with the record',
  )
})

t.test('what changes without its record has no date', async (t) => {
  for (const url of [
    '/v1/therapies/lasme-cel',
    '/v1/therapies/lasme-cel?include=trials',
    '/v1/targets?limit=1',
  ]) {
    const { headers } = await read(url)
    t.equal(headers['last-modified'], undefined, url)
    t.equal((await read(url, { 'if-modified-since': shifted(new Date(), 60) })).status, 200)
  }
  t.ok((await read('/v1/therapies/lasme-cel?include=')).headers['last-modified'])
})

t.test('a change is refused of another version than the one that was seen', async (t) => {
  const { body } = await ask('POST', '/v1/targets', { symbol: 'GUARDED' })
  await database.rows(sql`update targets set updated_at = '2026-03-01T12:00:00.500Z' where slug = 'guarded'`)
  const url = '/v1/targets/guarded'
  const date = 'Sun, 01 Mar 2026 12:00:00 GMT'
  const etag = `"1-${body.id.slice(-12)}"`
  const refused: Record<string, string>[] = [
    { 'if-match': '"1-000000000000"' },
    { 'if-match': '"2-x", W/"3-x"' },
    { 'if-unmodified-since': shifted(date, -1) },
    { 'if-none-match': '*' },
    { 'if-none-match': etag },
    { 'if-none-match': `"other", ${etag}`, 'if-match': etag },
    { 'if-match': '"1-000000000000"', 'if-unmodified-since': date },
  ]
  for (const condition of refused) {
    for (const method of ['PUT', 'PATCH', 'DELETE'] as const) {
      const answer = await ask(method, url, { symbol: 'GUARDED', name: 'Changed' }, condition)
      t.match(answer, { status: 412, headers: { etag } }, `${method} ${JSON.stringify(condition)}`)
    }
  }
  t.equal((await read(url)).body.version, 1)
  const allowed: Record<string, string>[] = [
    { 'if-match': etag },
    { 'if-match': `W/${etag}` },
    { 'if-match': '*' },
    { 'if-unmodified-since': date },
    { 'if-unmodified-since': 'yesterday' },
    { 'if-unmodified-since': '2001-01-01' },
    { 'if-match': etag, 'if-unmodified-since': shifted(date, -1) },
    { 'if-none-match': '"another"' },
  ]
  for (const condition of allowed) {
    const same = await ask('PATCH', url, { symbol: 'GUARDED' }, condition)
    t.match(same, { status: 200, headers: { etag } }, JSON.stringify(condition))
  }
})

t.test('an event is guarded by its record, and answers a write whatever the client has seen', async (t) => {
  const { body: designation } = await read('/v1/designations/lasme-cel-fda-rmat-r-r-b-all')
  const url = `/v1/events/${designation.events[0].id}`
  const { headers } = await read(url)
  t.equal((await read(url, { 'if-none-match': String(headers.etag) })).status, 304)
  t.equal((await ask('PATCH', url, { note: 'x' }, { 'if-match': '"9-x"' })).status, 412)
  t.equal((await ask('PATCH', url, { note: 'Seen' }, { 'if-match': String(headers.etag) })).status, 200)
})

t.test('who is led elsewhere keeps the query, and asks again the next time', async (t) => {
  await ask('POST', '/v1/targets', { symbol: 'LED' })
  await ask('PATCH', '/v1/targets/led', { slug: 'led-2' })
  const renamed = await read('/v1/targets/led?fields=symbol%2Cname')
  t.match(renamed, {
    status: 308,
    headers: { location: '/v1/targets/led-2?fields=symbol%2Cname', 'cache-control': 'no-store' },
  })
  const called = await read('/v1/therapies/UCART22?include=trials&fields=slug')
  t.match(called, {
    status: 307,
    headers: { location: '/v1/therapies/lasme-cel?include=trials&fields=slug', 'cache-control': 'no-store' },
  })
})

t.test('a compressed answer has a tag of its own', async (t) => {
  const url = '/v1/therapies/lasme-cel?include='
  const plain = await read(url)
  for (const coding of ['br', 'gzip']) {
    const encoded = { 'accept-encoding': coding }
    const { headers } = await app.inject({ url, headers: encoded })
    t.equal(headers['content-encoding'], coding)
    t.equal(headers.etag, String(plain.headers.etag).replace(/"$/, `-${coding}"`))
    for (const tag of [headers.etag, plain.headers.etag, `W/${headers.etag}`]) {
      const known = await app.inject({ url, headers: { ...encoded, 'if-none-match': String(tag) } })
      t.equal(known.statusCode, 304)
      t.equal(known.headers.etag, String(tag).replace('W/', ''), 'the one that the client has')
      const same = await ask(
        'PATCH',
        url.split('?')[0] as string,
        { name: plain.body.name },
        { 'if-match': String(tag) },
      )
      t.equal(same.status, 200)
    }
    const head = await app.inject({ method: 'HEAD', url, headers: encoded })
    for (const name of ['etag', 'content-encoding', 'content-length', 'vary', 'last-modified']) {
      t.equal(head.headers[name], headers[name], `HEAD has ${name} like GET`)
    }
    t.equal(head.body, '')
    for (const accept of ['application/x-ndjson', 'text/csv', 'application/json']) {
      const exported = await app.inject({ url: '/v1/targets/export', headers: { ...encoded, accept } })
      t.equal(exported.headers['content-encoding'], coding, accept)
      const nothing = await app.inject({
        method: 'HEAD',
        url: '/v1/targets/export',
        headers: { ...encoded, accept },
      })
      t.strictSame(
        [nothing.statusCode, nothing.body, nothing.headers['content-length']],
        [200, '', undefined],
      )
    }
  }
  const other = await app.inject({
    url,
    headers: { 'if-none-match': String(plain.headers.etag).replace(/"$/, '-zstd"') },
  })
  t.equal(other.statusCode, 200)
})
