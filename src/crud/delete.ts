import { sql } from 'drizzle-orm'
import { idArray } from '../db/arrays.js'
import type { Transaction } from '../db/connection.js'
import { problem } from '../http/problem.js'
import { removeEntries } from '../search/keep.js'
import type { Definition } from './definition.js'
import { type ReferencePath, referencePaths, referrers } from './dependents.js'
import type { Kept } from './documents.js'
import { insertRows } from './rows.js'
import { tombstones } from './tables.js'

/** The records to delete, resource by resource, in the order in which they were found. */
type Doomed = Map<Definition, Set<string>>

/**
 * Deletes a record; with `cascade` also what lies below it. What is still referred to from elsewhere stays, with
 * everything else: then nothing is deleted, and the problem says by what and how many.
 */
export async function deleteRecord(
  transaction: Transaction,
  definition: Definition,
  record: Kept,
  cascade: boolean,
): Promise<void> {
  const doomed: Doomed = new Map([[definition, new Set([record.id])]])
  if (cascade) await addBelow(transaction, doomed, definition)
  await refuseReferenced(transaction, definition, doomed)
  // What lies below was found after what it lies below of, and has to go first.
  for (const [resource, ids] of [...doomed].reverse()) await remove(transaction, resource, [...ids])
}

const isBelow = ({ from, field }: ReferencePath) => from.below.includes(field)

/** Adds what lies below the doomed records of a resource, and what lies below that. */
async function addBelow(transaction: Transaction, doomed: Doomed, definition: Definition): Promise<void> {
  const paths = referencePaths(definition).filter(isBelow)
  for (const path of paths) {
    const found = await lockBelow(transaction, path, [...(doomed.get(definition) as Set<string>)])
    const known = doomed.get(path.from) ?? new Set()
    const fresh = found.filter((id) => !known.has(id))
    // Deleted and set again, so that the resource stands behind everything that it lies below of.
    doomed.delete(path.from)
    doomed.set(path.from, new Set([...known, ...fresh]))
    if (fresh.length > 0) await addBelow(transaction, doomed, path.from)
  }
}

async function lockBelow(transaction: Transaction, path: ReferencePath, ids: string[]): Promise<string[]> {
  const { table } = path.from
  const rows = await transaction.rows<{ id: string }>(
    sql`select id from ${table} where ${path.refersTo(idArray(ids))} and ${path.onlyTo(idArray(ids))} for update`,
  )
  return rows.map(({ id }) => id)
}

/** Refuses to delete what records that stay refer to. */
async function refuseReferenced(
  transaction: Transaction,
  definition: Definition,
  doomed: Doomed,
): Promise<void> {
  const references: Record<string, number> = {}
  for (const [resource, ids] of doomed) {
    const paths = referencePaths(resource)
    for (const from of new Set(paths.map((path) => path.from))) {
      const own = paths.filter((path) => path.from === from)
      const leaving = idArray([...(doomed.get(from) ?? [])])
      const [row] = await transaction.rows<{ count: number }>(sql`
        select count(*)::int as count from (${referrers(own, idArray([...ids]))}) r where id <> all(${leaving})`)
      if (row !== undefined && row.count > 0) references[from.name] = (references[from.name] ?? 0) + row.count
    }
  }
  const list = Object.entries(references).map(([name, count]) => `${count} ${name}`)
  if (list.length === 0) return
  throw problem(
    'still-referenced',
    `This ${definition.singular} is still referred to by ${list.join(', ')}.`,
    {
      extensions: { references },
    },
  )
}

async function remove(transaction: Transaction, { name, table }: Definition, ids: string[]): Promise<void> {
  const gone = await transaction.rows<{ id: string; slug: string }>(
    sql`delete from ${table} where ${table.id} = any(${idArray(ids)}) returning id, slug`,
  )
  await removeEntries(
    transaction,
    gone.map(({ id }) => id),
  )
  const deletedAt = new Date().toISOString()
  await insertRows(
    transaction,
    tombstones,
    gone.map(({ id, slug }) => ({ id, resource: name, slug, deleted_at: deletedAt })),
  )
}
