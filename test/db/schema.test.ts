import { existsSync, readdirSync } from 'node:fs'
import { is, sql } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import fc from 'fast-check'
import t from 'tap'
import * as recordTables from '../../src/crud/tables.js'
import { isPartialDate, rangeOf, textOf } from '../../src/domain/partial-date.js'
import * as words from '../../src/domain/vocabularies.js'
import * as keyTables from '../../src/keys/table.js'
import * as searchTables from '../../src/search/table.js'
import { testDatabase } from '../support/database.js'

// Whatever folder of resources has tables: a new one needs no mention here.
const resources = new URL('../../src/resources/', import.meta.url)
const folders = readdirSync(resources).filter((name) => existsSync(new URL(`${name}/table.ts`, resources)))
const modules = await Promise.all(folders.map((name) => import(new URL(`${name}/table.js`, resources).href)))
const tables = [...modules, recordTables, searchTables, keyTables]
  .flatMap((module) => Object.values<PgTable>(module))
  .filter((table) => is(table, PgTable))
const declared = tables.map(getTableConfig)
const { database } = await testDatabase(t, { template: 'empty' })

const sorted = (list: Iterable<string>) => [...list].sort()

/** The first column of rows, sorted. */
async function names(statement: ReturnType<typeof sql>): Promise<string[]> {
  const rows = await database.rows<{ name: string }>(statement)
  return sorted(rows.map(({ name }) => name))
}

t.test('the database has the tables and columns that the code declares, and no others', async (t) => {
  const found = await names(sql`
    select format('%s.%s %s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then ' not null' else '' end) as name
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped`)
  const spelled: Record<string, string> = {
    'timestamp (3) with time zone': 'timestamp(3) with time zone',
    'text collate "C"': 'text',
  }
  const expected = declared.flatMap(({ name, columns }) =>
    columns.map((column) => {
      const type = column.getSQLType()
      return `${name}.${column.name} ${spelled[type] ?? type}${column.notNull ? ' not null' : ''}`
    }),
  )
  t.same(found, sorted(expected))
})

t.test('the database has the constraints that the code declares, and no others', async (t) => {
  const found = await names(sql`
    select format('%s.%s %s', c.conrelid::regclass, c.conname, c.contype) as name
    from pg_constraint c where c.connamespace = 'public'::regnamespace and c.conrelid <> 0 and c.contype <> 'n'`)
  const expected = declared.flatMap(
    ({ name, columns, checks, foreignKeys, primaryKeys, uniqueConstraints }) => [
      ...checks.map((check) => `${name}.${check.name} c`),
      ...foreignKeys.map((key) => `${name}.${key.getName()} f`),
      ...primaryKeys.map((key) => `${name}.${key.getName()} p`),
      ...columns.filter((column) => column.primary).map(() => `${name}.${name}_pkey p`),
      ...uniqueConstraints.map((unique) => `${name}.${unique.getName()} u`),
      ...columns.filter((column) => column.isUnique).map((column) => `${name}.${column.uniqueName} u`),
    ],
  )
  const trigger = 'indications.indications_acyclic t'
  t.same(found, sorted([...expected, trigger]))
})

t.test('foreign keys point where the code says', async (t) => {
  const found = await names(sql`
    select format('%s: %s -> %s', c.conname, c.conrelid::regclass, c.confrelid::regclass) as name
    from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace`)
  const expected = declared.flatMap(({ name, foreignKeys }) =>
    foreignKeys.map((key) => {
      const { foreignTable } = key.reference()
      return `${key.getName()}: ${name} -> ${getTableConfig(foreignTable).name}`
    }),
  )
  t.same(found, sorted(expected))
})

t.test('the database has the indexes that the code declares, and no others', async (t) => {
  const found = await names(sql`
    select format('%s.%s', i.indrelid::regclass, i.indexrelid::regclass) as name from pg_index i
    join pg_class c on c.oid = i.indrelid
    where c.relnamespace = 'public'::regnamespace and not exists (select from pg_constraint k where k.conindid = i.indexrelid
      and k.contype in ('p', 'u'))`)
  const expected = declared.flatMap(({ name, indexes }) =>
    indexes.map(({ config }) => {
      const columns = config.columns.map((column) => ('name' in column ? column.name : '?'))
      return `${name}.${config.name ?? `${name}_${columns.join('_')}_index`}`
    }),
  )
  t.same(found, sorted(expected))
})

t.test('each foreign key has an index that begins with it', async (t) => {
  const bare = await names(sql`
    select c.conname as name from pg_constraint c
    where c.contype = 'f' and c.connamespace = 'public'::regnamespace and not exists (
      select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = c.conkey[1]
      where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1]
        and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) = format('(%I IS NOT NULL)', a.attname)))`)
  t.same(bare, [])
})

t.test('documents are kept out of line as they are, and slugs sort by their bytes', async (t) => {
  const records = await database.rows<{ table: string; storage: string; collation: string }>(sql`
    select d.attrelid::regclass::text as table, d.attstorage as storage, l.collname as collation
    from pg_attribute d
    join pg_attribute s on s.attrelid = d.attrelid and s.attname = 'slug'
    join pg_collation l on l.oid = s.attcollation
    where d.attname = 'document'`)
  const kept = declared.filter(({ columns }) => columns.some((column) => column.name === 'document'))
  t.strictSame(sorted(records.map(({ table }) => table)), sorted(kept.map((table) => table.name)))
  for (const { table, storage, collation } of records) {
    t.equal(storage, 'e', `${table}.document is external`)
    t.equal(collation, 'C', `${table}.slug is in byte order`)
  }
})

t.test('each vocabulary is the same in the database', async (t) => {
  const checks = await database.rows<{ name: string; definition: string }>(sql`
    select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
    where contype = 'c' and connamespace = 'public'::regnamespace and pg_get_constraintdef(oid) like '%ARRAY[%'`)
  const expected: Record<string, readonly string[]> = {
    api_keys_scope: words.scopes.values,
    applications_status: words.applicationStatuses.values,
    applications_type: words.applicationTypes.values,
    designations_status: words.designationStatuses.values,
    events_application_status: [
      ...words.clinicalTrialApplicationTypes.values,
      ...words.clinicalTrialApplicationEventStatuses.values,
      ...words.marketingApplicationEventStatuses.values,
    ],
    events_designation_status: words.designationEventStatuses.values,
    events_trial_status: words.trialEventStatuses.values,
    organizations_kind: words.organizationKinds.values,
    sources_kind: words.sourceKinds.values,
    therapies_cell_origin: words.cellOrigins.values,
    therapies_cell_source: words.cellSources.values,
    therapies_modality: words.modalities.values,
    therapies_stage: words.stages.values,
    therapies_vector: words.vectors.values,
    therapy_names_type: words.nameTypes.values,
    therapy_organizations_role: words.organizationRoles.values,
    trials_phase: words.trialPhases.values,
    trials_registry: words.trialRegistries.values,
    trials_status: words.trialStatuses.values,
  }
  const found = checks.map(({ name, definition }) => [
    name,
    [...definition.matchAll(/'([^']+)'::text/g)].map(([, word]) => word),
  ])
  t.strictSame(Object.fromEntries(found.sort()), expected)
})

/** A day of the years that the database can hold, as days since the first. */
const firstDay = Date.UTC(990, 0, 1)
const dayOf = (days: number) => new Date(firstDay + days * 86_400_000).toISOString().slice(0, 10)
/** Mostly days at which a month begins, since only they make partial dates. */
const someDay = fc.oneof(
  fc.integer({ min: 0, max: 3_290_000 }).map(dayOf),
  fc
    .record({ year: fc.integer({ min: 990, max: 9999 }), month: fc.integer({ min: 0, max: 11 }) })
    .map(({ year, month }) => new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10)),
)
const someLength = fc.oneof(
  fc.constantFrom(1, 28, 29, 30, 31, 59, 60, 61, 62, 89, 90, 91, 92, 181, 182, 183, 184, 365, 366, 730, 731),
  fc.integer({ min: 1, max: 800 }),
)
const someRange = fc.record({ start: someDay, days: someLength }).map(({ start, days }) => ({
  start,
  end: new Date(Date.parse(start) + days * 86_400_000).toISOString().slice(0, 10),
}))

interface Range {
  start: string
  end: string
}

/** What the database says of ranges of days. */
async function textsOf(ranges: readonly Range[]): Promise<(string | null)[]> {
  const rows = await database.rows<{ text: string | null }>(sql`
    select partial_date_text(daterange(first, after)) as text
    from rows from (json_to_recordset(${sql.param(ranges)}::json) as ("start" date, "end" date))
      with ordinality r (first, after, place)
    order by place`)
  return rows.map(({ text }) => text)
}

function textInCode(range: Range): string | null {
  try {
    return textOf(range)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

t.test('the database reads ranges of days as the code does', async (t) => {
  const seed = Date.now()
  const ranges = fc.sample(someRange, { numRuns: 10_000, seed }).filter(({ end }) => !end.startsWith('+'))
  const texts = await textsOf(ranges)
  const differing = ranges
    .map((range, index) => ({ range, inDatabase: texts[index], inCode: textInCode(range) }))
    .filter(({ inDatabase, inCode }) => inDatabase !== inCode)
  t.strictSame(differing, [], `with the seed ${seed}`)
  const named = texts.filter((text) => text !== null).length
  t.ok(named > 100, `${named} of them have a name`)
})

t.test('what is written as a partial date is read back as it was', async (t) => {
  const year = fc.integer({ min: 1000, max: 9998 }).map(String)
  const two = (least: number, most: number) =>
    fc.integer({ min: least, max: most }).map((n) => String(n).padStart(2, '0'))
  const text = fc
    .oneof(
      year,
      fc.tuple(year, fc.constantFrom('Q1', 'Q2', 'Q3', 'Q4')).map((parts) => parts.join('-')),
      fc.tuple(year, two(1, 12)).map((parts) => parts.join('-')),
      fc.tuple(year, two(1, 12), two(1, 31)).map((parts) => parts.join('-')),
    )
    .filter(isPartialDate)
  const seed = Date.now()
  const dates = fc.sample(text, { numRuns: 3000, seed })
  const texts = await textsOf(dates.map(rangeOf))
  t.strictSame(
    dates.filter((date, index) => texts[index] !== date),
    [],
    `with the seed ${seed}`,
  )
})
