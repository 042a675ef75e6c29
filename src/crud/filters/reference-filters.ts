import { type TSchema, Type } from '@sinclair/typebox'
import { type Column, type SQL, sql } from 'drizzle-orm'
import { textArray } from '../../db/arrays.js'
import { normalName } from '../../domain/names.js'
import { isId, isSlug } from '../../domain/slug.js'
import { recordsNamed } from '../../search/names.js'
import type { Definition } from '../definition.js'
import { hasKey, isKey } from '../keys.js'
import type { Filter, Group } from './filter.js'

type Resource = () => Definition

const keySchema = (description: string, examples: string[]): TSchema =>
  Type.String({
    minLength: 1,
    maxLength: 300,
    description: `${description} A slug, an id or any name.`,
    examples,
  })

/**
 * The ids of the records that keys name, by slug, by id or by any name. A single slug or id is one value and not a
 * list, so that an index behind it keeps its order.
 */
export function idsOf({ name, table }: Definition, keys: readonly string[]): { one: SQL } | { any: SQL } {
  const [key, ...others] = keys
  if (key !== undefined && others.length === 0 && (isId(key) || isSlug(key))) {
    const named = sql`(select id from (${recordsNamed(name, textArray([normalName(key)]))}) n order by id limit 1)`
    return { one: sql`coalesce((select ${table.id} from ${table} where ${isKey(table, key)}), ${named})` }
  }
  const slugs = keys.map((each) => each.toLowerCase())
  const names = textArray(keys.map(normalName))
  return {
    any: sql`array(select ${table.id} from ${table} where ${hasKey(table, slugs)} union ${recordsNamed(name, names)})`,
  }
}

/** Rows whose column refers to one of the records that keys name. */
export function refersTo(column: Column | SQL, resource: Definition, keys: readonly string[]): SQL {
  const ids = idsOf(resource, keys)
  return 'one' in ids ? sql`${column} = ${ids.one}` : sql`${column} = any(${ids.any})`
}

/** Rows that refer to one of the records, by slug, id or name. */
export function byReference(
  column: Column,
  resource: Resource,
  description: string,
  examples: string[],
): Filter {
  return {
    schema: keySchema(description, examples),
    refersTo: resource,
    matches: (keys) => refersTo(column, resource(), keys),
    missing: sql`${column} is null`,
  }
}

/** The rows of another table that belong to a row of the list. */
export const among = (row: Column, owner: Column): Group => ({
  some: (condition) => sql`exists (select from ${owner.table} where ${owner} = ${row} and ${condition})`,
})

/** Rows that have an item, in a table of their own, which refers to one of the records. */
export function byItem(
  row: Column,
  item: { owner: Column; reference: Column },
  resource: Resource,
  description: string,
  examples: string[],
): Filter {
  const items = among(row, item.owner)
  return {
    schema: keySchema(description, examples),
    refersTo: resource,
    matches: (keys, modifiers) => items.some(refersTo(item.reference, resource(), keys), modifiers),
    missing: sql`not exists (select from ${item.owner.table} where ${item.owner} = ${row})`,
  }
}

/** A filter about rows of another table: with others of the group, it is about the same row. */
export const inGroup = (group: Group, filter: Filter): Filter => ({ ...filter, group })

/** Records of another resource that pass a filter. */
export interface Passing {
  /** Their ids, as a select. */
  ids: SQL
  /** Whether a column refers to one of them. */
  includes(column: Column | SQL): SQL
}

/** The filter of another resource, for rows that refer to its records: `modality` of a designation's therapy. */
export function through(lift: (passing: Passing) => SQL, resource: Resource, name: string): Filter {
  // Resources refer to each other in circles, so the other one is looked up when it is used.
  const inner = () => resource().filters[name] as Filter
  const lifted = (condition: SQL) => {
    const { table } = resource()
    const ids = sql`select ${table.id} from ${table} where ${condition}`
    return lift({ ids, includes: (column) => sql`exists (${ids} and ${table.id} = ${column})` })
  }
  return {
    get schema() {
      return inner().schema
    },
    get refersTo() {
      return inner().refersTo as Resource
    },
    matches: (values, modifiers) => lifted(inner().matches(values, modifiers)),
    get missing() {
      return lifted(inner().missing as SQL)
    },
  }
}
