import { sql } from 'drizzle-orm'
import t from 'tap'
import { findInvalidRecords, findStaleDocuments } from '../../src/crud/check.js'
import { allDefinitions } from '../../src/crud/registry.js'
import { findStaleEntries } from '../../src/search/check.js'
import { type Answer, testApp } from '../support/app.js'
import { until } from '../support/process.js'

const { ask, database } = await testApp(t, { template: 'empty', max: 8 })

type Body = Record<string, unknown>

async function create(resource: string, body: Body): Promise<Answer['body']> {
  const answer = await ask('POST', `/v1/${resource}`, body)
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.body
}

const times = <Result>(count: number, work: (index: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))

/** Does the same thing a number of times, one after the other. */
async function repeat(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  for (let index = 0; index < count; index++) await work(index)
}

const statuses = (answers: Answer[]) => answers.map(({ status }) => status).sort()

await create('authorities', { name: 'Food and Drug Administration', abbreviation: 'FDA', jurisdiction: 'US' })
await create('programs', {
  authority: 'fda',
  name: 'Regenerative Medicine Advanced Therapy',
  abbreviation: 'RMAT',
})
await create('organizations', { slug: 'cellectis', name: 'Cellectis' })
await create('organizations', { slug: 'servier', name: 'Servier' })
await create('indications', { slug: 'b-all', name: 'B-ALL' })
await create('indications', { slug: 'r-r-b-all', name: 'R/R B-ALL', parent: 'b-all' })
await create('therapies', { slug: 'lasme-cel', name: 'lasme-cel' })

let cycle = 0
const newDesignation = (fields: Body = {}): Body => ({
  therapy: 'lasme-cel',
  program: 'fda:rmat',
  indication: 'r-r-b-all',
  organization: 'cellectis',
  cycle: ++cycle,
  events: [{ status: 'transferred', organization: 'servier' }],
  ...fields,
})

t.test('whatever is renamed meanwhile, no document keeps an old name', async (t) => {
  const seen: Answer[] = []
  const keep = async (answer: Promise<Answer>) => seen.push(await answer)
  const rename = (path: string, name: string) => (index: number) =>
    keep(ask('PATCH', path, { name: `${name} ${index}` }))
  const existing = await create('designations', newDesignation())
  await Promise.all([
    repeat(6, rename('/v1/organizations/cellectis', 'Cellectis')),
    repeat(6, rename('/v1/organizations/servier', 'Servier')),
    repeat(6, rename('/v1/indications/b-all', 'B-ALL')),
    repeat(6, rename('/v1/indications/r-r-b-all', 'R/R B-ALL')),
    repeat(6, rename('/v1/therapies/lasme-cel', 'lasme-cel')),
    repeat(6, (index) => keep(ask('PATCH', '/v1/authorities/fda', { abbreviation: `FDA${index}` }))),
    repeat(10, () => keep(ask('POST', '/v1/designations', newDesignation()))),
    repeat(10, () => keep(ask('POST', '/v1/designations', newDesignation({ organization: 'servier' })))),
    repeat(10, (index) =>
      keep(
        ask('PATCH', `/v1/designations/${existing.id}`, {
          organization: index % 2 ? 'cellectis' : 'servier',
        }),
      ),
    ),
    repeat(10, (index) =>
      keep(
        ask('POST', '/v1/trials', {
          acronym: `BALLI-${index}`,
          therapies: ['lasme-cel'],
          sponsor: 'cellectis',
        }),
      ),
    ),
  ])
  t.same(
    statuses(seen).filter((status) => status !== 200 && status !== 201),
    [],
    seen.find(({ status }) => status >= 400)?.text ?? 'all went well',
  )
  t.same(await findStaleDocuments(database), [])
  t.same(await findStaleEntries(database, allDefinitions()), [])
  t.same(await findInvalidRecords(database), [])
})

t.test('of several changes of one version exactly one is made', async (t) => {
  await create('organizations', { slug: 'iaso', name: 'IASO Bio' })
  await repeat(5, async (round) => {
    const { headers, body } = await ask('GET', '/v1/organizations/iaso')
    const answers = await times(4, (index) =>
      ask(
        'PATCH',
        '/v1/organizations/iaso',
        { name: `IASO ${round} ${index}` },
        { 'if-match': String(headers.etag) },
      ),
    )
    t.same(statuses(answers), [200, 412, 412, 412])
    const winner = answers.find(({ status }) => status === 200)
    const after = await ask('GET', '/v1/organizations/iaso')
    t.equal(after.text, winner?.text)
    t.equal(after.body.version, body.version + 1)
  })
})

t.test('of several new records with one name, each has its own slug or is refused', async (t) => {
  const organizations = await times(6, () => ask('POST', '/v1/organizations', { name: 'Innovent' }))
  t.same(statuses(organizations), [201, 409, 409, 409, 409, 409])
  for (const { body } of organizations.filter(({ status }) => status === 409)) {
    t.equal(body.type, '/problems/conflict')
  }
  const therapies = await times(6, () => ask('POST', '/v1/therapies', { name: 'AVXS-101' }))
  const made = therapies.filter(({ status }) => status === 201)
  t.ok(made.length >= 1)
  t.equal(new Set(made.map(({ body }) => body.slug)).size, made.length)
  t.same(
    statuses(therapies).filter((status) => status !== 201 && status !== 409),
    [],
  )
})

t.test('of several new records with one key, one is stored', async (t) => {
  const body = newDesignation()
  const answers = await times(5, () => ask('POST', '/v1/designations', body))
  t.same(statuses(answers), [201, 409, 409, 409, 409])
})

t.test('events that are appended at once are all there', async (t) => {
  const { id, version } = await create('designations', newDesignation({ events: [] }))
  const answers = await times(12, (index) =>
    ask('POST', `/v1/designations/${id}/events`, { status: 'amended', on: `20${10 + index}` }),
  )
  t.same(new Set(statuses(answers)), new Set([201]))
  const { body } = await ask('GET', `/v1/designations/${id}`)
  t.same(
    body.events.map(({ on }: Body) => on),
    Array.from({ length: 12 }, (_, index) => `20${10 + index}`),
  )
  t.equal(body.version, version + 12)
})

t.test('a reader sees a record as it was before or after a write, never in between', async (t) => {
  const whole = (note: string) => ({
    note,
    events: Array.from({ length: 5 }, (_, index) => ({ status: 'amended', on: `201${index}`, note })),
  })
  const { id } = await create('designations', newDesignation(whole('start')))
  let writing = true
  let reads = 0
  const torn: string[] = []
  const read = async () => {
    while (writing) {
      const { body } = await ask('GET', `/v1/designations/${id}`)
      const notes = new Set([body.note, ...body.events.map(({ note }: Body) => note)])
      if (notes.size !== 1 || body.events.length !== 5) torn.push(JSON.stringify(body))
      reads++
    }
  }
  const write = repeat(25, (index) =>
    ask('PATCH', `/v1/designations/${id}`, whole(`write ${index}`)),
  ).finally(() => {
    writing = false
  })
  await Promise.all([write, read(), read()])
  t.same(torn, [])
  t.ok(reads > 25, `${reads} reads`)
})

t.test('what is deleted while something new refers to it either goes or stays, whole', async (t) => {
  await repeat(5, async (round) => {
    const slug = `sponsor-${round}`
    await create('organizations', { slug, name: slug })
    const [gone, made] = await Promise.all([
      ask('DELETE', `/v1/organizations/${slug}`),
      ask('POST', '/v1/trials', { acronym: slug, sponsor: slug }),
    ])
    t.ok(
      (gone.status === 204 && made.status === 422) || (gone.status === 409 && made.status === 201),
      `${gone.status} and ${made.status}`,
    )
  })
  t.same(await findStaleDocuments(database), [])
  t.same(await findStaleEntries(database, allDefinitions()), [])
})

t.test('two branches that are hung below each other at once make no cycle', async (t) => {
  await repeat(2, async (round) => {
    const [a, b] = [`a-${round}`, `b-${round}`]
    await create('indications', { slug: a, name: a })
    await create('indications', { slug: b, name: b })
    const answers = await Promise.all([
      ask('PATCH', `/v1/indications/${a}`, { parent: b }),
      ask('PATCH', `/v1/indications/${b}`, { parent: a }),
    ])
    t.same(statuses(answers), [200, 422], answers.map(({ text }) => text).join())
  })
})

t.test('a transaction that never gets through is given up', async (t) => {
  let tries = 0
  const contested = database.transaction(async (transaction) => {
    tries++
    await transaction.rows(sql`do $$ begin raise exception using errcode = 'serialization_failure'; end $$`)
  })
  await t.rejects(contested, { code: '40001' })
  t.ok(tries > 1)
})

t.test('an event that goes while it is being mended is not found', async (t) => {
  await create('trials', { slug: 'contested', acronym: 'CONTESTED', events: [{ status: 'started' }] })
  const [{ id }] = (await ask('GET', '/v1/trials/contested')).body.events
  const waiting = async (count: number) => {
    const [row] = await database.rows<{ count: number }>(
      sql`select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    )
    return row?.count === count
  }
  const queued = await database.transaction(async (transaction) => {
    await transaction.rows(sql`select from trials where slug = 'contested' for update`)
    const gone = ask('DELETE', `/v1/events/${id}`)
    await until(() => waiting(1))
    const mended = ask('PATCH', `/v1/events/${id}`, { note: 'too late' })
    await until(() => waiting(2))
    return { gone, mended }
  })
  t.equal((await queued.gone).status, 204)
  t.equal((await queued.mended).status, 404)
})
