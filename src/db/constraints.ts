import { type Column, type SQL, sql } from 'drizzle-orm'
import { check } from 'drizzle-orm/pg-core'
import { idPattern, maxSlugLength, slugPattern } from '../domain/slug.js'

interface Words {
  readonly values: readonly string[]
}

/** That a column holds a word of a vocabulary, as SQL for a check. */
export const isOneOf = (column: Column, words: Words): SQL =>
  sql`${column} in (${sql.raw(words.values.map((word) => `'${word}'`).join(', '))})`

/** A check that a column holds a word of a vocabulary (or null, where the column may be null). */
export const oneOf = (name: string, column: Column, words: Words) => check(name, isOneOf(column, words))

const literal = (text: string) => sql.raw(`'${text}'`)

/** A check that a text has a form, which is given as a pattern that JSON schemas and PostgreSQL read alike. */
export const formOf = (name: string, column: Column, pattern: string) =>
  check(name, sql`${column} ~ ${literal(pattern)}`)

/** A check that a text is a slug: well formed, short enough and no id. */
export const slugForm = (name: string, column: Column) =>
  check(
    name,
    sql`${column} ~ ${literal(slugPattern)} and ${column} !~ ${literal(idPattern)} and length(${column}) <= ${sql.raw(String(maxSlugLength))}`,
  )

/** A check that there is something to read in a text. */
export const notBlank = (name: string, column: Column) => check(name, sql`btrim(${column}) <> ''`)

/** A check that a text is the address of a page. */
export const webAddress = (name: string, column: Column) => formOf(name, column, '^https?://')

/** A check that a text is an ISO 3166-1 alpha-2 code, or reads as one. */
export const countryCode = (name: string, column: Column) => formOf(name, column, '^[A-Z]{2}$')

/** A check that each element of an array is there. */
export const noGaps = (name: string, column: Column) =>
  check(name, sql`array_position(${column}, null) is null`)

/** A check that a JSON value is a list, or an object. */
export const jsonOf = (name: string, column: Column, type: 'array' | 'object') =>
  check(name, sql`jsonb_typeof(${column}) = ${literal(type)}`)
