import { type SQL, sql } from 'drizzle-orm'
import type { AsOf } from '../domain/as-of.js'
import type { Item, Listable, Related } from './definition.js'
import { definitionOf } from './registry.js'
import { relationOf } from './relation.js'

/** The documents of a related list as the text of a JSON array, by slug. */
export function relatedDocuments({ related = {} }: Listable, name: string, asOf?: AsOf): SQL {
  const { resource, where } = related[name] as Related
  const definition = definitionOf(resource)
  const { table } = definition
  return sql`(select '[' || coalesce(string_agg(${table.document}, ',' order by ${table.slug}), '') || ']'
    from ${relationOf(definition, asOf)} where ${where})`
}

/** The JSON text of a record with related lists as further fields, as SQL. */
export function withRelated(listable: Listable, item: SQL, include: readonly string[], asOf?: AsOf): SQL {
  if (include.length === 0) return item
  const lists = include.map(
    (name) => sql` || ${`,"${name}":`}::text || ${relatedDocuments(listable, name, asOf)}`,
  )
  return sql`left(${item}, -1)${sql.join(lists)} || '}'`
}

/** An item and what is embedded in it, as they were on a day. */
export function presented(listable: Listable, item: Item, include: readonly string[], asOf?: AsOf): Item {
  const { related = {}, present } = listable
  const lists = include.map((name) => {
    const definition = definitionOf((related[name] as Related).resource)
    return [name, (item[name] as Item[]).map((record) => presented(definition, record, [], asOf))]
  })
  return { ...(present?.(item, asOf) ?? item), ...Object.fromEntries(lists) }
}
