import { fillPlaceholders, type Query, SQL, sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'

const dialect = new PgDialect()

/** A statement, or one that was compiled before: its text and its parameters. */
export type Statement = SQL | Query

/** The text of a statement and its parameters. */
export const compiled = (statement: Statement): Query =>
  statement instanceof SQL ? dialect.sqlToQuery(statement) : statement

/** A compiled statement in which values stand where it has placeholders. */
export const filled = ({ sql, params }: Query, values: Record<string, unknown>): Query => ({
  sql,
  params: fillPlaceholders(params, values),
})

/** A part of a statement that is the same each time, put together once. Throws for one with parameters. */
export function fixed<Value>(part: SQL<Value>): SQL<Value> {
  const { sql: text, params } = compiled(part)
  if (params.length > 0) throw new Error(`Not the same each time: ${text}`)
  return sql.raw(text) as SQL<Value>
}

/** A text that stands in a statement itself, such as the name of a field. */
export const quoted = (text: string): SQL => sql.raw(`'${text.replaceAll("'", "''")}'`)

/**
 * A text that the planner does not look at: what it would think of one is no better than what it thinks of all, and so it
 * makes one plan for all of them and not one for each.
 */
export const unseen = (text: string): SQL => sql`(select ${text}::text)`
