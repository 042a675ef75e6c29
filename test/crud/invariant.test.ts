import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import { findInvalidRecords, findStaleDocuments } from '../../src/crud/check.js'
import { allDefinitions } from '../../src/crud/registry.js'
import {
  type ApplicationType,
  applicationTypes,
  cellOrigins,
  designationEventStatuses,
  modalities,
  nameTypes,
  organizationKinds,
  organizationRoles,
  sourceKinds,
  stages,
  statusesOf,
  trialEventStatuses,
  trialPhases,
  trialStatuses,
} from '../../src/domain/vocabularies.js'
import { findStaleEntries } from '../../src/search/check.js'
import { type Answer, testApp } from '../support/app.js'
import { type Random, randomFrom } from '../support/random.js'

/** How many writes of each run; with TEST_SEED a run can be repeated. */
const writes = 250
const random: Random = randomFrom(Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31))
const { oneOf, someOf, chance, below } = random

const { ask, database } = await testApp(t, { template: 'empty' })

type Body = Record<string, unknown>

interface Stored {
  resource: string
  id: string
  slug: string
  version: number
  document: string
}

async function allRecords(): Promise<Map<string, Stored>> {
  const selects = allDefinitions().map(
    ({ name, table }) => sql`select ${name}::text as resource, id, slug, version, document from ${table}`,
  )
  const rows = await database.rows<Stored>(sql.join(selects, sql` union all `))
  return new Map(rows.map((row) => [row.id, row]))
}

let records: Map<string, Stored> = new Map()

const recordsOf = (resource: string) => [...records.values()].filter((record) => record.resource === resource)

/** A reference to some record, by slug or id; to none that is there once in a while. */
function refTo(resource: string): string {
  const list = recordsOf(resource)
  if (list.length === 0 || chance(0.02)) return 'nobody'
  const { id, slug } = oneOf(list)
  return chance(0.3) ? id : slug
}

const refOrNull = (resource: string) => (chance(0.3) ? null : refTo(resource))
const refsTo = (resource: string, most: number) =>
  someOf(recordsOf(resource), most).map(({ id, slug }) => (chance(0.3) ? id : slug))

const names = [
  'Cellectis',
  'Novartis',
  'IASO Bio',
  'CD19',
  'BCMA',
  'B-ALL',
  'R/R B-ALL',
  'lasme-cel',
  'AVXS-101',
]
const someName = () => `${oneOf(names)}${chance(0.6) ? ` ${below(9)}` : ''}`
const someDate = () =>
  oneOf([
    null,
    null,
    null,
    '2021',
    '2021-Q2',
    '2021-33',
    '2021-06',
    '2021-11-08',
    '2021-11-18',
    '2022-02',
    '2023',
  ])

const someEvidence = () =>
  refsTo('sources', 2).map((source) => ({
    source,
    ...(chance(0.3) && { quote: 'granted', locator: 'p. 2' }),
  }))

function someEvent(status: string): Body {
  return {
    status,
    on: someDate(),
    anticipated: status === 'goal-date' || chance(0.1),
    ...(chance(0.3) && { announcedOn: someDate() }),
    ...(chance(0.2) && { note: someName() }),
    evidence: someEvidence(),
  }
}

const designationEvent = (): Body => {
  const status = oneOf(designationEventStatuses.values)
  const further = {
    ...(status === 'transferred' && { organization: refOrNull('organizations') }),
    ...(status === 'amended' && { indication: refOrNull('indications') }),
  }
  return { ...someEvent(status), ...further }
}
const several = (make: () => Body, most: number) => Array.from({ length: below(most + 1) }, make)
const identifiers = () => (chance(0.3) ? [{ system: 'mondo', value: `MONDO:${below(9)}` }] : [])

/** Whole random bodies; few names and few records, so that writes meet each other. */
const bodies: Record<string, () => Body> = {
  authorities: () => ({
    name: someName(),
    abbreviation: oneOf(['FDA', 'EMA', 'NMPA']),
    jurisdiction: oneOf(['US', 'EU', 'CN']),
    url: oneOf([null, 'https://www.fda.gov']),
  }),
  programs: () => ({
    authority: refTo('authorities'),
    name: someName(),
    abbreviation: oneOf([null, 'RMAT', 'PRIME']),
    establishedOn: someDate(),
    criteria: someOf(names, 2),
    evidence: someEvidence(),
  }),
  organizations: () => ({
    name: someName(),
    aliases: someOf(names, 2),
    kind: oneOf([null, ...organizationKinds.values]),
    country: oneOf([null, 'FR', 'US']),
    identifiers: identifiers(),
  }),
  targets: () => ({ symbol: someName(), name: oneOf([null, 'Antigen']), aliases: someOf(names, 2) }),
  indications: () => ({
    name: someName(),
    abbreviations: someOf(names, 2),
    parent: refOrNull('indications'),
  }),
  sources: () => ({
    url: `https://example.org/${below(12)}`,
    title: someName(),
    publisher: oneOf([null, 'FDA', 'Cellectis']),
    publishedOn: someDate(),
    kind: oneOf(sourceKinds.values),
    retrievedAt: oneOf([null, '2026-11-20T08:00:00.000Z', '2026-11-20T09:00:00+01:00']),
  }),
  therapies: () => ({
    name: someName(),
    names: several(
      () => ({ name: someName(), type: oneOf(nameTypes.values), territory: oneOf([null, 'EU']) }),
      3,
    ),
    modality: oneOf([null, ...modalities.values]),
    cellOrigin: oneOf([null, ...cellOrigins.values]),
    construct: oneOf([null, { binder: 'scFv' }, { costimulatory: ['4-1BB'], hinge: 'CD8a' }]),
    targets: refsTo('targets', 2),
    organizations: several(
      () => ({ organization: refTo('organizations'), role: oneOf(organizationRoles.values) }),
      2,
    ),
    identifiers: identifiers(),
    stage: oneOf([null, ...stages.values]),
    evidence: someEvidence(),
  }),
  designations: () => ({
    therapy: refTo('therapies'),
    program: refTo('programs'),
    indication: refOrNull('indications'),
    cycle: 1 + below(2),
    organization: refOrNull('organizations'),
    events: several(designationEvent, 4),
    note: oneOf([null, 'a note']),
  }),
  applications: () => {
    const type = oneOf(applicationTypes.values)
    return {
      therapy: refTo('therapies'),
      authority: refTo('authorities'),
      type,
      indication: refOrNull('indications'),
      organization: refOrNull('organizations'),
      events: several(() => someEvent(oneOf(statusesOf(type).values)), 4),
    }
  },
  trials: () => ({
    registry: 'clinicaltrials.gov',
    registryId: `NCT0000000${below(9)}`,
    acronym: oneOf([null, 'BALLI-01', 'ALPHA2']),
    phase: oneOf([null, ...trialPhases.values]),
    pivotal: oneOf([null, true, false]),
    status: oneOf([null, ...trialStatuses.values]),
    therapies: refsTo('therapies', 2),
    indications: refsTo('indications', 2),
    sponsor: refOrNull('organizations'),
    events: several(() => someEvent(oneOf(trialEventStatuses.values)), 3),
    evidence: someEvidence(),
  }),
}
const resources = Object.keys(bodies)
const subjects = ['designations', 'applications', 'trials']

const bodyFor = (resource: string) => (bodies[resource] as () => Body)()
const pathOf = ({ resource, id, slug }: Stored) =>
  `/v1/${resource}/${encodeURIComponent(chance(0.5) ? id : slug)}`

/** A random record of a random resource that has some. */
function someRecord(among = resources): Stored | undefined {
  const filled = among.filter((resource) => recordsOf(resource).length > 0)
  return filled.length === 0 ? undefined : oneOf(recordsOf(oneOf(filled)))
}

function someEventId(): string | undefined {
  const record = someRecord(subjects)
  const { events } = JSON.parse(record?.document ?? '{"events":[]}') as { events: { id: string }[] }
  return events.length === 0 ? undefined : oneOf(events).id
}

const renamed = (body: Body): Body => (chance(0.2) ? { ...body, slug: `slug-${below(30)}` } : body)

async function create(resource = oneOf(resources)): Promise<Answer> {
  return ask('POST', `/v1/${resource}`, renamed(bodyFor(resource)))
}

async function replace(record: Stored): Promise<Answer> {
  return ask('PUT', pathOf(record), renamed(bodyFor(record.resource)))
}

async function patch(record: Stored): Promise<Answer> {
  const fields = Object.entries(renamed(bodyFor(record.resource)))
  return ask('PATCH', pathOf(record), Object.fromEntries([oneOf(fields), ...someOf(fields, 2)]))
}

/** A patch that says of a record what is so already. */
const affirm = (record: Stored) => ask('PATCH', pathOf(record), { slug: record.slug })

async function append(record: Stored): Promise<Answer> {
  const { type } = JSON.parse(record.document) as { type: ApplicationType }
  const eventOf = {
    designations: designationEvent,
    applications: () => someEvent(oneOf(statusesOf(type).values)),
    trials: () => someEvent(oneOf(trialEventStatuses.values)),
  }
  return ask('POST', `${pathOf(record)}/events`, eventOf[record.resource as keyof typeof eventOf]())
}

const remove = (record: Stored) => ask('DELETE', `${pathOf(record)}${chance(0.2) ? '?cascade=true' : ''}`)

/** One random write; undefined when what it would change is not there. */
async function write(): Promise<Answer | undefined> {
  const kind = below(100)
  if (kind < 35) return create()
  if (kind < 75) {
    const record = someRecord()
    const change = oneOf([replace, patch, patch, patch, affirm])
    return record && change(record)
  }
  if (kind < 85) {
    const record = someRecord(subjects)
    return record && append(record)
  }
  if (kind < 94) {
    const id = someEventId()
    const change = () => (chance(0.5) ? { on: someDate() } : { note: someName(), evidence: someEvidence() })
    if (id === undefined) return undefined
    return chance(0.6) ? ask('PATCH', `/v1/events/${id}`, change()) : ask('DELETE', `/v1/events/${id}`)
  }
  const record = someRecord()
  return record && remove(record)
}

function contentOf({ document }: Stored): string {
  const { version, updatedAt, ...content } = JSON.parse(document)
  return JSON.stringify(content)
}

/** Records whose version does not say whether they changed. */
function wrongVersions(before: Map<string, Stored>, after: Map<string, Stored>): string[] {
  return [...after.values()].flatMap((record) => {
    const was = before.get(record.id)
    const expected = was === undefined ? 1 : was.version + (contentOf(was) === contentOf(record) ? 0 : 1)
    const said = JSON.parse(record.document).version
    if (record.version === expected && said === expected) return []
    return [`${record.resource}/${record.slug}: version ${record.version}, not ${expected}`]
  })
}

async function check(t: Test, answer: Answer, step: number): Promise<boolean> {
  const after = await allRecords()
  const told = `write ${step}: ${answer.status} ${answer.text.slice(0, 300)}`
  const allowed = [200, 201, 204, 409, 422]
  const isThorough = step % 10 === 0 || step === writes - 1
  const faults = {
    status: allowed.includes(answer.status) ? [] : [answer.status],
    versions: wrongVersions(records, after),
    stale: await findStaleDocuments(database),
    unfound: isThorough ? await findStaleEntries(database, allDefinitions()) : [],
    invalid: isThorough ? await findInvalidRecords(database) : [],
    changed: answer.status < 400 ? [] : changesBetween(records, after),
  }
  records = after
  const none = { status: [], versions: [], stale: [], unfound: [], invalid: [], changed: [] }
  return JSON.stringify(faults) === JSON.stringify(none) || t.strictSame(faults, none, told)
}

const changesBetween = (before: Map<string, Stored>, after: Map<string, Stored>) =>
  [...new Set([...before.keys(), ...after.keys()])].filter(
    (id) => before.get(id)?.document !== after.get(id)?.document,
  )

t.test('after any sequence of writes every document is right, and versions tell what changed', async (t) => {
  t.comment(`TEST_SEED=${random.seed}`)
  const answers = new Map<number, number>()
  for (let step = 0; step < writes; step++) {
    // Some records of every resource to begin with, so that there is what others can refer to.
    const answer = step < 4 * resources.length ? await create(resources[step >> 2]) : await write()
    if (answer === undefined) continue
    answers.set(answer.status, (answers.get(answer.status) ?? 0) + 1)
    if (!(await check(t, answer, step))) break
  }
  t.comment(Object.fromEntries(answers))
  t.ok((answers.get(200) ?? 0) > writes / 10, 'records were changed')
  t.ok((answers.get(204) ?? 0) > 0, 'records were deleted')
})

/** The path of a new record of a test's own. */
async function created(resource: string, body: Body): Promise<string> {
  const answer = await ask('POST', `/v1/${resource}`, body)
  if (answer.status !== 201) throw new Error(answer.text)
  return `/v1/${resource}/${answer.body.id}`
}

t.test('a note changes nothing of what follows from the events', async (t) => {
  await created('authorities', { slug: 'mhra', name: 'MHRA', abbreviation: 'MHRA', jurisdiction: 'GB' })
  await created('programs', { slug: 'mhra:pim', authority: 'mhra', name: 'Promising Innovative Medicine' })
  await created('therapies', { slug: 'zolgensma', name: 'Zolgensma' })
  for (const slug of ['avexis', 'gene-therapy-limited', 'novartis-europharm']) {
    await created('organizations', { slug, name: `The ${slug}` })
  }
  const transfers = [
    { status: 'granted', on: '2015-06-19' },
    { status: 'transferred', organization: 'gene-therapy-limited' },
    { status: 'transferred', organization: 'novartis-europharm', announcedOn: '2020-05' },
  ]
  for (const events of [transfers, [...transfers].reverse()]) {
    const path = await created('designations', {
      therapy: 'zolgensma',
      program: 'mhra:pim',
      organization: 'avexis',
      cycle: 1 + (await allRecords()).size,
      events,
    })
    const before = await ask('GET', path)
    const after = await ask('PATCH', path, { note: 'Transferred more than once.' })
    t.equal(after.body.holder.slug, before.body.holder.slug)
    t.same(after.body.events, before.body.events)
  }
})

t.test('an application can become one of another type together with its events', async (t) => {
  await created('authorities', { slug: 'tga', name: 'TGA', abbreviation: 'TGA', jurisdiction: 'AU' })
  await created('therapies', { slug: 'car-t', name: 'A CAR-T' })
  const body = { therapy: 'car-t', authority: 'tga' }
  const path = await created('applications', {
    ...body,
    type: 'IND',
    events: [{ status: 'cleared', on: '2018' }],
  })
  const answer = await ask('PUT', path, {
    ...body,
    type: 'BLA',
    events: [{ status: 'approved', on: '2020' }],
  })
  t.match(answer, {
    status: 200,
    body: { type: 'BLA', status: 'approved', clearedOn: null, approvedOn: '2020' },
  })
  t.same(await findStaleDocuments(database), [])
})
