import { type SQL, sql } from 'drizzle-orm'
import type { Listable } from '../crud/definition.js'
import { type Chosen, groupsOf, labelColumns, labelJoins, part, totalOf } from '../crud/dimensions.js'
import type { Meant } from '../crud/list-parameters.js'
import type { Queryable } from '../db/connection.js'
import { object } from '../db/json.js'

/** The most groups of one answer. */
export const mostGroups = 10_000

/** The groups of what is meant. */
export interface Counts {
  /** The groups as the inside of a JSON array, in the order of their keys. */
  data: string
  /** Whether there are more groups than are answered. */
  truncated: boolean
  /** How many rows are meant, each counted once. */
  total: number
}

/** What a group is called, as fields of its JSON object: null for a key that is missing. */
export const groupFields = (chosen: readonly Chosen[]): Record<string, SQL> =>
  Object.fromEntries(
    chosen.map(({ name }, index) => {
      const [value, label] = [part('value', index), part('name', index)]
      return [name, sql`case when ${value} is not null then ${object({ value, name: label })} end`]
    }),
  )

/** Groups are ordered by their keys, what is missing last. */
export const groupOrder = (chosen: readonly Chosen[]): SQL[] =>
  chosen.map((_, index) => sql`${part('value', index)} collate "C" nulls last`)

/** Counts what is meant by up to three dimensions, in one round trip. */
export async function countGroups(
  db: Queryable,
  listable: Listable,
  chosen: readonly Chosen[],
  meant: Meant,
): Promise<Counts> {
  const dimensions = chosen.map(({ dimension }) => dimension)
  const columns = sql.join([...labelColumns(dimensions), sql`count`], sql`, `)
  const order = sql.join([...groupOrder(chosen), sql`count`], sql`, `)
  const [counts] = await db.rows<Counts>(sql`
    with grouped as (${groupsOf(listable, dimensions, meant)}),
    labelled as (
      select ${columns} from grouped${labelJoins(dimensions)}),
    first as (select * from labelled order by ${order} limit ${mostGroups + 1}),
    numbered as (select *, row_number() over () as place from first)
    select
      coalesce(string_agg(${object({ ...groupFields(chosen), count: sql`count` })}::text, ',' order by place)
        filter (where place <= ${mostGroups}), '') as data,
      count(*) > ${mostGroups} as truncated,
      ${totalOf(listable, dimensions, meant, sql`grouped`)} as total
    from numbered`)
  return counts as Counts
}
