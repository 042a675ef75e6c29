import { setTimeout as sleep } from 'node:timers/promises'
import { getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import t, { type Test } from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { connect, type Queryable } from '../../src/db/connection.js'
import { violationOf } from '../../src/db/violations.js'
import { type ApplicationType, applicationTypes } from '../../src/domain/vocabularies.js'
import { applications } from '../../src/resources/applications/table.js'
import { authorities } from '../../src/resources/authorities/table.js'
import { designations } from '../../src/resources/designations/table.js'
import { events } from '../../src/resources/events/table.js'
import { evidence } from '../../src/resources/evidence/table.js'
import { indications } from '../../src/resources/indications/table.js'
import { organizations } from '../../src/resources/organizations/table.js'
import { programs } from '../../src/resources/programs/table.js'
import { sources } from '../../src/resources/sources/table.js'
import { targets } from '../../src/resources/targets/table.js'
import { therapies, therapyNames, therapyOrganizations } from '../../src/resources/therapies/table.js'
import { trials, trialTherapies } from '../../src/resources/trials/table.js'
import { testDatabase } from '../support/database.js'

/** What a client of the database writes that knows nothing of the service. */
type Row = Record<string, unknown>

const { database, settings } = await testDatabase(t, { template: 'empty', max: 8 })

let numbered = 0
const slug = (what: string) => `${what}-${++numbered}`

/** Inserts a row by the names of its columns in the code; answers its id. */
async function insert(db: Queryable, table: PgTable, row: Row): Promise<string> {
  const columns = getTableColumns(table)
  const entries = Object.entries(row).map(([key, value]) => {
    const column = columns[key]
    if (column === undefined) throw new Error(`${getTableName(table)} has no ${key}`)
    return [sql.identifier(column.name), literal(value)] as const
  })
  const names = sql.join(
    entries.map(([name]) => name),
    sql`, `,
  )
  const values = sql.join(
    entries.map(([, value]) => value),
    sql`, `,
  )
  const [inserted] = await db.rows<{ id: string }>(
    sql`insert into ${table} (${names}) values (${values}) returning to_json(${table}) ->> 'id' as id`,
  )
  return String(inserted?.id)
}

function literal(value: unknown): SQL {
  if (value === null) return sql`null`
  if (Array.isArray(value)) return sql`array[${sql.join(value.map(literal), sql`, `)}]::text[]`
  return typeof value === 'string' ? sql.raw(`'${value.replaceAll("'", "''")}'`) : sql.raw(String(value))
}

/** Rows of each kind that stand as they are; a test says what is different in its own. */
const make = {
  organization: (row: Row = {}) => ({
    id: uuidv7(),
    slug: slug('organization'),
    name: slug('Organization'),
    aliases: [],
    identifiers: '[]',
    ...row,
  }),
  authority: (row: Row = {}) => ({
    id: uuidv7(),
    slug: slug('authority'),
    name: slug('Authority'),
    abbreviation: 'FDA',
    jurisdiction: 'US',
    ...row,
  }),
  target: (row: Row = {}) => ({
    id: uuidv7(),
    slug: slug('target'),
    symbol: slug('CD'),
    aliases: [],
    identifiers: '[]',
    ...row,
  }),
  indication: (row: Row = {}) => ({
    id: uuidv7(),
    slug: slug('indication'),
    name: slug('Indication'),
    abbreviations: [],
    identifiers: '[]',
    ...row,
  }),
  source: (row: Row = {}) => ({
    id: uuidv7(),
    slug: slug('source'),
    url: `https://example.org/${slug('source')}`,
    title: 'A press release',
    kind: 'press-release',
    ...row,
  }),
  therapy: (row: Row = {}) => ({
    id: uuidv7(),
    slug: slug('therapy'),
    name: 'Lasmecabtagene timgedleucel',
    identifiers: '[]',
    ...row,
  }),
  trial: (row: Row = {}) => ({ id: uuidv7(), slug: slug('trial'), acronym: 'BALLI-01', ...row }),
}

// What all tests may refer to and none changes.
const organization = await insert(database, organizations, make.organization())
const authority = await insert(database, authorities, make.authority())
const indication = await insert(database, indications, make.indication())
const source = await insert(database, sources, make.source())
const therapy = await insert(database, therapies, make.therapy())
const trial = await insert(database, trials, make.trial())

const ofAuthority = {
  program: (row: Row = {}) => ({
    id: uuidv7(),
    slug: slug('program'),
    authorityId: authority,
    name: slug('Programme'),
    criteria: [],
    benefits: [],
    ...row,
  }),
  application: (row: Row = {}) => ({
    id: uuidv7(),
    slug: slug('application'),
    therapyId: therapy,
    authorityId: authority,
    type: 'BLA',
    ...row,
  }),
}
const program = await insert(database, programs, ofAuthority.program())
const newDesignation = (row: Row = {}) => ({
  id: uuidv7(),
  slug: slug('designation'),
  therapyId: therapy,
  programId: program,
  cycle: 1 + (numbered % 1000),
  identifiers: '[]',
  ...row,
})
const designation = await insert(database, designations, newDesignation())
const newEvent = (row: Row) => ({ id: uuidv7(), position: 0, status: 'granted', anticipated: false, ...row })

/** Stores a row and takes it back; answers the rule that it broke, or null. */
async function brokenRule(work: (db: Queryable) => Promise<unknown>): Promise<string | null> {
  try {
    await database.transaction(async (transaction) => {
      await work(transaction)
      throw new Taken()
    })
  } catch (error) {
    if (error instanceof Taken) return null
    const violation = violationOf(error)
    return violation === null ? String((error as Error).message) : violation.constraint
  }
  return null
}

class Taken extends Error {}

async function refuses(tt: Test, table: PgTable, row: Row, rule: string): Promise<void> {
  tt.equal(await brokenRule((db) => insert(db, table, row)), rule, JSON.stringify(row))
}

async function takes(tt: Test, table: PgTable, row: Row): Promise<void> {
  tt.equal(await brokenRule((db) => insert(db, table, row)), null, JSON.stringify(row))
}

t.test('slugs have the form of slugs, and versions begin at 1', async (t) => {
  const wrong = ['', 'R-R-B-ALL', 'r/r', '-all', 'all-', 'b--all', 'a b', 'é', 'x'.repeat(121), uuidv7()]
  for (const bad of wrong) {
    await refuses(t, organizations, make.organization({ slug: bad }), 'organizations_slug')
  }
  for (const good of ['fda:rmat', 'x', '4dmt', 'x'.repeat(120)]) {
    await takes(t, organizations, make.organization({ slug: good }))
  }
  const tables: [PgTable, Row][] = [
    [applications, ofAuthority.application()],
    [authorities, make.authority()],
    [designations, newDesignation()],
    [indications, make.indication()],
    [organizations, make.organization()],
    [programs, ofAuthority.program()],
    [sources, make.source()],
    [targets, make.target()],
    [therapies, make.therapy()],
    [trials, make.trial()],
  ]
  for (const [table, row] of tables) {
    const name = getTableName(table)
    await takes(t, table, row)
    await refuses(t, table, { ...row, slug: 'No Slug' }, `${name}_slug`)
    await refuses(t, table, { ...row, version: 0 }, `${name}_version`)
    const twice = async (db: Queryable) => {
      await insert(db, table, row)
      await insert(db, table, { ...row, id: uuidv7() })
    }
    t.match(await brokenRule(twice), new RegExp(`^${name}_`), `${name} has no slug or key twice`)
  }
})

t.test('names are not blank, codes and addresses have their form, lists have no gaps', async (t) => {
  await refuses(t, organizations, make.organization({ name: '' }), 'organizations_name')
  await refuses(t, organizations, make.organization({ name: '  ' }), 'organizations_name')
  await refuses(t, authorities, make.authority({ name: ' ' }), 'authorities_name')
  await refuses(t, authorities, make.authority({ abbreviation: '' }), 'authorities_abbreviation')
  await refuses(t, indications, make.indication({ name: '' }), 'indications_name')
  await refuses(t, programs, ofAuthority.program({ name: '' }), 'programs_name')
  await refuses(t, sources, make.source({ title: '' }), 'sources_title')
  await refuses(t, targets, make.target({ symbol: '' }), 'targets_symbol')
  await refuses(t, therapies, make.therapy({ name: '' }), 'therapies_name')
  await refuses(t, trials, make.trial({ acronym: ' ' }), 'trials_name')
  for (const country of ['us', 'USA', 'U', '', 'ÜS']) {
    await refuses(t, organizations, make.organization({ country }), 'organizations_country')
    await refuses(t, authorities, make.authority({ jurisdiction: country }), 'authorities_jurisdiction')
  }
  for (const address of ['ftp://example.org', 'example.org', 'javascript:alert(1)', '']) {
    await refuses(t, organizations, make.organization({ website: address }), 'organizations_website')
    await refuses(t, authorities, make.authority({ url: address }), 'authorities_url')
    await refuses(t, programs, ofAuthority.program({ url: address }), 'programs_url')
    await refuses(t, sources, make.source({ url: address }), 'sources_url')
  }
  await refuses(t, organizations, make.organization({ aliases: ['A', null] }), 'organizations_aliases')
  await refuses(t, targets, make.target({ aliases: [null] }), 'targets_aliases')
  await refuses(t, indications, make.indication({ abbreviations: [null] }), 'indications_abbreviations')
  await refuses(t, programs, ofAuthority.program({ criteria: [null] }), 'programs_criteria')
  await refuses(t, programs, ofAuthority.program({ benefits: ['one', null] }), 'programs_benefits')
  await refuses(t, therapies, make.therapy({ identifiers: '{}' }), 'therapies_identifiers')
  await refuses(t, organizations, make.organization({ identifiers: '"x"' }), 'organizations_identifiers')
  await refuses(t, targets, make.target({ identifiers: 'null' }), 'targets_identifiers')
  await refuses(t, indications, make.indication({ identifiers: '1' }), 'indications_identifiers')
  await refuses(t, designations, newDesignation({ identifiers: '{}' }), 'designations_identifiers')
  await refuses(t, therapies, make.therapy({ construct: '["CD8a"]' }), 'therapies_construct')
  await refuses(t, sources, make.source({ digest: 'abc' }), 'sources_digest')
  await takes(t, sources, make.source({ digest: '0f'.repeat(32) }))
})

t.test('a trial is called something, and has a registry and a number or neither', async (t) => {
  const nct = { registry: 'clinicaltrials.gov', registryId: 'NCT04150497' }
  await refuses(t, trials, make.trial({ acronym: null }), 'trials_name')
  await refuses(t, trials, make.trial({ registry: nct.registry }), 'trials_registration_whole')
  await refuses(t, trials, make.trial({ registryId: nct.registryId }), 'trials_registration_whole')
  await takes(t, trials, make.trial({ ...nct, acronym: null }))
  const twice = async (db: Queryable) => {
    await insert(db, trials, make.trial(nct))
    await insert(db, trials, make.trial({ ...nct, acronym: 'Another' }))
  }
  t.equal(await brokenRule(twice), 'trials_registration')
  const elsewhere = async (db: Queryable) => {
    await insert(db, trials, make.trial(nct))
    await insert(db, trials, make.trial({ ...nct, registry: 'ctis' }))
  }
  t.equal(await brokenRule(elsewhere), null, 'the same number in another registry is another trial')
})

t.test('a designation is there once, also where no indication is named', async (t) => {
  const twice = (row: Row) => async (db: Queryable) => {
    await insert(db, designations, newDesignation({ cycle: 7, ...row }))
    await insert(db, designations, newDesignation({ cycle: 7, ...row }))
  }
  t.equal(await brokenRule(twice({ indicationId: indication })), 'designations_key')
  t.equal(await brokenRule(twice({})), 'designations_key', 'two unknown indications are the same')
  const another = async (db: Queryable) => {
    await insert(db, designations, newDesignation({ cycle: 7 }))
    await insert(db, designations, newDesignation({ cycle: 7, indicationId: indication }))
    await insert(db, designations, newDesignation({ cycle: 8 }))
  }
  t.equal(await brokenRule(another), null, 'another indication or cycle is another designation')
  await refuses(t, designations, newDesignation({ cycle: 0 }), 'designations_cycle')
  await refuses(t, designations, newDesignation({ cycle: -1 }), 'designations_cycle')
})

t.test('every reference leads to a row, and what is referred to cannot go', async (t) => {
  const nowhere = uuidv7()
  const dangling: [PgTable, Row][] = [
    [programs, ofAuthority.program({ authorityId: nowhere })],
    [indications, make.indication({ parentId: nowhere })],
    [designations, newDesignation({ therapyId: nowhere })],
    [designations, newDesignation({ programId: nowhere })],
    [designations, newDesignation({ indicationId: nowhere })],
    [designations, newDesignation({ organizationId: nowhere })],
    [designations, newDesignation({ holderId: nowhere })],
    [designations, newDesignation({ currentIndicationId: nowhere })],
    [applications, ofAuthority.application({ therapyId: nowhere })],
    [applications, ofAuthority.application({ authorityId: nowhere })],
    [applications, ofAuthority.application({ indicationId: nowhere })],
    [applications, ofAuthority.application({ organizationId: nowhere })],
    [trials, make.trial({ sponsorId: nowhere })],
    [trialTherapies, { trialId: trial, therapyId: nowhere, position: 0 }],
    [trialTherapies, { trialId: nowhere, therapyId: therapy, position: 0 }],
    [events, newEvent({ designationId: nowhere })],
    [events, newEvent({ designationId: designation, status: 'transferred', organizationId: nowhere })],
    [events, newEvent({ designationId: designation, status: 'amended', indicationId: nowhere })],
    [evidence, { therapyId: therapy, sourceId: nowhere, position: 0 }],
    [evidence, { therapyId: nowhere, sourceId: source, position: 0 }],
  ]
  for (const [table, row] of dangling) {
    const rule = await brokenRule((db) => insert(db, table, row))
    t.match(rule, /_fk$/, `${getTableName(table)}: ${rule}`)
  }
  for (const [table, id] of [
    [authorities, authority],
    [therapies, therapy],
    [programs, program],
  ] as const) {
    const rule = await brokenRule((db) => db.rows(sql`delete from ${table} where id = ${id}`))
    t.match(rule, /_fk$/, `${getTableName(table)} that are referred to stay: ${rule}`)
  }
  await refuses(
    t,
    therapyOrganizations,
    { therapyId: therapy, organizationId: organization, role: 'sponsor', position: null },
    'null value in column "position" of relation "therapy_organizations" violates not-null constraint',
  )
})

t.test('an event happened to one subject, evidence belongs to one', async (t) => {
  const noSubject = 'events_subject'
  await refuses(t, events, newEvent({}), noSubject)
  await refuses(t, events, newEvent({ designationId: designation, trialId: trial }), noSubject)
  const application = await insert(database, applications, ofAuthority.application())
  const ofApplication = { applicationId: application, applicationType: 'BLA', status: 'withdrawn' }
  await takes(t, events, newEvent(ofApplication))
  await refuses(t, events, newEvent({ ...ofApplication, designationId: designation }), noSubject)
  await refuses(
    t,
    events,
    newEvent({ applicationId: application, status: 'withdrawn' }),
    'events_application_type',
  )
  await refuses(
    t,
    events,
    newEvent({ designationId: designation, applicationType: 'IND' }),
    'events_application_type',
  )
  await refuses(t, events, newEvent({ ...ofApplication, applicationType: 'MAA' }), 'events_application')

  const saysSo = { sourceId: source, position: 0 }
  await refuses(t, evidence, saysSo, 'evidence_subject')
  await refuses(t, evidence, { ...saysSo, therapyId: therapy, trialId: trial }, 'evidence_subject')
  await refuses(t, evidence, { ...saysSo, programId: program, trialId: trial }, 'evidence_subject')
  await takes(t, evidence, { ...saysSo, programId: program })
  const event = await insert(database, events, newEvent({ designationId: designation }))
  await refuses(t, evidence, { ...saysSo, eventId: event, therapyId: therapy }, 'evidence_subject')
  const moved = (db: Queryable) => db.rows(sql`update events set designation_id = null where id = ${event}`)
  t.equal(await brokenRule(moved), noSubject, 'an event cannot lose its subject')
})

/** Stores an application of a type with one event. */
const withEvent = (type: ApplicationType, status: string) => async (db: Queryable) => {
  const applicationId = await insert(db, applications, ofAuthority.application({ type }))
  const anticipated = status === 'goal-date'
  await insert(db, events, newEvent({ applicationId, applicationType: type, status, anticipated }))
}

t.test('an event has a status that its subject can have', async (t) => {
  const marketingOnly = [
    'approved',
    'conditionally-approved',
    'not-approved',
    'complete-response',
    'complete-response-rescinded',
    'goal-date',
    'refused',
    'revoked',
    'marketing-withdrawn',
  ]
  const clinicalOnly = ['cleared', 'clinical-hold', 'partial-hold', 'hold-lifted']
  for (const type of applicationTypes.values) {
    const isClinical = type === 'IND' || type === 'CTA'
    for (const status of isClinical ? marketingOnly : clinicalOnly) {
      t.equal(
        await brokenRule(withEvent(type, status)),
        'events_application_status',
        `no ${type} is ${status}`,
      )
    }
    for (const status of [...(isClinical ? clinicalOnly : marketingOnly), 'submitted', 'withdrawn']) {
      t.equal(await brokenRule(withEvent(type, status)), null, `a ${type} can be ${status}`)
    }
  }
})

t.test('designations and trials have statuses of their own', async (t) => {
  for (const status of ['approved', 'cleared', 'goal-date', 'started', 'Granted', '']) {
    await refuses(
      t,
      events,
      newEvent({ designationId: designation, status, anticipated: true }),
      'events_designation_status',
    )
  }
  for (const status of ['granted', 'approved', 'recruiting', 'completed']) {
    await refuses(t, events, newEvent({ trialId: trial, status }), 'events_trial_status')
  }
})

t.test('a goal date is anticipated; a transfer names the holder, an amendment the indication', async (t) => {
  const unforeseen = async (db: Queryable) => {
    await withEvent('BLA', 'submitted')(db)
    await db.rows(sql`update events set status = 'goal-date' where status = 'submitted'`)
  }
  t.equal(await brokenRule(unforeseen), 'events_goal_date_anticipated')
  const holder = { designationId: designation, organizationId: organization }
  await refuses(t, events, newEvent({ ...holder, status: 'granted' }), 'events_transferred_to')
  await takes(t, events, newEvent({ ...holder, status: 'transferred' }))
  const wording = { designationId: designation, indicationId: indication }
  await refuses(t, events, newEvent({ ...wording, status: 'transferred' }), 'events_amended_to')
  await takes(t, events, newEvent({ ...wording, status: 'amended' }))
})

t.test('the type of an application cannot change under its events', async (t) => {
  const become = (type: string, status: string) => async (db: Queryable) => {
    const id = await insert(db, applications, ofAuthority.application({ type: 'IND' }))
    const event = newEvent({ applicationId: id, applicationType: 'IND', status })
    await insert(db, events, event)
    await db.rows(sql`update applications set type = ${type} where id = ${id}`)
    const [row] = await db.rows<{ type: string }>(
      sql`select application_type as type from events where id = ${event.id}`,
    )
    t.equal(row?.type, type, 'the events follow')
  }
  t.equal(await brokenRule(become('BLA', 'cleared')), 'events_application_status')
  t.equal(await brokenRule(become('CTA', 'cleared')), null)
  t.equal(await brokenRule(become('BLA', 'submitted')), null)
  const alone = async (db: Queryable) => {
    const id = await insert(db, applications, ofAuthority.application({ type: 'IND' }))
    await insert(db, events, newEvent({ applicationId: id, applicationType: 'IND', status: 'cleared' }))
    await db.rows(
      sql`update events set application_type = 'BLA', status = 'approved' where application_id = ${id}`,
    )
  }
  t.equal(await brokenRule(alone), 'events_application', 'nor can the type in an event')
})

t.test('dates are ranges of days that a partial date names', async (t) => {
  const wrong = [
    '[2023-02-11,2023-02-13)',
    '[2023-02-02,2023-03-02)',
    '[2023-02-01,2023-05-01)',
    '[2023-07-01,2024-07-01)',
    '[2023-01-01,2023-07-01)',
    '[2023-01-01,2025-01-01)',
    '[2023-01-01,)',
    '(,2023-01-01)',
    '(,)',
    'empty',
    '[0999-01-01,1000-01-01)',
    '[9999-01-01,10000-01-01)',
    '[9999-01-01,9999-01-02)',
  ]
  for (const on of wrong) {
    const rule = await brokenRule((db) => insert(db, events, newEvent({ designationId: designation, on })))
    t.equal(rule, 'partial_date_named', on)
  }
  const right = [
    '[1000-01-01,1001-01-01)',
    '[9998-01-01,9999-01-01)',
    '[9998-12-31,9999-01-01)',
    '[2024-02-29,2024-03-01)',
    '[2023-02-11,2023-02-11]',
    '[2023-01-01,2023-04-01)',
    '[2023-02-01,2023-03-01)',
    '[2023-10-01,2024-01-01)',
  ]
  for (const on of right) await takes(t, events, newEvent({ designationId: designation, on }))
  t.equal(
    await brokenRule((db) => insert(db, sources, make.source({ publishedOn: '[2023-01-01,2023-01-20)' }))),
    'partial_date_named',
    'so is every other date',
  )
})

t.test('a date is written as its name within the statement that asks for it, and none as none', async (t) => {
  const [none] = await database.rows<{ text: string | null }>(
    sql`select partial_date_text(null::daterange) as text`,
  )
  t.same(none, { text: null })
  const plan = await database.rows<Record<string, string>>(
    sql`explain (verbose) select partial_date_text("on") from ${events}`,
  )
  const lines = plan.flatMap((row) => Object.values(row)).join('\n')
  t.match(lines, /Output: .*CASE WHEN/)
  t.notMatch(lines, /partial_date_text/, 'no function is called')
})

const inner = { type: 'inn', name: 'x', position: 0 }
const words: [table: PgTable, row: Row, field: string, rule: string][] = [
  [organizations, make.organization(), 'kind', 'organizations_kind'],
  [sources, make.source(), 'kind', 'sources_kind'],
  [therapies, make.therapy(), 'modality', 'therapies_modality'],
  [therapies, make.therapy(), 'cellOrigin', 'therapies_cell_origin'],
  [therapies, make.therapy(), 'cellSource', 'therapies_cell_source'],
  [therapies, make.therapy(), 'vector', 'therapies_vector'],
  [therapies, make.therapy(), 'stage', 'therapies_stage'],
  [therapyNames, { therapyId: therapy, ...inner }, 'type', 'therapy_names_type'],
  [
    therapyOrganizations,
    { therapyId: therapy, organizationId: organization, position: 0, role: 'sponsor' },
    'role',
    'therapy_organizations_role',
  ],
  [applications, ofAuthority.application(), 'type', 'applications_type'],
  [applications, ofAuthority.application(), 'status', 'applications_status'],
  [designations, newDesignation(), 'status', 'designations_status'],
  [trials, make.trial({ registryId: 'NCT04150497' }), 'registry', 'trials_registry'],
  [trials, make.trial(), 'phase', 'trials_phase'],
  [trials, make.trial(), 'status', 'trials_status'],
]

t.test('words outside a vocabulary are refused', async (t) => {
  for (const [table, row, field, rule] of words) {
    for (const word of ['biosimilar', '', 'CAR-T'])
      await refuses(
        t,
        table,
        { ...row, [field]: word, ...(field === 'registry' && { registryId: '1' }) },
        rule,
      )
  }
})

/** The id of an indication below another. */
const below = (db: Queryable, parentId: string | null = null) =>
  insert(db, indications, make.indication({ parentId }))
const hang = (db: Queryable, id: string, parent: string) =>
  db.rows(sql`update indications set parent_id = ${parent} where id = ${id}`)

t.test('the tree of indications has no cycle', async (t) => {
  const acyclic = 'indications_acyclic'
  const itself = uuidv7()
  const newRow = (id: string, parentId: string) => make.indication({ id, parentId })
  await refuses(t, indications, newRow(itself, itself), acyclic)
  const cases: Record<string, (db: Queryable) => Promise<unknown>> = {
    'one, by update': async (db) => {
      const a = await below(db)
      await hang(db, a, a)
    },
    'two, by update': async (db) => {
      const a = await below(db)
      const b = await below(db, a)
      await hang(db, a, b)
    },
    'three, by update': async (db) => {
      const a = await below(db)
      const b = await below(db, a)
      const c = await below(db, b)
      await hang(db, a, c)
    },
    'two, by one insert': (db) => {
      const [a, b] = [uuidv7(), uuidv7()]
      return insertTree(db, [
        [a, b],
        [b, a],
      ])
    },
    'three and one that hangs on them, by one insert': (db) => {
      const [a, b, c, d] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()]
      return insertTree(db, [
        [d, a],
        [a, b],
        [b, c],
        [c, a],
      ])
    },
    'two, by one update': async (db) => {
      const a = await below(db)
      const b = await below(db)
      await db.rows(sql`
        update indications set parent_id = case id when ${a} then ${b}::uuid else ${a}::uuid end
        where id in (${a}, ${b})`)
    },
    'one, by changes of ids': async (db) => {
      const [a, x, y] = [uuidv7(), uuidv7(), uuidv7()]
      await insertTree(db, [
        [x, null],
        [a, x],
      ])
      await db.rows(sql`
        update indications i set id = n.new from (
          select i.id as old, case i.id when ${x} then ${y}::uuid else ${x}::uuid end as new
          from indications i where i.id in (${a}, ${x}) order by i.ctid
        ) n where i.id = n.old`)
    },
  }
  for (const [name, work] of Object.entries(cases)) t.equal(await brokenRule(work), acyclic, name)
  const move = async (db: Queryable) => {
    const a = await below(db)
    const b = await below(db, a)
    const c = await below(db, b)
    await hang(db, c, a)
    await hang(db, b, c)
  }
  t.equal(await brokenRule(move), null, 'a branch can move')
})

function insertTree(db: Queryable, rows: [id: string, parent: string | null][]): Promise<unknown> {
  const values = rows.map(
    ([id, parent]) =>
      sql`(${id}::uuid, ${slug('tree')}, ${slug('Tree')}, '{}'::text[], '[]'::jsonb, ${parent}::uuid)`,
  )
  return db.rows(sql`
    insert into indications (id, slug, name, abbreviations, identifiers, parent_id)
    values ${sql.join(values, sql`, `)}`)
}

t.test('two transactions cannot close a cycle together', async (t) => {
  for (const isolation of ['read committed', 'repeatable read', 'serializable']) {
    const [a, b] = [await below(database), await below(database)]
    const one = connect({ ...settings, max: 1 })
    const two = connect({ ...settings, max: 1 })
    const begin = sql.raw(`begin isolation level ${isolation}`)
    try {
      await one.rows(begin)
      await two.rows(begin)
      // Each takes its snapshot before the other has written.
      await one.rows(sql`select from indications where id = ${a}`)
      await two.rows(sql`select from indications where id = ${a}`)
      await hang(one, a, b)
      const second = hang(two, b, a).then(
        () => null,
        (error: Error) => error,
      )
      await sleep(50)
      await one.rows(sql`commit`)
      const error = await second
      const outcome = violationOf(error)?.constraint ?? (error as { code?: string } | null)?.code
      t.equal(outcome, isolation === 'read committed' ? 'indications_acyclic' : '40001', isolation)
      await two.rows(sql`rollback`)
    } finally {
      await one.close()
      await two.close()
    }
  }
})

t.test('a transaction that moves a branch does not keep others from writing elsewhere', async (t) => {
  const [a, b, c] = [await below(database), await below(database), await below(database)]
  const others = connect({ ...settings, max: 1 })
  t.teardown(() => others.close())
  await others.rows(sql`set lock_timeout = '1s'`)
  await database.transaction(async (transaction) => {
    await hang(transaction, a, b)
    await others.rows(sql`update indications set abbreviations = '{B}' where id = ${b}`)
    await insert(others, designations, newDesignation({ indicationId: a, cycle: 999 }))
    await others.rows(sql`update indications set name = name || ' (c)', parent_id = null where id = ${c}`)
  })
  const [row] = await database.rows<{ parent: string }>(
    sql`select parent_id as parent from indications where id = ${a}`,
  )
  t.equal(row?.parent, b)
})
