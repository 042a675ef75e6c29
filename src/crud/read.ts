import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../db/connection.js'
import { isId } from '../domain/slug.js'
import { problem } from '../http/problem.js'
import type { Definition } from './definition.js'
import type { Kept } from './documents.js'
import { isKey } from './keys.js'
import { definitionOf } from './registry.js'
import { formerSlugs, tombstones } from './tables.js'

/** A record with the documents of its related lists, by their names. */
export interface Found extends Kept {
  related: Record<string, string>
}

/** The record that a slug or an id names, with related lists, in one round trip. */
export async function findRecord(
  db: Queryable,
  definition: Definition,
  key: string,
  include: readonly string[] = [],
): Promise<Found> {
  const { table } = definition
  const related = include.map(
    (name) => sql`, ${relatedDocuments(definition, name)} as ${sql.identifier(name)}`,
  )
  const [row] = await db.rows<Kept & Record<string, string>>(sql`
    select id, slug, version, updated_at as "updatedAt", document${sql.join(related)}
    from ${table} where ${isKey(table, key)}`)
  if (row === undefined) throw await whyMissing(db, definition, key)
  return { ...row, related: Object.fromEntries(include.map((name) => [name, row[name] as string])) }
}

/** The documents of a related list as the text of a JSON array, by slug. */
function relatedDocuments({ related = {} }: Definition, name: string) {
  const { resource, where } = related[name] as NonNullable<Definition['related']>[string]
  const { table } = definitionOf(resource)
  return sql`(select '[' || coalesce(string_agg(${table.document}, ',' order by ${table.slug}), '') || ']'
    from ${table} where ${where})`
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
