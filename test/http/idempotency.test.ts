import { sql } from 'drizzle-orm'
import t from 'tap'
import { type Answer, testApp, withKey } from '../support/app.js'

const path = '/v1/targets'

/** What of an answer has to come again. */
const told = ({ status, text, headers }: Answer) => ({
  status,
  text,
  location: headers.location,
  etag: headers.etag,
})

t.test('an Idempotency-Key', async (t) => {
  const { ask, database } = await testApp(t)
  const create = (key: string, body: unknown, headers = {}, url = path) =>
    ask('POST', url, body, { 'idempotency-key': key, ...headers })
  const count = async () => (await ask('GET', `${path}?limit=1&total=true`)).body.total

  t.test('gives who repeats a request the first answer, and nothing new', async (t) => {
    const before = await count()
    const first = await create('import-1', { symbol: 'ONCE1', aliases: ['A', 'B'] })
    t.equal(first.status, 201)
    t.equal(first.headers['idempotency-replayed'], undefined)
    t.equal(first.headers['cache-control'], 'no-store')
    const again = await create('import-1', { symbol: 'ONCE1', aliases: ['A', 'B'] })
    t.equal(again.headers['idempotency-replayed'], 'true')
    t.strictSame(told(again), told(first))
    t.equal(again.headers['last-modified'], first.headers['last-modified'])
    const otherOrder = await create('import-1', { aliases: ['A', 'B'], symbol: 'ONCE1' })
    t.strictSame(told(otherOrder), told(first), 'fields have no order')
    t.equal(await count(), before + 1)
    t.equal((await ask('POST', path, { symbol: 'ONCE1' })).status, 409, 'without the key it is a new request')
  })

  t.test('gives the first answer also when the record changed or is gone since', async (t) => {
    const body = { symbol: 'ONCE2' }
    const first = await create('import-2', body)
    await ask('PATCH', `${path}/once2`, { name: 'Changed' })
    t.strictSame(told(await create('import-2', body)), told(first))
    await ask('DELETE', `${path}/once2`)
    t.strictSame(told(await create('import-2', body)), told(first))
    t.equal((await ask('GET', `${path}/once2`)).status, 410)
  })

  t.test('is not taken for another request', async (t) => {
    const before = await count()
    await create('import-3', { symbol: 'ONCE3' })
    const others = [
      create('import-3', { symbol: 'ONCE3', name: 'Another body' }),
      create('import-3', { symbol: 'ONCE3', aliases: ['B', 'A'] }),
      create('import-3', { name: 'Another list' }, {}, '/v1/organizations'),
    ]
    for (const { status, body } of await Promise.all(others)) {
      t.equal(status, 422)
      t.match(body, { type: '/problems/idempotency-key-reused', errors: [{ header: 'Idempotency-Key' }] })
    }
    t.equal(await count(), before + 1)
  })

  t.test('is free again after a failure', async (t) => {
    const kept = async () =>
      (await database.rows(sql`select from idempotency_keys where key = 'import-4'`)).length
    t.equal((await create('import-4', { symbol: 'CD19' })).status, 409)
    t.equal(await kept(), 0)
    t.equal((await create('import-4', { symbol: 'ONCE4', colour: 'red' })).status, 400)
    t.equal(await kept(), 0)
    t.equal((await create('import-4', { symbol: 'ONCE4' })).status, 201)
    t.equal(await kept(), 1)
  })

  t.test('belongs to the key of access', async (t) => {
    const other = await withKey(database, 'write')
    const mine = await create('import-5', { symbol: 'ONCE5' })
    const theirs = await create('import-5', { symbol: 'ONCE5', slug: 'once5-b' }, other)
    t.equal(mine.status, 201)
    t.equal(theirs.status, 409, 'another request, which is carried out')
    t.equal((await create('import-5', { symbol: 'ONCE5B' }, other)).status, 201)
  })

  t.test('has a form', async (t) => {
    for (const odd of ['', 'a b', 'ä', 'x'.repeat(256), 'a,\u00a0b']) {
      const { status, body } = await create(odd, { symbol: 'ONCE6' })
      t.equal(status, 400, odd)
      t.match(body.errors, [{ header: 'Idempotency-Key' }])
    }
    t.equal((await create('x'.repeat(255), { symbol: 'ONCE6' })).status, 201)
    t.equal((await create('"8e03978e-40d5-43dd-bc93-6894a57f9324"', { symbol: 'ONCE7' })).status, 201)
  })

  t.test('appends an event once', async (t) => {
    const trial = '/v1/trials/nct04150497'
    const before = (await ask('GET', trial)).body.events.length
    const event = { status: 'registered', on: '2019-11' }
    const first = await create('import-8', event, {}, `${trial}/events`)
    t.equal(first.status, 201)
    const again = await create('import-8', event, { 'if-match': '"stale"' }, `${trial}/events`)
    t.strictSame(told(again), told(first))
    t.equal(again.headers['idempotency-replayed'], 'true')
    t.equal((await ask('GET', trial)).body.events.length, before + 1)
    const reused = await create('import-8', { ...event, on: '2019-10' }, {}, `${trial}/events`)
    t.match(reused, { status: 422, body: { errors: [{ header: 'Idempotency-Key' }] } })
    t.notOk('pointer' in reused.body.errors[0])
  })

  t.test('lives for a day, and goes then', async (t) => {
    const age = (hours: number) =>
      database.rows(sql`update idempotency_keys set created_at = now() - ${hours} * interval '1 hour'`)
    await create('import-9', { symbol: 'ONCE9' })
    await age(23.9)
    t.equal((await create('import-9', { symbol: 'ONCE9' })).headers['idempotency-replayed'], 'true')
    await age(24.1)
    const later = await create('import-9', { symbol: 'ONCE9', slug: 'once9-b' })
    t.equal(later.status, 409, 'a new request, which is carried out')
    t.equal((await create('import-9', { symbol: 'ONCE10' })).status, 201)
    const left = await database.rows<{ key: string }>(sql`select key from idempotency_keys`)
    t.same(left, [{ key: 'import-9' }], 'the others were swept away')
  })
})

for (const max of [4, 10]) {
  t.test(`100 equal requests at once make one record, with ${max} connections`, async (t) => {
    const { ask, database } = await testApp(t, { max })
    const therapies: [body: object, url: string][] = [
      [
        {
          name: 'UCART20x22',
          names: [{ name: 'eti-cel', type: 'abbreviation' }],
          targets: ['ms4a1', 'cd22'],
        },
        '/v1/therapies',
      ],
      [{ status: 'registered', on: '2019-11' }, '/v1/trials/nct04150497/events'],
    ]
    for (const [body, url] of therapies) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => ask('POST', url, body, { 'idempotency-key': `at-once-${url}` })),
      )
      t.equal(new Set(answers.map((answer) => JSON.stringify(told(answer)))).size, 1)
      t.equal(answers[0]?.status, 201)
      const first = answers.filter(({ headers }) => headers['idempotency-replayed'] === undefined)
      t.equal(first.length, 1)
    }
    const [row] = await database.rows<{ count: number }>(
      sql`select count(*)::int as count from therapies where slug like 'ucart20x22%'`,
    )
    t.equal(row?.count, 1)
  })
}
