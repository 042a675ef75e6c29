import { type SQL, sql } from 'drizzle-orm'
import { idArray, textArray } from '../db/arrays.js'
import { isId } from '../domain/slug.js'
import type { RecordTable } from './definition.js'

/** The rows of a table that any of the keys (slugs or ids, mixed) names. */
export function hasKey(table: RecordTable, keys: readonly string[]): SQL {
  const ids = keys.filter(isId)
  const slugs = keys.filter((key) => !isId(key))
  return sql`(${table.slug} = any(${textArray(slugs)}) or ${table.id} = any(${idArray(ids)}))`
}

/** The row of a table that a key (a slug or an id) names. */
export const isKey = (table: RecordTable, key: string): SQL =>
  isId(key) ? sql`${table.id} = ${key}` : sql`${table.slug} = ${key}`
