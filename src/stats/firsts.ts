import { type SQL, sql } from 'drizzle-orm'
import { type Chosen, joinsOf, labelColumns, labelJoins, part } from '../crud/dimensions.js'
import type { Meant } from '../crud/list-parameters.js'
import { relationOf } from '../crud/relation.js'
import { whereOf } from '../crud/where.js'
import type { Queryable } from '../db/connection.js'
import { object, partialDateText, reference } from '../db/json.js'
import { designationsResource } from '../resources/designations/store.js'
import { designations } from '../resources/designations/table.js'
import { countedBy } from '../resources/events/list.js'
import { events } from '../resources/events/table.js'
import { therapies } from '../resources/therapies/table.js'
import { groupFields, groupOrder } from './counts.js'

/** The most groups of one answer. */
export const mostFirsts = 1000

/** The most grants of a group that are named; the others are counted. */
export const mostGrants = 20

/** The first grants of each group. */
export interface Firsts {
  /** The groups as the inside of a JSON array, in the order of their keys. */
  data: string
  /** Whether there are more groups than are answered. */
  truncated: boolean
}

/** That a row of events is a grant that has happened. */
const isGrant = ({ modifiers: { asOf } }: Meant): SQL =>
  sql`${events.status} = 'granted' and not ${events.anticipated} and ${asOf === undefined ? sql`true` : countedBy(asOf)}`

/** Every grant of the designations that are meant, with the keys of its group. */
function grantsOf(chosen: readonly Chosen[], meant: Meant): SQL {
  const { asOf } = meant.modifiers
  const dimensions = chosen.map(({ dimension }) => dimension)
  const keys = dimensions.map(({ key }, index) => sql`, ${key} as ${part('key', index)}`)
  return sql`
    select ${designations.id} as id, ${events.when} as "when", ${events.on} as "on",
      ${events.announcedOn} as announced_on${sql.join(keys)}
    from ${relationOf(designationsResource, asOf)}
    join ${events} on ${events.designationId} = ${designations.id} and ${isGrant(meant)}
    ${joinsOf(dimensions, asOf)}
    where ${whereOf(designationsResource, meant)}`
}

const grantJson = object({
  designation: object({
    id: designations.id,
    slug: designations.slug,
    name: sql`${designations.document}::json ->> 'name'`,
  }),
  therapy: reference(therapies, therapies.name, designations.therapyId),
  grantedOn: partialDateText(sql`placed."on"`),
  announcedOn: partialDateText(sql`placed.announced_on`),
})

/** Grants by their groups: how many, and as a JSON array as many as are named, the earliest first. */
const listed = (grants: SQL): SQL => sql`
  select place_of_group, count(*)::int as count,
    array_to_json(array_agg(${grantJson} order by place) filter (where place <= ${mostGrants})) as named
  from (select *, row_number() over (partition by place_of_group order by "when", id) as place from ${grants}) placed
  left join ${designations} on ${designations.id} = placed.id and place <= ${mostGrants}
  group by place_of_group`

/**
 * The designations of each group that may have been granted first, in one round trip: no other one of the group was
 * surely granted before. Grants without any date stand apart.
 */
export async function findFirsts(db: Queryable, chosen: readonly Chosen[], meant: Meant): Promise<Firsts> {
  const dimensions = chosen.map(({ dimension }) => dimension)
  const keys = sql.join(
    dimensions.map((_, index) => part('key', index)),
    sql`, `,
  )
  const order = sql.join(groupOrder(chosen), sql`, `)
  const group = object({
    ...groupFields(chosen),
    first: sql`coalesce(first_grants.named, '[]')`,
    firstCount: sql`coalesce(first_grants.count, 0)`,
    undated: sql`coalesce(undated_grants.named, '[]')`,
    undatedCount: sql`coalesce(undated_grants.count, 0)`,
    certain: sql`coalesce(first_grants.count = 1 and undated_grants.count is null, false)`,
  })
  const [firsts] = await db.rows<Firsts>(sql`
    with grants as (
      select *, dense_rank() over (order by ${keys}) as group_number,
        min(upper("when")) over (partition by ${keys}) as bound
      from (${grantsOf(chosen, meant)}) g),
    open as (select * from grants where lower("when") < bound or "when" is null),
    labelled as (
      select ${sql.join([...labelColumns(dimensions), sql`group_number`], sql`, `)}
      from (select distinct group_number, ${keys} from open) o${labelJoins(dimensions)}),
    shown as (
      select *, row_number() over (order by ${order}) as place_of_group
      from labelled order by ${order} limit ${mostFirsts + 1}),
    dated as (
      select distinct on (place_of_group, id) place_of_group, id, "when", "on", announced_on
      from open join shown using (group_number) where "when" is not null
      order by place_of_group, id, "when"),
    undated as (
      select distinct place_of_group, id, "when", "on", announced_on
      from open join shown using (group_number) where "when" is null and not exists (
        select from ${events} where ${events.designationId} = id and ${events.when} is not null and ${isGrant(meant)})),
    first_grants as (${listed(sql`dated`)}),
    undated_grants as (${listed(sql`undated`)}),
    numbered as (
      select ${group} as item, place_of_group as place
      from shown left join first_grants using (place_of_group) left join undated_grants using (place_of_group))
    select
      coalesce(string_agg(item::text, ',' order by place) filter (where place <= ${mostFirsts}), '') as data,
      count(*) > ${mostFirsts} as truncated
    from numbered`)
  return firsts as Firsts
}
