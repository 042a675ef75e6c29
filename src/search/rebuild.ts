import { sql } from 'drizzle-orm'
import { idArray } from '../db/arrays.js'
import type { Database, Queryable } from '../db/connection.js'
import { addWords, insertEntries, keepNames, retell } from './keep.js'
import { batchesOf, entriesOf, type StoredResource } from './stored.js'
import { searchEntries, searchState, searchWords } from './table.js'

/**
 * By which rules entries are made of documents. A change of how names are compared, of what is read of a document or of
 * what is kept takes a new number: then every database makes its entries again.
 */
export const searchRules = 1

/** Makes the index again where it was made by other rules, or never; answers how many records were read. */
export async function ensureSearchIndex(db: Database, resources: readonly StoredResource[]): Promise<number> {
  if (await isCurrent(db)) return 0
  return db.transaction(async (transaction) => {
    transaction.alone()
    // Of several services that start at once, one makes the index and the others find it made.
    return (await isCurrent(transaction)) ? 0 : rebuild(transaction, resources)
  })
}

async function isCurrent(db: Queryable): Promise<boolean> {
  const [state] = await db.rows<{ rules: number }>(sql`select rules from ${searchState}`)
  return state?.rules === searchRules
}

/** Makes the index again from the documents, by whatever rules it was made; answers how many records were read. */
export function rebuildSearchIndex(db: Database, resources: readonly StoredResource[]): Promise<number> {
  return db.transaction(async (transaction) => {
    transaction.alone()
    return rebuild(transaction, resources)
  })
}

/** Nobody writes meanwhile, and who searches finds what was there before until all of it is done. */
async function rebuild(db: Queryable, resources: readonly StoredResource[]): Promise<number> {
  // Plans made while the tables are empty would stay to the end.
  await db.rows(sql`select set_config('plan_cache_mode', 'force_custom_plan', true)`)
  await db.rows(sql`delete from ${searchEntries}`)
  await db.rows(sql`delete from ${searchWords}`)
  let records = 0
  for (const resource of resources) records += await addAll(db, resource)
  await db.rows(sql`analyze ${searchEntries}`)
  for await (const rows of batchesOf(db, searchEntries, sql`id`)) {
    await retell(db, sql`id = any(${idArray(rows.map(({ id }) => id))})`)
  }
  await db.rows(sql`
    insert into ${searchState} (rules) values (${searchRules}) on conflict (one) do update set rules = excluded.rules`)
  return records
}

async function addAll(db: Queryable, resource: StoredResource): Promise<number> {
  let records = 0
  for await (const entries of entriesOf(db, resource)) {
    await Promise.all([addWords(db, entries), insertEntries(db, entries), ...keepNames(db, entries)])
    records += entries.length
  }
  return records
}
