import { getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '../db/connection.js'
import { fixed } from '../db/fixed.js'
import { rangeOf } from '../domain/partial-date.js'
import { remembered } from '../domain/remembered.js'
import { type Collection, type Item, itemsOf, type Part } from './definition.js'

/** A row by its column names, as JSON that PostgreSQL reads back. */
export type Row = Record<string, unknown>

/** Rows to insert, table by table, owners before what they own. */
export type RowsByTable = Map<PgTable, Row[]>

const isPartialDate = (column: PgColumn) => column.getSQLType() === 'partial_date'

function stored(column: PgColumn, value: unknown): unknown {
  if (typeof value !== 'string' || !isPartialDate(column)) return value
  const { start, end } = rangeOf(value)
  return `[${start},${end})`
}

/** The columns of a part's own table that an item (whose references are ids) fills. */
export function rowOf(part: Part, item: Item, owner: Item): Row {
  const fields: Item = { ...item, ...part.derive?.(item, owner) }
  for (const field of Object.keys(part.references ?? {})) fields[`${field}Id`] ??= item[field]
  const columns = Object.entries(getTableColumns(part.table) as Record<string, PgColumn>)
  return Object.fromEntries(
    columns
      .filter(([key]) => key in fields)
      .map(([key, column]) => [column.name, stored(column, fields[key])]),
  )
}

/** The rows of every list that an item owns, and of the lists below. */
export function rowsBelow(part: Part, item: Item, rows: RowsByTable = new Map()): RowsByTable {
  for (const [field, collection] of Object.entries(part.collections ?? {})) {
    const items = itemsOf(item, field) as Item[]
    for (const [position, element] of (collection.order?.(items) ?? items).entries()) {
      addElement(collection, element, position, item, rows)
    }
  }
  return rows
}

function addElement(
  collection: Collection,
  element: Item,
  position: number,
  owner: Item,
  rows: RowsByTable,
): void {
  const id = collection.identified ? { id: element.id ?? uuidv7() } : {}
  const item = { ...element, ...id, position, [collection.owner]: owner.id }
  const list = rows.get(collection.table) ?? []
  rows.set(collection.table, list)
  list.push(rowOf(collection, item, owner))
  // A list of the item may itself follow from what owns the item.
  rowsBelow(collection, { ...item, ...collection.derive?.(item, owner) }, rows)
}

/** Inserts rows, in one statement for any number of them; a column that only some fill is null in the others. */
export async function insertRows(
  db: Queryable,
  table: PgTable,
  rows: readonly Row[],
  onConflict = sql``,
): Promise<void> {
  if (rows.length > 0) await db.rows(sql`${insertOf(table, rows)} ${onConflict}`)
}

/** The insert of rows, at least one, as SQL. */
export function insertOf(table: PgTable, rows: readonly Row[]): SQL {
  const columns = [...new Set(rows.flatMap(Object.keys))]
  return sql`${insertInto({ table, columns })} ${sql.param(rows)}::json)`
}

/** The beginning of an insert. Nearly all rows of a table fill the same columns, so it is put together once. */
const insertInto = remembered(
  ({ table, columns }: { table: PgTable; columns: readonly string[] }): SQL => {
    const list = columnList(columns)
    return fixed(
      sql`insert into ${table} (${list}) select ${list} from json_populate_recordset(null::${table},`,
    )
  },
  ({ table, columns }) => JSON.stringify([getTableName(table), columns]),
)

export const columnList = (names: readonly string[]): SQL =>
  sql.join(
    names.map((name) => sql.identifier(name)),
    sql`, `,
  )
