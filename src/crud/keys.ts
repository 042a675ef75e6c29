import { type SQL, sql } from 'drizzle-orm'
import { idArray, textArray } from '../db/arrays.js'
import { isId } from '../domain/slug.js'
import type { RecordTable } from './definition.js'

/** The rows of a table that any of the keys (slugs or ids, mixed) names. */
export function hasKey(table: RecordTable, keys: readonly string[]): SQL {
  const ids = keys.filter(isId)
  const slugs = keys.filter((key) => !isId(key))
  const hasSlug = sql`${table.slug} = any(${textArray(slugs)})`
  if (ids.length === 0) return hasSlug
  const hasId = sql`${table.id} = any(${idArray(ids)})`
  return slugs.length === 0 ? hasId : sql`(${hasSlug} or ${hasId})`
}

/** The row of a table that a key (a slug or an id) names. */
export const isKey = (table: RecordTable, key: string): SQL =>
  isId(key) ? sql`${table.id} = ${key}` : sql`${table.slug} = ${key}`
