import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import t from 'tap'
import { type Answer, testApp, withoutKey } from '../support/app.js'
import { holdConnection } from '../support/database.js'
import { until } from '../support/process.js'

const asking = { 'want-server-timing': '?1' }

/** What an answer tells: its milliseconds by name, and the number of statements. */
function timingOf({ headers }: Answer) {
  const form = /^db;dur=(\d+\.\d\d);desc="(\d+) (statements?)", app;dur=(-?\d+\.\d\d), total;dur=(\d+\.\d\d)$/
  const [, db, statements, word, app, total] = form.exec(String(headers['server-timing'])) ?? []
  return { db: Number(db), app: Number(app), total: Number(total), statements: Number(statements), word }
}

t.test('who asks is told where the time went', async (t) => {
  const { ask } = await testApp(t)
  const found = timingOf(await ask('GET', '/metrics', undefined, asking))
  t.match(found, { statements: 1, word: 'statement' })
  t.ok(found.db > 0 && found.app > 0)
  t.ok(Math.abs(found.db + found.app - found.total) < 0.02, 'the parts make the whole')
  t.match(timingOf(await ask('GET', '/livez', undefined, asking)), {
    db: 0,
    statements: 0,
    word: 'statements',
  })
})

t.test('what another request asked for is waited for, and is not a statement of this one', async (t) => {
  const { ask } = await testApp(t)
  const url = '/v1/targets/cd22'
  let statements = 3
  // Whatever another test commits on this server meanwhile makes each of them read again.
  for (let tries = 0; statements >= 3 && tries < 50; tries++) {
    const again = [1, 2, 3].map(() => ask('GET', url, undefined, { ...withoutKey, ...asking }))
    const found = (await Promise.all(again)).map(timingOf)
    statements = found.reduce((sum, timing) => sum + timing.statements, 0)
    for (const { db } of found) t.ok(db > 0)
  }
  t.ok(statements < 3, 'they share a look')
})

t.test('who does not ask is told nothing', async (t) => {
  const { ask } = await testApp(t)
  for (const headers of [withoutKey, { 'want-server-timing': '?0' }]) {
    const answer = await ask('GET', '/v1/targets/cd22', undefined, { ...headers })
    t.equal(answer.status, 200)
    t.notOk('server-timing' in answer.headers)
  }
})

t.test('whatever the answer is', async (t) => {
  const { ask } = await testApp(t)
  const { headers } = await ask('GET', '/v1/targets/cd22')
  const answers = [
    ask('GET', '/v1/targets/cd22', undefined, { ...asking, 'if-none-match': String(headers.etag) }),
    ask('HEAD', '/v1/targets/cd22', undefined, asking),
    ask('GET', '/v1/targets/no-such', undefined, asking),
    ask('GET', '/v1/targets?unheard=of', undefined, asking),
    ask('GET', '/nothing', undefined, asking),
    ask('POST', '/v1/targets', {}, { ...asking, ...withoutKey }),
    ask('DELETE', '/v1/targets', undefined, asking),
    ask('GET', '/v1/targets/export', undefined, asking),
  ]
  const found = await Promise.all(answers)
  t.same(
    found.map(({ status }) => status),
    [304, 200, 404, 400, 404, 401, 405, 200],
  )
  for (const answer of found) t.ok(timingOf(answer).total > 0, `${answer.status}`)
})

t.test('waiting for a connection is waiting for the database', async (t) => {
  const { ask, database } = await testApp(t, { max: 1 })
  await ask('GET', '/readyz')
  const letGo = holdConnection(database)
  const answer = ask('GET', '/metrics', undefined, asking)
  await until(() => database.load().waiting === 1)
  await sleep(300)
  await letGo()
  const { db, app, statements } = timingOf(await answer)
  t.equal(statements, 1)
  t.ok(db > 200 && db < 5000, `${db}`)
  t.ok(app < db)
})

t.test('the statements of a transaction count, in whatever it ends', async (t) => {
  const { ask, database } = await testApp(t)
  const write = async (method: 'POST' | 'PATCH', url: string, body: object) => {
    const answer = await ask(method, url, body, asking)
    const { db, total, statements } = timingOf(answer)
    t.ok(db > 0 && db < total, `${db} of ${total}`)
    t.ok(statements > 2, `${statements}`)
    return answer.status
  }
  t.equal(await write('POST', '/v1/targets', { symbol: 'TIMED' }), 201)
  t.equal(await write('POST', '/v1/targets', { symbol: 'TIMED' }), 409)
  t.equal(await write('PATCH', '/v1/targets/timed', { symbol: 'TIMED' }), 200, 'and changes nothing')

  await database.rows(sql`alter table targets rename to away`)
  const { status, headers } = await ask('POST', '/v1/targets', { symbol: 'GONE' }, asking)
  t.equal(status, 500)
  t.match(headers['server-timing'], /^db;dur=\d/)
})

t.test('each of several at once is told of itself', async (t) => {
  const { ask } = await testApp(t)
  const count = 8
  const answers = Array.from({ length: count }, async (_, index) => {
    const [ready, alive, created, untold] = await Promise.all([
      ask('GET', '/readyz', undefined, asking),
      ask('GET', '/livez', undefined, asking),
      ask('POST', '/v1/targets', { symbol: `SEVERAL${index}` }, asking),
      ask('GET', '/readyz'),
    ])
    t.notOk('server-timing' in untold.headers)
    return [ready, alive, created].map((answer) => timingOf(answer).statements)
  })
  const found = await Promise.all(answers)
  const [first] = found
  t.same(first?.slice(0, 2), [2, 0])
  t.ok(Number(first?.[2]) > 2)
  for (const statements of found) t.same(statements, first)
})

t.test('pages of other origins may ask and read', async (t) => {
  const { ask } = await testApp(t)
  const preflight = { origin: 'https://example.com', 'access-control-request-method': 'GET' }
  const { headers } = await ask('OPTIONS', '/v1/targets', undefined, { ...preflight, ...withoutKey })
  t.match(headers['access-control-allow-headers'], /\bWant-Server-Timing\b/)
  t.match(headers['access-control-expose-headers'], /\bServer-Timing\b/)
})
