import { type Column, type SQL, sql } from 'drizzle-orm'
import { check } from 'drizzle-orm/pg-core'

interface Words {
  readonly values: readonly string[]
}

/** That a column holds a word of a vocabulary, as SQL for a check. */
export const isOneOf = (column: Column, words: Words): SQL =>
  sql`${column} in (${sql.raw(words.values.map((word) => `'${word}'`).join(', '))})`

/** A check that a column holds a word of a vocabulary (or null, where the column may be null). */
export const oneOf = (name: string, column: Column, words: Words) => check(name, isOneOf(column, words))
