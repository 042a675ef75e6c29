import { type Column, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { idArray } from '../db/arrays.js'
import type { Transaction } from '../db/connection.js'
import type { Collection, Definition, Part } from './definition.js'
import { isStale, keepDocuments, nextVersion } from './documents.js'
import { allDefinitions } from './registry.js'

/** A way in which records of one resource refer to another's: which of them do, as a condition on their rows. */
export interface ReferencePath {
  from: Definition
  field: string
  /** The rows of `from` that refer to one of the ids. */
  refersTo(ids: SQL): SQL
  /** The rows of `from` that refer to nothing else in this way. */
  onlyTo(ids: SQL): SQL
}

type PathWithin = Omit<ReferencePath, 'from'>

const columnOf = (table: PgTable, property: string): Column =>
  (getTableColumns(table) as Record<string, Column>)[property] as Column

/** Every way in which a part, or a list below it, refers to a resource. */
function pathsWithin(part: Part, to: Definition): PathWithin[] {
  const own = Object.entries(part.references ?? {})
    .filter(([, resource]) => resource() === to)
    .map(([field]) => pathOfField(part, field))
  const below = Object.entries(part.collections ?? {}).flatMap(([field, collection]) =>
    pathsWithin(collection, to).map((path) => pathOfItems(part, field, collection, path)),
  )
  return [...own, ...below]
}

function pathOfField(part: Part, field: string): PathWithin {
  const column = columnOf(part.table, `${field}Id`)
  return {
    field,
    refersTo: (ids) => sql`${column} = any(${ids})`,
    onlyTo: (ids) => sql`${column} = any(${ids})`,
  }
}

function pathOfItems(
  part: Part,
  field: string,
  { table, owner, single }: Collection,
  path: PathWithin,
): PathWithin {
  const id = columnOf(part.table, 'id')
  const owners = sql`select ${columnOf(table, owner)} from ${table}`
  return {
    field: single === undefined ? `${field}.${path.field}` : field,
    refersTo: (ids) => sql`${id} in (${owners} where ${path.refersTo(ids)})`,
    onlyTo: (ids) => sql`${id} not in (${owners} where not (${path.onlyTo(ids)}))`,
  }
}

/** Every way in which the registry refers to a resource. */
export function referencePaths(to: Definition): ReferencePath[] {
  return allDefinitions().flatMap((from) => pathsWithin(from, to).map((path) => ({ from, ...path })))
}

/** The ids of the records of one resource that refer, on any of the paths, to one of the ids. */
export function referrers(paths: readonly ReferencePath[], ids: SQL): SQL {
  const selects = paths.map(
    ({ from, refersTo }) => sql`select ${from.table.id} from ${from.table} where ${refersTo(ids)}`,
  )
  return sql.join(selects, sql` union `)
}

/**
 * Writes the documents again that show something of the records that changed. They are other records than before,
 * so they get a new version, too; and where they are themselves shown with what changed, so do those that show them.
 */
export async function rewriteDependents(
  transaction: Transaction,
  definition: Definition,
  changed: readonly string[],
): Promise<void> {
  if (changed.length === 0) return
  // It locks what lies below what it changed, others lock what lies above: side by side they would block each other.
  transaction.alone()
  const paths = referencePaths(definition)
  for (const from of new Set(paths.map((path) => path.from))) {
    const own = paths.filter((path) => path.from === from)
    const dependents = await lockReferrers(transaction, from, own, changed)
    await rewriteStale(transaction, from, dependents)
    if (own.some(({ field }) => from.embedded.includes(field))) {
      await rewriteDependents(transaction, from, dependents)
    }
  }
}

/**
 * The records of a resource that refer to others. They are locked also where their own document stays the same:
 * what is written meanwhile and shows them must wait, since it may show through them what changed.
 */
async function lockReferrers(
  transaction: Transaction,
  { table }: Definition,
  paths: readonly ReferencePath[],
  ids: readonly string[],
): Promise<string[]> {
  const rows = await transaction.rows<{ id: string }>(sql`
    select id from ${table} where ${table.id} = any(array(${referrers(paths, idArray(ids))}))
    order by id for no key update`)
  return rows.map(({ id }) => id)
}

async function rewriteStale(
  transaction: Transaction,
  definition: Definition,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  const { table } = definition
  const stale = await transaction.rows<{ id: string }>(sql`
    update ${table} set ${nextVersion(table)}
    where ${table.id} = any(${idArray(ids)}) and ${isStale(definition)} returning id`)
  await keepDocuments(
    transaction,
    definition,
    stale.map(({ id }) => id),
  )
}
