import { sql } from 'drizzle-orm'
import t from 'tap'
import { findInvalidRecords } from '../../src/crud/check.js'
import type { Definition, Item, States } from '../../src/crud/definition.js'
import { rebuildHistory } from '../../src/crud/history.js'
import { definitionOf } from '../../src/crud/registry.js'
import { asOfOf, counts, type DateMatch } from '../../src/domain/as-of.js'
import {
  type ApplicationEvent,
  type DesignationEvent,
  foldApplication,
  foldDesignation,
} from '../../src/domain/event-fold.js'
import { testApp } from '../support/app.js'

const { ask, database } = await testApp(t)

async function records(address: string): Promise<Item[]> {
  const { body, status, text } = await ask('GET', address)
  if (status !== 200) throw new Error(text)
  return body.data
}

const slugs = (list: Item[]) => list.map(({ slug }) => slug)

t.test('the platform designation of rAAVrh74 is granted until it was rescinded', async (t) => {
  const path = '/v1/designations/raavrh74-fda-platform-technology'
  const statusOn = async (asOf: string, more = '') =>
    (await ask('GET', `${path}?asOf=${asOf}${more}`)).body.status
  t.equal(await statusOn('2025-06'), 'granted')
  t.equal(await statusOn('2025-07-15'), 'rescinded', 'it may have been rescinded by then')
  t.equal(await statusOn('2025-07-15', '&dateMatch=certain'), 'granted', 'that it was is not sure')
  t.equal(await statusOn('2025-Q3', '&dateMatch=certain'), 'rescinded')
  const found = await records('/v1/designations?therapy=raavrh74&status=granted&asOf=2025-06-30')
  t.match(found, [
    {
      slug: 'raavrh74-fda-platform-technology',
      status: 'granted',
      grantedOn: '2025-06-02',
      events: [{ status: 'granted' }],
    },
  ])
  t.equal(Object.keys(found[0]?.events ?? {}).length, 1, 'later events are left out')
  t.same(await records('/v1/designations?therapy=raavrh74&status=granted'), [])
  t.same(await records('/v1/designations?therapy=raavrh74&asOf=2025-06-01'), [], 'before its first event')
})

t.test('the orphan designation of Zolgensma is found with the holder of the day', async (t) => {
  const path = '/v1/designations/zolgensma-ema-orphan-sma'
  const holders: [asOf: string, holder: string][] = [
    ['2015-06-19', 'avexis-eu'],
    ['2018-09', 'avexis-netherlands'],
    ['2019-09', 'avexis-eu'],
    ['2022-12-31', 'novartis-europharm'],
  ]
  for (const [asOf, holder] of holders) {
    t.match((await ask('GET', `${path}?asOf=${asOf}`)).body.holder, { slug: holder }, asOf)
    const held = await records(`/v1/designations?therapy=zolgensma&organization=${holder}&asOf=${asOf}`)
    t.ok(slugs(held).includes('zolgensma-ema-orphan-sma'), `${holder} held it in ${asOf}`)
  }
  const held = await records('/v1/designations?therapy=zolgensma&organization=novartis-europharm&asOf=2021')
  t.notOk(slugs(held).includes('zolgensma-ema-orphan-sma'))
})

t.test('an application is on hold until the hold was lifted', async (t) => {
  const onHold = async (asOf: string) =>
    slugs(await records(`/v1/applications?status=clinical-hold&asOf=${asOf}`))
  t.ok((await onHold('2025')).includes('nex-z-fda-ind-attr-cm'))
  t.notOk((await onHold('2026-03')).includes('nex-z-fda-ind-attr-cm'))
  const twice = ['2021-06', '2022', '2025-05', '2025-09'].map(async (asOf) =>
    (await onHold(asOf)).includes('rp-a501-fda-ind-danon-disease'),
  )
  t.strictSame(await Promise.all(twice), [true, false, true, false])
  const { body } = await ask('GET', '/v1/applications/remestemcel-l-fda-bla-sr-agvhd-pediatric?asOf=2021')
  t.match(body, { status: 'complete-response', approvedOn: null })
})

t.test('a trial is there on every day, and has not started before its start', async (t) => {
  const on = async (asOf: string) => (await ask('GET', `/v1/trials/nct04150497?asOf=${asOf}`)).body
  t.match(await on('2019-10-13'), { startedOn: null, events: [{ status: 'interim-analysis' }] })
  t.match(await on('2019-10-14'), { startedOn: '2019-10-14', events: [{ status: 'started' }, {}] })
})

t.test('a therapy embeds what it had on the day', async (t) => {
  const { body } = await ask('GET', '/v1/therapies/raavrh74?include=designations&asOf=2025-06-30')
  t.match(body.designations, [{ slug: 'raavrh74-fda-platform-technology', status: 'granted' }])
  const before = await ask('GET', '/v1/therapies/raavrh74?include=designations&asOf=2024')
  t.same(before.body.designations, [])
})

t.test('asOf takes a partial date, and only where something is known by the day', async (t) => {
  t.equal((await ask('GET', '/v1/designations?asOf=2023-21')).status, 400)
  t.equal((await ask('GET', '/v1/designations?asOf=')).status, 400)
  t.equal((await ask('GET', '/v1/organizations?asOf=2023')).status, 400)
})

type Events<Event> = Item & { events: Event[] }

/** What follows from events, as an answer shows it. */
const folds: Record<string, (record: never) => Item> = {
  designations(record: Events<DesignationEvent<unknown>>) {
    const { indication, ...state } = foldDesignation(record)
    return { ...state, currentIndication: indication }
  },
  applications: (record: Events<ApplicationEvent>) => ({ ...foldApplication(record) }),
}

/** The records of today with only those events that count on a day; none that are not there. */
function oracle(resource: string, today: Item[], asOf: string, match: DateMatch): Item[] {
  const fold = folds[resource] as (record: Item) => Item
  return today.flatMap((record) => {
    const all = record.events as DesignationEvent[]
    const events = all.filter((event) => counts(event, asOfOf(asOf, match)))
    const isThere = all.length === 0 ? match === 'possible' : events.length > 0
    return isThere ? [{ ...record, events, ...fold({ ...record, events }) }] : []
  })
}

const days = ['1995', '2014-11-12', '2019-06', '2022-02-15', '2025-07-15']

for (const resource of ['designations', 'applications']) {
  t.test(`${resource} of any day are what their events say`, async (t) => {
    const today = await records(`/v1/${resource}?limit=1000`)
    for (const asOf of days) {
      for (const match of ['possible', 'certain'] as const) {
        const query = `asOf=${asOf}&dateMatch=${match}&limit=1000`
        const expected = oracle(resource, today, asOf, match)
        t.strictSame(await records(`/v1/${resource}?${query}`), expected, query)
        const statuses = new Set(expected.map(({ status }) => status ?? 'none'))
        for (const status of statuses) {
          const having = expected.filter((record) => (record.status ?? 'none') === status)
          t.strictSame(
            slugs(await records(`/v1/${resource}?status=${status}&${query}`)),
            slugs(having),
            `${status} ${query}`,
          )
        }
      }
    }
  })
}

t.test('a list of a day is paged in every order, with nothing missing and nothing twice', async (t) => {
  for (const sort of ['grantedOn', '-grantedOn', '-announcedOn', 'slug', '-updatedAt']) {
    const query = `asOf=2022-02-15&sort=${sort}`
    const { body } = await ask('GET', `/v1/designations?${query}&limit=1000&total=true`)
    const paged: Item[] = []
    let next: string | null = ''
    while (next !== null) {
      const page = await ask('GET', `/v1/designations?${query}&limit=50${next && `&cursor=${next}`}`)
      paged.push(...page.body.data)
      next = page.body.page.next
    }
    t.equal(body.total, body.data.length)
    t.strictSame(slugs(paged), slugs(body.data), sort)
  }
})

const statesOf = (resource: string) => {
  const definition: Definition = definitionOf(resource)
  return definition.history?.states as States
}

async function storedStates(): Promise<unknown[]> {
  const [designations, applications] = ['designations', 'applications']
    .map(statesOf)
    .map(({ table }) => table)
  return database.rows(sql`
    select to_json(s)::text from ${designations} s union all select to_json(s)::text from ${applications} s order by 1`)
}

t.test('every write keeps what a record was, and what it no longer was', async (t) => {
  const created = await ask('POST', '/v1/designations', {
    therapy: 'lasme-cel',
    program: 'ema:prime',
    indication: 'r-r-b-all',
    events: [{ status: 'requested', on: '2025-10' }],
  })
  t.equal(created.status, 201)
  const path = `/v1/designations/${created.body.slug}`
  const granted = await ask('POST', `${path}/events`, { status: 'granted', on: '2026-01-29' })
  t.equal(granted.status, 201)
  const statuses = async () => {
    const found = ['2025-10-10', '2025-12', '2026-02'].map((asOf) =>
      records(`/v1/designations?therapy=lasme-cel&program=ema:prime&dateMatch=certain&asOf=${asOf}`),
    )
    return (await Promise.all(found)).map(([record]) => record?.status)
  }
  t.strictSame(await statuses(), [undefined, 'requested', 'granted'])
  await ask('PATCH', path, { events: [{ status: 'denied', on: '2025-11-13' }] })
  t.strictSame(await statuses(), [undefined, 'denied', 'denied'])
  t.same(await findInvalidRecords(database), [])
  t.equal((await ask('DELETE', path)).status, 204)
  t.strictSame(await statuses(), [undefined, undefined, undefined])
})

t.test(
  'states that do not follow from the events are found, and those of an older version made',
  async (t) => {
    const states = await storedStates()
    const { table } = statesOf('designations')
    await database.rows(sql`update ${table} set status = 'denied' where status = 'rescinded'`)
    const faults = await findInvalidRecords(database)
    t.ok(faults.length > 0)
    t.match(faults[0], {
      resource: 'designations',
      message: 'what it was, day by day, does not follow from its events',
    })
    await database.rows(sql`truncate ${table}, ${statesOf('applications').table}`)
    await rebuildHistory(database)
    t.strictSame(await storedStates(), states)
    await rebuildHistory(database)
    t.strictSame(await storedStates(), states, 'once is enough')
  },
)
