import { type SQL, sql } from 'drizzle-orm'

/**
 * A list of texts as a PostgreSQL array, passed as one JSON parameter: the statement stays the same for any number
 * of them, and `= any(…)` of it is an index condition.
 */
export const textArray = (texts: readonly string[]): SQL =>
  sql`array(select json_array_elements_text(${sql.param(texts)}::json))`

/** A list of ids as a PostgreSQL array. */
export const idArray = (ids: readonly string[]): SQL => sql`${textArray(ids)}::uuid[]`
