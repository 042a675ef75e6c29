import { type Column, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Queryable } from '../db/connection.js'
import { validateBody } from '../http/validation.js'
import type { Definition, Item, States } from './definition.js'
import { isStale } from './documents.js'
import { stateRows } from './history.js'
import { inputFrom } from './input.js'
import { allDefinitions } from './registry.js'
import { type Row, rowOf } from './rows.js'

/** A record by its resource and its id. */
export interface RecordKey {
  resource: string
  id: string
}

/** What is wrong with a stored record. */
export interface RecordFault extends RecordKey {
  message: string
}

/** The records whose kept document is not what their rows say; none, after any sequence of writes. */
export async function findStaleDocuments(db: Queryable): Promise<RecordKey[]> {
  const stale: RecordKey[] = []
  for (const definition of allDefinitions()) {
    const { name, table } = definition
    const rows = await db.rows<{ id: string }>(
      sql`select id from ${table} where ${isStale(definition)} order by id`,
    )
    for (const { id } of rows) stale.push({ resource: name, id })
  }
  return stale
}

/** Records read at once; documents are a few kilobytes. */
const batch = 1000

interface Stored {
  id: string
  document: string
  row: Row
  states: Row[] | null
}

/** The records whose document breaks its schema, or whose derived columns do not follow from it. */
export async function findInvalidRecords(db: Queryable): Promise<RecordFault[]> {
  const faults: RecordFault[] = []
  for (const definition of allDefinitions()) {
    for await (const stored of storedRecords(db, definition)) {
      const { id } = stored
      faults.push(
        ...faultsOf(definition, stored).map((message) => ({ resource: definition.name, id, message })),
      )
    }
  }
  return faults
}

async function* storedRecords(db: Queryable, { table, history }: Definition): AsyncGenerator<Stored> {
  let after = '00000000-0000-0000-0000-000000000000'
  while (true) {
    const rows = await db.rows<Stored>(sql`
      select id, document, to_jsonb(t) - 'document' as row, ${statesJson(history?.states)} as states from ${table} t
      where id > ${after} order by id limit ${batch}`)
    yield* rows
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.id
  }
}

/** The states of the row `t`, as JSON. */
function statesJson(states?: States): SQL {
  if (states === undefined) return sql`null::json`
  const owner: Column | undefined = getTableColumns(states.table)[states.owner]
  return sql`(select json_agg(${states.table}) from ${states.table} where ${owner} = t.id)`
}

function faultsOf(definition: Definition, { id, document, row, states }: Stored): string[] {
  try {
    validateBody(definition.record, JSON.parse(document) as Item)
  } catch (error) {
    return [(error as Error).message]
  }
  const item = { ...inputFrom(definition, document), id }
  const columns = underivedColumns(definition, item, row).map(
    (column) => `${column} does not follow from the rest of the record`,
  )
  const isHistory = textOf(expectedStates(definition, item)) === textOf(states ?? [])
  return isHistory ? columns : [...columns, 'what it was, day by day, does not follow from its events']
}

function expectedStates(definition: Definition, item: Item): Row[] {
  const states = definition.history?.states
  return states === undefined ? [] : stateRows(definition, states, item)
}

/** Rows as a text that is the same in every order of the rows and of their columns. */
const textOf = (rows: readonly Row[]) =>
  JSON.stringify(rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort())

/** The derived columns of a row that hold something else than what follows from the record. */
function underivedColumns(definition: Definition, item: Item, row: Row): string[] {
  const derived = Object.keys(definition.derive?.(item, item) ?? {})
  const expected = rowOf(definition, item, item)
  const columns: Record<string, PgColumn> = getTableColumns(definition.table)
  return derived
    .map((property) => (columns[property] as PgColumn).name)
    .filter((name) => (row[name] ?? null) !== (expected[name] ?? null))
}
