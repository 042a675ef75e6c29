import { type Column, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'

type Expression = SQL | Column

/**
 * A JSON object whose keys are exactly those of `T`, as SQL.
 * `row_to_json` writes compact text in the order given and, unlike `json_build_object`, takes any number of keys.
 */
export function object<T>(shape: { [Key in keyof T]-?: Expression }): SQL<T> {
  const columns = Object.entries<Expression>(shape).map(
    ([key, value]) => sql`${value} as ${sql.identifier(key)}`,
  )
  return sql<T>`(select row_to_json(o) from (select ${sql.join(columns, sql`, `)}) o)`
}

/**
 * A JSON array of `item` over the rows of a table; an empty one when there are none.
 * `array_to_json` is compact, while `json_agg` would break lines between objects.
 */
export function list<T>(item: SQL<T>, from: SQL | PgTable, where: SQL, orderBy: Expression): SQL<T[]> {
  return sql<T[]>`array_to_json(array(select ${item} from ${from} where ${where} order by ${orderBy}))`
}

/** A JSON array of plain values kept in a PostgreSQL array column. */
export const values = <T>(column: Column): SQL<T[]> => sql<T[]>`to_json(${column})`

interface Referable {
  id: Column
  slug: Column
}

/** `{id, slug, name}` of the row of `table` that a foreign key points at, or null. */
export function reference<T>(table: PgTable & Referable, name: Expression, foreignKey: Expression): SQL<T> {
  return sql<T>`(select ${object({ id: table.id, slug: table.slug, name })} from ${table} where ${table.id} = ${foreignKey})`
}

/** A partial date as it was written, or null. */
export const partialDateText = (column: Expression): SQL<string | null> =>
  sql<string | null>`partial_date_text(${column})`

/** A moment in UTC as RFC 3339 text with milliseconds. */
export const instantText = (column: Expression): SQL<string> =>
  sql<string>`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** The identifiers that other systems have for a record, in the order of the contract's keys. */
export const identifiersJson = (column: Column): SQL =>
  sql`array_to_json(array(select row_to_json(i) from jsonb_to_recordset(${column}) i ("system" text, "value" text)))`

interface KeptColumns {
  id: Column
  slug: Column
  createdAt: Column
  updatedAt: Column
  version: Column
}

/** A whole record as JSON: what every record has stands around its own fields. */
export function recordJson<Item extends object>(
  table: KeptColumns,
  shape: { [Key in Exclude<keyof Item, keyof KeptColumns>]-?: Expression },
): SQL<Item> {
  return object<Record<string, unknown>>({
    id: table.id,
    slug: table.slug,
    ...(shape as Record<string, Expression>),
    createdAt: instantText(table.createdAt),
    updatedAt: instantText(table.updatedAt),
    version: table.version,
  }) as SQL<Item>
}
