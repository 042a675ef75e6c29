import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../db/connection.js'
import { type OrderedKey, orderOfAll, type Position, pageOf, type SortKey } from '../db/keyset.js'
import type { AsOf } from '../domain/as-of.js'
import type { Definition, Item, Listable } from './definition.js'
import type { Chosen } from './dimensions.js'
import { facetsOf } from './facets.js'
import { type Selection, select } from './fields.js'
import type { Meant } from './list-parameters.js'
import { presented, withRelated } from './related.js'
import { relationOf, sortEnd } from './relation.js'
import { whereOf } from './where.js'

/** What an answer holds of each item. */
export interface Content {
  /** The related lists to embed. */
  include: readonly string[]
  /** The fields to answer; all of them when left out. */
  fields?: Selection
}

/** What a client asks of a list. */
export interface ListQuery extends Content {
  meant: Meant
  /** The keys to sort by; `-` before one for descending. */
  sort: string
  /** Where the page before ended. */
  after: Position | null
  limit: number
  total: boolean
  facets: readonly Chosen[]
  /** The seed of a random sample, which takes the place of a page. */
  seed?: number
}

/** Items stand one a line: no document has a line break in it. */
export const betweenItems = ',\n'

export interface ListPage {
  /** The items as the inside of a JSON array, one a line. */
  items: string
  /** Where this page ends; null when nothing follows. */
  end: Position | null
  total: number | null
  facets: Item | null
}

/** The keys of a sort, the id last, running as the key before it so that an index can serve both. */
function orderedKeys(listable: Listable, sort: string, asOf?: AsOf): OrderedKey[] {
  const { sorts, table } = listable
  const keys = sort.split(',').map((key) => {
    const descending = key.startsWith('-')
    const name = descending ? key.slice(1) : key
    return { ...(sorts[name] as SortKey), descending, end: sortEnd(listable, name, asOf) }
  })
  const { descending } = keys.at(-1) as OrderedKey
  return [...keys, { expression: sql`${table.id}`, type: 'uuid', nullable: false, descending }]
}

interface PageRow {
  items: string
  end: Position | null
  total: number | null
  facets: Item | null
}

/** A page of a list, with the count and the facets of all that match when asked for, in one round trip. */
export async function listItems(db: Queryable, listable: Listable, query: ListQuery): Promise<ListPage> {
  const { meant, limit, facets } = query
  const rows = query.seed === undefined ? pageRows(listable, query) : sampleRows(listable, query, query.seed)
  const matching = sql`(select count(*)::int from ${relationOf(listable, meant.modifiers.asOf)}
    where ${whereOf(listable, meant)})`
  const [page] = await db.rows<PageRow>(sql`
    with found as (select *, row_number() over () as place from (${rows}) r)
    select
      coalesce(string_agg(item, ${betweenItems} order by place) filter (where place <= ${limit}), '') as items,
      case when count(*) > ${limit} then (select to_json(position) from found where place = ${limit}) end as end,
      ${query.total ? matching : sql`null::int`} as total,
      ${facets.length > 0 ? facetsOf(listable, facets, meant) : sql`null::json`} as facets
    from found`)
  const { items, ...rest } = page as PageRow
  return { ...rest, items: presentedItems(listable, items, query) }
}

/** The rows of a page and one more, which tells whether something follows. */
function pageRows(listable: Listable, query: ListQuery): SQL {
  const keys = orderedKeys(listable, query.sort, query.meant.modifiers.asOf)
  const texts = sql.join(
    keys.map((key) => sql`(${key.expression})::text`),
    sql`, `,
  )
  return pageOf({
    from: relationOf(listable, query.meant.modifiers.asOf),
    columns: sql`${itemOf(listable, query)} as item, array[${texts}] as position`,
    where: whereOf(listable, query.meant),
    keys,
    after: query.after,
    limit: query.limit + 1,
  })
}

/** A random choice among all rows that match, in order: those whose ids have the least hashes. */
function sampleRows(listable: Listable, query: ListQuery, seed: number): SQL {
  const { id } = listable.table
  const from = relationOf(listable, query.meant.modifiers.asOf)
  return sql`
    select ${itemOf(listable, query)} as item, null::text[] as position from ${from}
    where ${id} = any(array(
      select ${id} from ${from} where ${whereOf(listable, query.meant)}
      order by uuid_hash_extended(${id}, ${seed}), ${id} limit ${query.limit}))
    order by ${orderOfAll(orderedKeys(listable, query.sort))}`
}

const itemOf = (listable: Listable, { include, meant }: ListQuery): SQL =>
  withRelated(
    listable,
    listable.item ?? sql`${(listable as Definition).table.document}`,
    include,
    meant.modifiers.asOf,
  )

/** Kept documents are answered as they are; only what is asked of them otherwise is parsed. */
function presentedItems(listable: Listable, items: string, query: ListQuery): string {
  const { include, fields, meant } = query
  const { asOf } = meant.modifiers
  if (listable.item === undefined && asOf === undefined && fields === undefined) return items
  const list: Item[] = JSON.parse(`[${items}]`)
  return list
    .map((item) => JSON.stringify(shown(listable, item, { include, fields }, asOf)))
    .join(betweenItems)
}

/** An item as it was on a day, with the fields that are wanted. */
export function shown(
  listable: Listable,
  item: Item,
  { include, fields }: Content,
  asOf: Meant['modifiers']['asOf'],
): unknown {
  const whole = presented(listable, item, include, asOf)
  return fields === undefined ? whole : select(whole, fields)
}
