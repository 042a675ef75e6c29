import { type SQL, sql } from 'drizzle-orm'
import { idArray } from '../db/arrays.js'
import type { Transaction } from '../db/connection.js'
import { addEntries, keepEntries } from '../search/keep.js'
import type { Definition } from './definition.js'
import { columnList } from './rows.js'

/** A record as it is kept: its document is what the API answers. */
export interface Kept {
  id: string
  slug: string
  version: number
  updatedAt: Date
  document: string
}

/** What changes with every write of a row. Each version has a second of its own: the dates of HTTP have no finer ones. */
export const nextVersion = (table: Definition['table']): SQL =>
  sql`version = ${table.version} + 1,
    updated_at = greatest(now(), date_trunc('second', ${table.updatedAt}) + interval '1 second')`

/** The rows of a resource whose kept document is not what its shape says now. */
export const isStale = ({ table, document }: Pick<Definition, 'table' | 'document'>): SQL =>
  sql`${table.document} is distinct from ${document}::text`

/** Computes and keeps the documents of records, and what search knows of them; answers them. */
export async function keepDocuments(
  transaction: Transaction,
  definition: Definition,
  ids: readonly string[],
): Promise<Kept[]> {
  const kept = await updateDocuments(transaction, definition, ids)
  await keepEntries(transaction, definition, kept)
  return kept
}

/** The same for records that are new, of which search knows nothing yet. */
export async function keepNewDocuments(
  transaction: Transaction,
  definition: Definition,
  ids: readonly string[],
): Promise<Kept[]> {
  const kept = await updateDocuments(transaction, definition, ids)
  await addEntries(transaction, definition, kept)
  return kept
}

const updateDocuments = (
  transaction: Transaction,
  { table, document }: Definition,
  ids: readonly string[],
): Promise<Kept[]> =>
  transaction.rows<Kept>(sql`
    update ${table} set document = ${document}::text where ${table.id} = any(${idArray(ids)})
    returning ${columnList(['id', 'slug', 'version', 'document'])}, updated_at as "updatedAt"`)
