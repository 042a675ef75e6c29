import { type Column, type SQL, sql } from 'drizzle-orm'

/**
 * A list of texts as a PostgreSQL array, passed as one JSON parameter: the statement stays the same for any number
 * of them, and `= any(…)` of it is an index condition.
 */
export const textArray = (texts: readonly string[]): SQL =>
  sql`array(select json_array_elements_text(${sql.param(texts)}::json))`

/** A list of ids as a PostgreSQL array. */
export const idArray = (ids: readonly string[]): SQL => sql`${textArray(ids)}::uuid[]`

/** That an expression is one of some texts; a single one is compared as itself, so that an index keeps its order. */
export function isAmong(expression: SQL | Column, texts: readonly string[]): SQL {
  const [only, ...others] = texts
  if (only !== undefined && others.length === 0) return sql`${expression} = ${only}`
  return sql`${expression} = any(${textArray(texts)})`
}
