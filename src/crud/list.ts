import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../db/connection.js'
import { byInstant, type OrderedKey, type Position, pageOf, type SortKey } from '../db/keyset.js'
import type { Definition } from './definition.js'
import { conditionOf, type Filter } from './filters.js'

/** What a client asks of a list. */
export interface ListQuery {
  /** Values of each filter. */
  filters: Record<string, readonly string[]>
  /** The keys to sort by; `-` before one for descending. */
  sort: string
  /** Where the page before ended. */
  after: Position | null
  limit: number
  total: boolean
}

export interface ListPage {
  /** The records as the inside of a JSON array. */
  documents: string
  /** Where this page ends; null when nothing follows. */
  end: Position | null
  total: number | null
}

/** The sort keys of every resource, besides its own. */
export const commonSorts = ({ table }: Definition): Record<string, SortKey> => ({
  slug: { expression: sql`${table.slug}`, type: 'text', nullable: false },
  updatedAt: byInstant(table.updatedAt),
})

/** The sort keys of a resource by their names. */
export const sortsOf = (definition: Definition): Record<string, SortKey> => ({
  ...definition.sorts,
  ...commonSorts(definition),
})

/** The keys of a sort, the id last, running as the key before it so that an index can serve both. */
function orderedKeys(definition: Definition, sort: string): OrderedKey[] {
  const sorts = sortsOf(definition)
  const keys = sort.split(',').map((key) => {
    const descending = key.startsWith('-')
    return { ...(sorts[descending ? key.slice(1) : key] as SortKey), descending }
  })
  const { descending } = keys.at(-1) as OrderedKey
  return [...keys, { expression: sql`${definition.table.id}`, type: 'uuid', nullable: false, descending }]
}

/** A page of a list, with the count of all that match when asked for, in one round trip. */
export async function listRecords(
  db: Queryable,
  definition: Definition,
  query: ListQuery,
): Promise<ListPage> {
  const { table } = definition
  const keys = orderedKeys(definition, query.sort)
  const where = whereOf(definition, query.filters)
  const texts = sql.join(
    keys.map((key) => sql`(${key.expression})::text`),
    sql`, `,
  )
  const rows = pageOf({
    table,
    columns: sql`${table.document} as document, array[${texts}] as position`,
    where,
    keys,
    after: query.after,
    limit: query.limit + 1,
  })
  const total = query.total ? sql`(select count(*)::int from ${table} where ${where})` : sql`null::int`
  const [page] = await db.rows<ListPage>(sql`
    with found as (select *, row_number() over () as place from (${rows}) r)
    select
      coalesce(string_agg(document, ',' order by place) filter (where place <= ${query.limit}), '') as documents,
      case when count(*) > ${query.limit}
        then (select to_json(position) from found where place = ${query.limit}) end as end,
      ${total} as total
    from found`)
  return page as ListPage
}

function whereOf({ filters }: Definition, values: ListQuery['filters']): SQL {
  const conditions = Object.entries(values).map(([name, wanted]) =>
    conditionOf(filters[name] as Filter, wanted),
  )
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
}
