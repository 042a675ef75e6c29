import { sql } from 'drizzle-orm'
import type { Definition, Item } from '../crud/definition.js'
import type { Kept } from '../crud/documents.js'
import { hasKey } from '../crud/keys.js'
import { allDefinitions, definitionOf } from '../crud/registry.js'
import { writeRecords } from '../crud/write.js'
import type { Database, Queryable, Transaction } from '../db/connection.js'
import { validateBody } from '../http/validation.js'
import { loadRoutes } from '../resources/index.js'
import { readSeed, seedFolder } from './files.js'

/** Records written at once; enough to make the number of statements small, and each of them not too large. */
const batch = 200

/** How many records of the curated data were new, were changed, or stayed as they were. */
export interface SeedReport {
  created: number
  updated: number
  unchanged: number
}

/**
 * Loads the curated data: a record that is not there is created, one that says something else is replaced, one that
 * says the same stays as it is. Everything takes effect at once, or nothing does.
 */
export async function seed(database: Database, folder = seedFolder): Promise<SeedReport> {
  await loadRoutes()
  const bodies = await readSeed(folder)
  return database.transaction(async (transaction) => {
    await waitForOthers(transaction)
    return load(transaction, bodies)
  })
}

/** Loads the curated data into a registry that holds nothing; answers how many records it loaded. */
export async function seedWhenEmpty(database: Database): Promise<number> {
  await loadRoutes()
  if (!(await isEmpty(database))) return 0
  const bodies = await readSeed()
  return database.transaction(async (transaction) => {
    await waitForOthers(transaction)
    if (!(await isEmpty(transaction))) return 0
    return (await load(transaction, bodies)).created
  })
}

/** Of several processes that start at once, one loads and the others find it done. */
const waitForOthers = (db: Queryable) => db.rows(sql`select pg_advisory_xact_lock(hashtext('openrmat.seed'))`)

/** Whether there is no record and never was one: a registry that somebody emptied stays empty. */
async function isEmpty(db: Queryable): Promise<boolean> {
  const tables = allDefinitions().map(({ table }) => sql`exists (select from ${table})`)
  const [row] = await db.rows<{ filled: boolean }>(
    sql`select ${sql.join([...tables, sql`exists (select from tombstones)`], sql` or `)} as filled`,
  )
  return row?.filled === false
}

async function load(transaction: Transaction, bodies: [string, Item[]][]): Promise<SeedReport> {
  const report: SeedReport = { created: 0, updated: 0, unchanged: 0 }
  // It locks records of every resource, which would cross with what others write meanwhile.
  transaction.alone()
  for (const [name, list] of bodies) {
    const definition = definitionOf(name)
    for (const part of batchesOf(definition, list)) await loadBatch(transaction, definition, part, report)
  }
  return report
}

/** A tree goes in at once, since any of its records may lie below any other. */
function batchesOf({ references = {}, name }: Definition, list: Item[]): Item[][] {
  const size = Object.values(references).some((resource) => resource().name === name) ? list.length : batch
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  )
}

async function loadBatch(
  transaction: Transaction,
  definition: Definition,
  list: Item[],
  report: SeedReport,
): Promise<void> {
  const before = await currentRecords(transaction, definition, list)
  const entries = list.map((body) => {
    const current = before.get(String(body.slug))
    return { input: validateBody(definition.input, body), ...(current && { current }) }
  })
  const kept = await writeRecords(transaction, definition, entries)
  for (const { id, slug, version } of kept) {
    const current = before.get(slug)
    if (current?.id !== id) report.created++
    else if (current.version === version) report.unchanged++
    else report.updated++
  }
}

async function currentRecords(
  db: Queryable,
  { table }: Definition,
  list: Item[],
): Promise<Map<string, Kept>> {
  const slugs = list.map(({ slug }) => String(slug))
  const rows = await db.rows<Kept>(sql`
    select id, slug, version, updated_at as "updatedAt", document from ${table} where ${hasKey(table, slugs)} for update`)
  return new Map(rows.map((record) => [record.slug, record]))
}
