import { getTableColumns, sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { idArray } from '../db/arrays.js'
import type { Transaction } from '../db/connection.js'
import { problem } from '../http/problem.js'
import type { Collection, Definition, Item } from './definition.js'
import { rewriteDependents } from './dependents.js'
import { type Kept, keepDocuments, keepNewDocuments, nextVersion } from './documents.js'
import { stateRows } from './history.js'
import { listFaults } from './list-faults.js'
import { resolveReferences, withIds } from './references.js'
import { insertOf, insertRows, type Row, type RowsByTable, rowOf, rowsBelow } from './rows.js'
import { chooseSlugs, forgetSlugs, rememberSlugs } from './slugs.js'

/** A record to write: a new one, or one that takes the place of `current`. */
export interface Entry {
  input: Item
  current?: Kept
}

interface Prepared {
  id: string
  slug: string
  item: Item
  current?: Kept
}

/**
 * The one way in which anything is written. In the caller's transaction: references are resolved, rows written,
 * derived columns folded, documents kept, old slugs remembered, and documents that embed a changed name rewritten.
 * All entries are of one resource; any number of them costs the same number of statements.
 * A record that would not change stays as it is, version and all.
 */
export async function writeRecords(
  transaction: Transaction,
  definition: Definition,
  entries: readonly Entry[],
): Promise<Kept[]> {
  const prepared = await prepare(transaction, definition, entries)
  const isReplacement = prepared.some(({ current }) => current !== undefined)
  if (!isReplacement) return add(transaction, definition, prepared)
  return storeChanged(transaction, definition, prepared)
}

async function prepare(
  transaction: Transaction,
  definition: Definition,
  entries: readonly Entry[],
): Promise<Prepared[]> {
  const identified = entries.map((entry) => ({ ...entry, id: entry.current?.id ?? uuidv7() }))
  const named = identified.flatMap(({ id, input }) =>
    typeof input.slug === 'string' ? [[input.slug, { id, slug: input.slug }] as const] : [],
  )
  const inputs = entries.map(({ input }) => input)
  const resolving = resolveReferences(transaction, definition, inputs, new Map(named))
  const [lookup, slugs] = await Promise.all([
    resolving,
    chooseSlugs(transaction, definition, identified, resolving),
  ])
  return identified.map(({ id, input, current }, index) => {
    const item = { ...withIds(definition, input, lookup), id, slug: slugs[index] as string }
    refuseFaults(definition, item, current)
    return { id, slug: item.slug, item, ...(current && { current }) }
  })
}

function refuseFaults(definition: Definition, item: Item, current?: Kept): void {
  const errors = [...listFaults(definition, item, current), ...(definition.faults?.(item) ?? [])]
  if (errors.length > 0)
    throw problem('unprocessable', errors.map(({ message }) => message).join('; '), { errors })
}

/** Stores replacements, and takes those back that turn out to say what was already said. */
async function storeChanged(
  transaction: Transaction,
  definition: Definition,
  prepared: Prepared[],
): Promise<Kept[]> {
  const unchanged = new Map<string, Kept>()
  try {
    return await transaction.attempt(async (inner) => {
      const kept = await store(inner, definition, prepared)
      for (const [index, { id, current }] of prepared.entries()) {
        if (current && saysTheSame(current, kept[index] as Kept)) unchanged.set(id, current)
      }
      if (unchanged.size > 0) throw new Unchanged()
      return kept
    })
  } catch (error) {
    if (!(error instanceof Unchanged)) throw error
  }
  const changed = prepared.filter(({ id }) => !unchanged.has(id))
  const kept = await store(transaction, definition, changed)
  const byId = new Map(kept.map((record) => [record.id, record]))
  return prepared.map(({ id }) => (unchanged.get(id) ?? byId.get(id)) as Kept)
}

class Unchanged extends Error {}

/** Whether two documents differ in nothing but what every write changes. */
function saysTheSame(before: Kept, after: Kept): boolean {
  return contentOf(before.document) === contentOf(after.document)
}

function contentOf(document: string): string {
  const { updatedAt, version, ...content } = JSON.parse(document)
  // An event that is written again without its id gets a new one; what it says is the same.
  return JSON.stringify(content, (key, value) => (key === 'events' ? value.map(withoutId) : value))
}

const withoutId = ({ id, ...event }: Item) => event

/** The rows of the records, and of all that they own, table by table. */
function rowsOf(definition: Definition, prepared: readonly Prepared[]): RowsByTable {
  const states = definition.history?.states
  const rows: RowsByTable = new Map([
    [definition.table, prepared.map(({ item }) => rowOf(definition, item, item))],
  ])
  for (const { item } of prepared) rowsBelow(definition, item, rows)
  if (states) {
    const ofStates = prepared.flatMap(({ item }) => stateRows(definition, states, item))
    rows.set(states.table, ofStates)
  }
  return rows
}

/**
 * Stores new records. Nothing is kept of them yet and nobody refers to them, so all of their rows are one statement, and
 * what they own need not be cleared, nor what shows them written again.
 */
async function add(
  transaction: Transaction,
  definition: Definition,
  prepared: readonly Prepared[],
): Promise<Kept[]> {
  const ids = prepared.map(({ id }) => id)
  const inserts = [...rowsOf(definition, prepared)]
    .filter(([, rows]) => rows.length > 0)
    .map(([table, rows], index) => sql`${sql.identifier(`rows_${index}`)} as (${insertOf(table, rows)})`)
  // Sent at once; the second statement sees what the first one wrote.
  const [, kept] = await Promise.all([
    transaction.rows(sql`with ${sql.join(inserts, sql`, `)} ${forgetSlugs(definition, prepared)}`),
    keepNewDocuments(transaction, definition, ids),
  ])
  return inOrderOf(ids, kept)
}

const inOrderOf = (ids: readonly string[], kept: readonly Kept[]): Kept[] => {
  const byId = new Map(kept.map((record) => [record.id, record]))
  return ids.map((id) => byId.get(id) as Kept)
}

async function store(
  transaction: Transaction,
  definition: Definition,
  prepared: readonly Prepared[],
): Promise<Kept[]> {
  if (prepared.length === 0) return []
  const ids = prepared.map(({ id }) => id)
  const [[, own = []] = [], ...below] = rowsOf(definition, prepared)
  const replaced = prepared.flatMap(({ current }) => (current ? [current] : []))
  // Sent at once and answered in this order: the connection runs them one after the other. Lists go first, since
  // the database holds an application's old events, too, to the type that it has.
  const [, , , kept] = await Promise.all([
    clearOwned(
      transaction,
      definition,
      replaced.map(({ id }) => id),
    ),
    upsert(transaction, definition, own),
    Promise.all(below.map(([table, rows]) => insertRows(transaction, table, rows))),
    keepDocuments(transaction, definition, ids),
    rememberSlugs(transaction, definition, prepared),
  ])
  const byId = new Map(kept.map((record) => [record.id, record]))
  const shown = replaced.filter((before) => showsElsewhere(definition, before, byId))
  await rewriteDependents(
    transaction,
    definition,
    shown.map(({ id }) => id),
  )
  return inOrderOf(ids, kept)
}

async function upsert(transaction: Transaction, { table }: Definition, rows: Row[]): Promise<void> {
  const assigned = Object.keys(rows[0] as Row).filter((name) => name !== 'id')
  const assignments = assigned.map((name) => sql`${sql.identifier(name)} = excluded.${sql.identifier(name)}`)
  await insertRows(
    transaction,
    table,
    rows,
    sql`on conflict (id) do update set ${sql.join(assignments, sql`, `)}, ${nextVersion(table)}`,
  )
}

async function clearOwned(transaction: Transaction, definition: Definition, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  await Promise.all(
    ownedTables(definition).map(({ table, owner }) => {
      const column = getTableColumns(table)[owner]
      return transaction.rows(sql`delete from ${table} where ${column} = any(${idArray(ids)})`)
    }),
  )
}

/** The tables of all that a record owns, each with the property of the column that holds its id. */
const ownedTables = ({ collections, history }: Definition): Pick<Collection, 'table' | 'owner'>[] => [
  ...Object.values(collections ?? {}),
  ...(history?.states ? [history.states] : []),
]

/** Whether a write changed something that other documents show of the record. */
function showsElsewhere({ embedded }: Definition, before: Kept, after: ReadonlyMap<string, Kept>): boolean {
  const was = JSON.parse(before.document)
  const is = JSON.parse((after.get(before.id) as Kept).document)
  return embedded.some((field) => JSON.stringify(was[field]) !== JSON.stringify(is[field]))
}
