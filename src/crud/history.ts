import { sql } from 'drizzle-orm'
import type { Database, Queryable, Transaction } from '../db/connection.js'
import { type AsOf, counts, statesOf } from '../domain/as-of.js'
import type { DatedEvent } from '../domain/event-fold.js'
import { inOrder } from '../domain/event-order.js'
import { type Definition, type Item, itemsOf, type States } from './definition.js'
import { inputFrom } from './input.js'
import { allDefinitions } from './registry.js'
import { insertRows, type Row, rowOf } from './rows.js'

type Event = DatedEvent<string>
const eventsOf = (item: Item) => itemsOf(item, 'events') as Event[]

/** The rows that say what a record was, day by day; an item has ids in the place of references. */
export function stateRows(definition: Definition, states: States, item: Item): Row[] {
  // Put in order before any is left out: one without a date stands behind the one that it was written after.
  const ordered = inOrder(eventsOf(item))
  const fold = (events: readonly Event[]) => definition.derive?.({ ...item, events }, item)
  return statesOf(ordered, fold).map(({ match, days, state }) => {
    const validity = { certain: match === 'certain', validFrom: days.start, validTo: days.end }
    const part = { ...definition, table: states.table, derive: () => ({ ...state, ...validity }) }
    return rowOf(part, { ...item, [states.owner]: item.id }, item)
  })
}

/**
 * A record as it was on a day: only the events that count by then, and what follows from them. What it is otherwise
 * is not known by the day, and stays.
 */
export function recordAsOf(definition: Definition, record: Item, asOf: AsOf): Item {
  if (definition.history === undefined) return record
  const events = eventsOf(record).filter((event) => counts(event, asOf))
  const derived = definition.derive?.({ ...record, events }, record) as Item
  const fields = Object.entries(derived).map(([property, value]) => [fieldOf(definition, property), value])
  return { ...record, ...Object.fromEntries(fields), events }
}

/** The field that shows a derived column: a reference `x` is kept in the column `xId`. */
function fieldOf({ record }: Definition, property: string): string {
  return property in record.properties ? property : property.replace(/Id$/, '')
}

/** Records read and written at once; documents are a few kilobytes. */
const batch = 1000

/**
 * Makes the states of all records where there are none yet: an older version of the service wrote the records. To be
 * called after each migration, before anything is written.
 */
export async function rebuildHistory(database: Database): Promise<void> {
  for (const definition of allDefinitions()) {
    const states = definition.history?.states
    if (states === undefined) continue
    await database.transaction((transaction) => fillStates(transaction, definition, states))
  }
}

async function fillStates(transaction: Transaction, definition: Definition, states: States): Promise<void> {
  const [row] = await transaction.rows<{ isFilled: boolean }>(
    sql`select exists (select from ${states.table}) as "isFilled"`,
  )
  if (row?.isFilled) return
  // Of several processes that start at once, one fills the table and the others find it filled.
  transaction.alone()
  for await (const records of batchesOf(transaction, definition)) {
    const rows = records.flatMap(({ id, document }) =>
      stateRows(definition, states, { ...inputFrom(definition, document), id }),
    )
    await insertRows(transaction, states.table, rows)
  }
}

interface Stored {
  id: string
  document: string
}

async function* batchesOf(db: Queryable, { table }: Definition): AsyncGenerator<Stored[]> {
  let after = '00000000-0000-0000-0000-000000000000'
  while (true) {
    const records = await db.rows<Stored>(
      sql`select id, document from ${table} where id > ${after} order by id limit ${batch}`,
    )
    const last = records.at(-1)
    if (last === undefined) return
    yield records
    after = last.id
  }
}
