import { type Column, type SQL, sql } from 'drizzle-orm'
import { textArray } from './arrays.js'

/** That at least one of some conditions holds, of which there is at least one. */
export const anyOf = (conditions: readonly SQL[]): SQL => sql`(${sql.join([...conditions], sql` or `)})`

/** That an expression is one of some texts; a single one is compared as itself, so that an index keeps its order. */
export function isAmong(expression: SQL | Column, texts: readonly string[]): SQL {
  const [only, ...others] = texts
  if (only !== undefined && others.length === 0) return sql`${expression} = ${only}`
  return sql`${expression} = any(${textArray(texts)})`
}
