import { type SQL, sql } from 'drizzle-orm'
import type { Database, Queryable, Written } from '../db/connection.js'
import type { AsOf } from '../domain/as-of.js'
import { isId } from '../domain/slug.js'
import { type Answer, recordTag, type Tagged } from '../http/conditional.js'
import { Problem, problem } from '../http/problem.js'
import { type Bearer, bearersOf } from '../search/names.js'
import type { Definition } from './definition.js'
import type { Kept } from './documents.js'
import { isKey } from './keys.js'
import { type Content, shown } from './list.js'
import { selectionsOf } from './related.js'
import { formerSlugs, tombstones } from './tables.js'

/** The record that a slug or an id names; `item` is the text that it is answered as, as SQL over its row. */
export async function findRecord(
  db: Queryable,
  definition: Definition,
  key: string,
  item: SQL = sql`${definition.table.document}`,
): Promise<Kept> {
  const { table } = definition
  const columns = sql`id, slug, version, updated_at as "updatedAt", ${item} as document`
  return readOne<Kept>(db, definition, key, sql`select ${columns} from ${table}`)
}

/** The row of the record that a slug or an id names, as a selection from its table answers it. */
async function readOne<Row extends object>(
  db: Queryable,
  definition: Definition,
  key: string,
  selection: SQL,
): Promise<Row> {
  const [row] = await db.rows<Row>(whereKeyIs(definition, key, selection))
  if (row === undefined) throw await whyNotFound(db, definition, key)
  return row
}

const whereKeyIs = ({ table }: Definition, key: string, selection: SQL): SQL =>
  sql`${selection} where ${isKey(table, key)}`

/** Records that are called what a path says: exactly one, or several to choose from. */
export class CalledSo extends Error {
  readonly bearers: readonly Bearer[]

  constructor(bearers: readonly Bearer[]) {
    super(`This is a name of ${bearers.map(({ slug }) => slug).join(', ')}.`)
    this.bearers = bearers
  }
}

/** Why a path leads to no record, or where its name does: a path takes a name, too, where it is read. */
async function whyNotFound(db: Queryable, definition: Definition, key: string): Promise<Error> {
  const why = await whyMissing(db, definition, key)
  if (!(why instanceof Problem && why.details.kind === 'not-found')) return why
  const { bearers, near } = await bearersOf(db, definition.name, key)
  if (bearers.length > 0) return new CalledSo(bearers)
  if (near.length === 0) return why
  const slugs = near.map(({ slug }: Bearer) => `"${slug}"`)
  return problem('not-found', `${why.message} Did you mean ${slugs.join(' or ')}?`, { extensions: { near } })
}

/** What is asked of a record. */
export interface Question {
  content: Content
  asOf?: AsOf | undefined
}

interface Version extends Pick<Kept, 'id' | 'version' | 'updatedAt'> {
  /** Follows from the versions of the records in related lists. */
  related: string
}

/** The record that a slug or an id names as it is answered, with related lists, in one round trip. */
export async function getRecord(
  db: Database,
  definition: Definition,
  key: string,
  question: Question,
): Promise<Answer> {
  const { document } = selectionsOf(definition, question.content.include, question.asOf)
  const found = await db.written(whereKeyIs(definition, key, document), (columns) =>
    answerOf(columns, definition, question),
  )
  if (found === undefined) throw await whyNotFound(db, definition, key)
  return found
}

/** The answer that follows from what PostgreSQL wrote of a record; most are what is kept of it, as it is. */
function answerOf(
  [id, version, updatedAt, related, document]: Written,
  definition: Definition,
  question: Question,
): Answer {
  const { content, asOf } = question
  const found = {
    id: String(id),
    version: Number(version),
    updatedAt: new Date(String(updatedAt)),
    related: String(related),
  }
  const isWhole = content.fields === undefined && asOf === undefined
  const body = isWhole
    ? Buffer.from(document as Buffer)
    : Buffer.from(JSON.stringify(shown(definition, JSON.parse(String(document)), content, asOf)))
  return { ...taggedOf(found, question), body }
}

/** Which version of a record would be answered; its documents are not read. */
export async function findVersion(
  db: Queryable,
  definition: Definition,
  key: string,
  question: Question,
): Promise<Tagged> {
  const { content, asOf } = question
  const { version } = selectionsOf(definition, content.include, asOf)
  return taggedOf(await readOne<Version>(db, definition, key, version), question)
}

/** What is embedded changes without the record; a record as it was has no date of its own. */
function taggedOf(version: Version, { content: { include, fields }, asOf }: Question): Tagged {
  const isRecord = include.length === 0 && asOf === undefined
  const part = isRecord && fields === undefined ? '' : `.${version.related}`
  return { tag: recordTag(version) + part, ...(isRecord && { updatedAt: version.updatedAt }) }
}

/** The record that a slug or an id names, locked until the transaction ends. */
export async function lockRecord(db: Queryable, definition: Definition, key: string): Promise<Kept> {
  const { table } = definition
  const [row] = await db.rows<Kept>(sql`
    select id, slug, version, updated_at as "updatedAt", document from ${table} where ${isKey(table, key)} for update`)
  if (row === undefined) throw await whyMissing(db, definition, key)
  return row
}

/** Where a record has gone that has another slug now. */
export class Renamed extends Error {
  readonly slug: string

  constructor(slug: string) {
    super(`The record is now called "${slug}".`)
    this.slug = slug
  }
}

/** The tombstones of what a key named: by its id, its last slug or one that it had before. */
const wasCalled = (resource: string, key: string): SQL =>
  isId(key)
    ? sql`id = ${key}`
    : sql`(slug = ${key} or id = (select id from ${formerSlugs} where resource = ${resource} and slug = ${key}))`

/** Why a key names no record: it was renamed or deleted, or never was. */
async function whyMissing(db: Queryable, { name, singular, table }: Definition, key: string): Promise<Error> {
  const [trace] = await db.rows<{ slug: string | null; deletedAt: Date | null }>(sql`
    select slug, null::timestamptz as "deletedAt" from ${table}
    where id = (select id from ${formerSlugs} where resource = ${name} and slug = ${key})
    union all
    (select null, deleted_at from ${tombstones} where resource = ${name} and ${wasCalled(name, key)}
    order by deleted_at desc limit 1)`)
  if (trace === undefined) return problem('not-found', `There is no ${singular} "${key}".`)
  if (trace.slug !== null) return new Renamed(trace.slug)
  const deletedAt = (trace.deletedAt as Date).toISOString()
  return problem('gone', `The ${singular} "${key}" was deleted.`, { extensions: { deletedAt } })
}
