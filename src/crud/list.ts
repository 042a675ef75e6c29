import { type SQL, sql } from 'drizzle-orm'
import type { Database, Written } from '../db/connection.js'
import { compiled, filled, fixed, quoted, type Statement } from '../db/fixed.js'
import { type OrderedKey, orderOfAll, type Place, type Position, pageOf, type SortKey } from '../db/keyset.js'
import type { AsOf } from '../domain/as-of.js'
import { remembered } from '../domain/remembered.js'
import type { Definition, Item, Listable } from './definition.js'
import type { Chosen } from './dimensions.js'
import { facetsOf } from './facets.js'
import { type Selection, select } from './fields.js'
import type { Meant } from './list-parameters.js'
import { presented, withRelated } from './related.js'
import { relationOf, sortEnd } from './relation.js'
import { selectWhere, whereOf } from './where.js'

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
  /** The items as the inside of a JSON array, one a line; UTF-8. */
  items: Buffer
  /** Where this page ends; null when nothing follows. */
  end: Position | null
  total: number | null
  facets: Item | null
}

/** The keys of a sort, the id last, running as the key before it so that an index can serve both. */
export function orderedKeys(listable: Listable, sort: string, asOf?: AsOf): OrderedKey[] {
  const { sorts, table } = listable
  const keys = sort.split(',').map((key) => {
    const descending = key.startsWith('-')
    const name = descending ? key.slice(1) : key
    return { ...(sorts[name] as SortKey), descending, end: sortEnd(listable, name, asOf) }
  })
  const { descending } = keys.at(-1) as OrderedKey
  return [...keys, { expression: sql`${table.id}`, type: 'uuid', nullable: false, descending }]
}

/** What is the same in all statements about a list that is sorted so and embeds these. */
interface Frame {
  from: SQL
  columns: SQL
  keys: OrderedKey[]
}

/** The frame of a list; that of the present is put together once. */
function frameOf(listable: Listable, { sort, include, meant }: PageQuery): Frame {
  const { asOf } = meant.modifiers
  return asOf === undefined
    ? presentFrame({ listable, sort, include })
    : makeFrame(listable, sort, include, asOf)
}

interface Arrangement extends Pick<ListQuery, 'sort' | 'include'> {
  listable: Listable
}

const presentFrame = remembered(
  ({ listable, sort, include }: Arrangement): Frame => {
    const { from, columns, keys } = makeFrame(listable, sort, include)
    return {
      from: fixed(from),
      columns: fixed(columns),
      keys: keys.map((key) => ({ ...key, expression: fixed(key.expression) })),
    }
  },
  ({ listable, sort, include }) => JSON.stringify([listable.name, sort, include]),
)

function makeFrame(listable: Listable, sort: string, include: readonly string[], asOf?: AsOf): Frame {
  const keys = orderedKeys(listable, sort, asOf)
  const texts = keys.map((key) => sql`(${key.expression})::text`)
  return {
    from: relationOf(listable, asOf),
    columns: sql`${itemOf(listable, include, asOf)} as item, array[${sql.join(texts, sql`, `)}] as position`,
    keys,
  }
}

/**
 * What `use` makes of a page of a list, with the count and the facets of all that match when asked for, in one round trip.
 * The items lie in memory that is used again when it returns.
 */
export async function listItems<Result>(
  db: Database,
  listable: Listable,
  query: ListQuery,
  use: (page: ListPage) => Result,
): Promise<Result> {
  const read = (columns: Written) => use(pageOfColumns(columns, listable, query))
  return (await db.written(statementOf(listable, query), read)) as Result
}

/** Lists that take more characters to tell are rarely asked for again. */
const longestKey = 500

/** The statement for a page. That for pages that differ only in where they begin is compiled once. */
function statementOf(listable: Listable, query: ListQuery): Statement {
  const { after, facets, sort, meant, limit, total, include, seed } = query
  const nulls = after?.map((text) => text === null)
  const key = JSON.stringify([listable.name, sort, meant, limit, total, include, seed, nulls])
  if (facets.length > 0 || key.length > longestKey) return pageStatement(listable, query)
  return filled(compiledPage({ key, listable, query }), { ...after })
}

const compiledPage = remembered(
  ({ listable, query }: { key: string; listable: Listable; query: ListQuery }) => {
    const placeOf = (text: string | null, index: number) =>
      text === null ? null : sql.placeholder(String(index))
    return compiled(pageStatement(listable, { ...query, after: query.after?.map(placeOf) ?? null }))
  },
  ({ key }) => key,
  500,
)

/** What is asked of a list, its beginning perhaps to be filled in. */
type PageQuery = Omit<ListQuery, 'after'> & { after: Place | null }

function pageStatement(listable: Listable, query: PageQuery): SQL {
  const { meant, limit, facets } = query
  const rows = query.seed === undefined ? pageRows(listable, query) : sampleRows(listable, query, query.seed)
  return sql`
    with found as (select *, row_number() over () as place from (${rows}) r)
    select
      coalesce(string_agg(item, ${quoted(betweenItems)} order by place) filter (where place <= ${limit}), '') as items,
      case when count(*) > ${limit} then (select to_json(position) from found where place = ${limit}) end as end,
      ${query.total ? countOf(listable, meant) : sql`null::int`} as total,
      ${facets.length > 0 ? facetsOf(listable, facets, meant) : sql`null::json`} as facets
    from found`
}

function pageOfColumns([items, end, total, facets]: Written, listable: Listable, query: ListQuery): ListPage {
  const parsed = (column: Buffer | null | undefined) => (column ? JSON.parse(String(column)) : null)
  return {
    items: presentedItems(listable, items as Buffer, query),
    end: parsed(end),
    total: parsed(total),
    facets: parsed(facets),
  }
}

const countOf = (listable: Listable, meant: Meant): SQL =>
  sql`(select count(*)::int from ${relationOf(listable, meant.modifiers.asOf)} where ${whereOf(listable, meant)})`

/** The rows of a page and one more, which tells whether something follows. */
function pageRows(listable: Listable, query: PageQuery): SQL {
  const page = { ...frameOf(listable, query), after: query.after, limit: query.limit + 1 }
  return selectWhere(listable, query.meant, (where) => pageOf({ ...page, where }))
}

/** A random choice among all rows that match, in order: those whose ids have the least hashes. */
function sampleRows(listable: Listable, query: PageQuery, seed: number): SQL {
  const { id } = listable.table
  const { asOf } = query.meant.modifiers
  const from = relationOf(listable, asOf)
  return sql`
    select ${itemOf(listable, query.include, asOf)} as item, null::text[] as position from ${from}
    where ${id} = any(array(
      select ${id} from ${from} where ${whereOf(listable, query.meant)}
      order by uuid_hash_extended(${id}, ${seed}), ${id} limit ${query.limit}))
    order by ${orderOfAll(orderedKeys(listable, query.sort))}`
}

/** The JSON text of an item with related lists embedded, as SQL. */
export const itemOf = (listable: Listable, include: readonly string[], asOf?: AsOf): SQL =>
  withRelated(listable, listable.item ?? sql`${(listable as Definition).table.document}`, include, asOf)

/** Whether items are answered as they are kept. */
export const isAsKept = (listable: Listable, { fields, meant }: ListQuery): boolean =>
  listable.item === undefined && meant.modifiers.asOf === undefined && fields === undefined

/** Kept documents are answered as they are; only what is asked of them otherwise is parsed. */
export function presentedItems(listable: Listable, items: Buffer, query: ListQuery): Buffer {
  if (isAsKept(listable, query)) return items
  const { include, fields, meant } = query
  const { asOf } = meant.modifiers
  const list: Item[] = JSON.parse(`[${items}]`)
  const texts = list.map((item) => JSON.stringify(shown(listable, item, { include, fields }, asOf)))
  return Buffer.from(texts.join(betweenItems))
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
