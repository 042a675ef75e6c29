import { type SQL, sql } from 'drizzle-orm'
import { fixed, quoted } from '../db/fixed.js'
import type { AsOf } from '../domain/as-of.js'
import { remembered } from '../domain/remembered.js'
import type { Definition, Item, Listable, Related } from './definition.js'
import { definitionOf } from './registry.js'
import { relationOf } from './relation.js'

/** The documents of records as a list within a JSON document, by slug. */
const documentsOf = ({ table }: Definition): SQL =>
  sql`coalesce(string_agg(${table.document}, ',' order by ${table.slug}), '')`

/** A number that is another one when a record comes, goes or has another version. */
const versionsOf = ({ table }: Definition): SQL =>
  sql`coalesce(bit_xor(uuid_hash_extended(${table.id}, ${table.version})), 0)`

/** What a related list tells, as a selection of aggregates. */
function selectRelated(
  { related = {} }: Listable,
  name: string,
  aggregates: (definition: Definition) => SQL,
  asOf?: AsOf,
): SQL {
  const { resource, where } = related[name] as Related
  const definition = definitionOf(resource)
  return sql`(select ${aggregates(definition)} from ${relationOf(definition, asOf)} where ${where})`
}

/** The JSON text of a record with related lists as further fields, as SQL. */
function withLists(item: SQL, lists: readonly { name: string; documents: SQL }[]): SQL {
  if (lists.length === 0) return item
  const fields = lists.map(({ name, documents }) => sql` || ${quoted(`,"${name}":[`)} || ${documents} || ']'`)
  return sql`left(${item}, -1)${sql.join(fields)} || '}'`
}

/** The JSON text of an item with related lists as further fields, as SQL over its row. */
export const withRelated = (listable: Listable, item: SQL, include: readonly string[], asOf?: AsOf): SQL =>
  withLists(
    item,
    include.map((name) => ({ name, documents: selectRelated(listable, name, documentsOf, asOf) })),
  )

/** How to select a record of a resource with related lists. */
export interface Selections {
  /** Which version it is, and `related`, which follows from the versions of those in the lists. No document is read. */
  version: SQL
  /** That, and its JSON text. */
  document: SQL
}

/** The selections for one record with related lists. Those of the present are put together once. */
export const selectionsOf = (definition: Definition, include: readonly string[], asOf?: AsOf): Selections =>
  asOf === undefined ? presentSelections({ definition, include }) : makeSelections(definition, include, asOf)

interface Embedding {
  definition: Definition
  include: readonly string[]
}

const presentSelections = remembered(
  ({ definition, include }: Embedding): Selections => {
    const { version, document } = makeSelections(definition, include)
    return { version: fixed(version), document: fixed(document) }
  },
  ({ definition, include }) => JSON.stringify([definition.name, include]),
)

function makeSelections(definition: Definition, include: readonly string[], asOf?: AsOf): Selections {
  const { table } = definition
  const names = include.map((name) => ({
    name,
    list: sql.identifier(`${name}_list`),
    versions: sql`${sql.identifier(`${name}_list`)}.versions`,
    documents: sql`${sql.identifier(`${name}_list`)}.documents`,
  }))
  const related = sql.join([sql`0::bigint`, ...names.map(({ versions }) => versions)], sql` # `)
  const columns = sql`${table.id}, ${table.version}, ${table.updatedAt} as "updatedAt", (${related})::text as related`
  // The lists stand beside the record, so that what they tell of themselves comes from one reading of them.
  const from = (aggregates: (definition: Definition) => SQL) => {
    const lists = names.map(
      ({ name, list }) =>
        sql` cross join lateral ${selectRelated(definition, name, aggregates, asOf)} ${list}`,
    )
    return sql`from ${table}${sql.join(lists)}`
  }
  const version = (related: Definition) => sql`${versionsOf(related)} as versions`
  const whole = (related: Definition) => sql`${version(related)}, ${documentsOf(related)} as documents`
  return {
    version: sql`select ${columns} ${from(version)}`,
    document: sql`select ${columns}, ${withLists(sql`${table.document}`, names)} as document ${from(whole)}`,
  }
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
