import { type TSchema, Type } from '@sinclair/typebox'
import { type SQL, sql } from 'drizzle-orm'
import { object } from '../db/json.js'
import type { Listable } from './definition.js'
import {
  type Chosen,
  dimensionsPattern,
  groupsOf,
  labelColumns,
  labelJoins,
  namesOfDimensions,
  readDimensions,
} from './dimensions.js'
import type { Meant } from './list-parameters.js'

/** Facets of one answer: each of them counts all that matches. */
const mostFacets = 8

/** The buckets that a facet names; what is in others is only counted. */
const mostBuckets = 100

/** The parameter that asks for facets, where there is something to group by. */
export function facetsParameter(listable: Listable): Record<string, TSchema> {
  if (Object.keys(listable.dimensions ?? {}).length === 0) return {}
  return {
    facets: Type.Optional(
      Type.String({
        pattern: dimensionsPattern,
        description: `What to count all that match by, up to ${mostFacets} with commas, each under all filters but its own; not in NDJSON or CSV: ${namesOfDimensions(listable)}.`,
      }),
    ),
  }
}

/** Reads the facets that a query asks for; a problem names what there is no facet of. */
export const readFacets = (listable: Listable, text?: string): Chosen[] =>
  text === undefined ? [] : readDimensions(listable, 'facets', text, mostFacets)

/** The facets of all that is meant, as SQL of a JSON object. */
export function facetsOf(listable: Listable, facets: readonly Chosen[], meant: Meant): SQL {
  return object<Record<string, unknown>>(
    Object.fromEntries(facets.map((facet) => [facet.asked, facetOf(listable, facet, meant)])),
  )
}

/** What else could be chosen is counted, too: a facet does not stand under its own filters. */
function withoutOwn({ values, modifiers }: Meant, { name, dimension: { filters = [] } }: Chosen): Meant {
  const others = Object.entries(values).filter(([filter]) => filter !== name && !filters.includes(filter))
  return { values: Object.fromEntries(others), modifiers }
}

function facetOf(listable: Listable, facet: Chosen, meant: Meant): SQL {
  const dimensions = [facet.dimension]
  const count = sql`count`
  const order = sql`count desc, value0 collate "C"`
  return sql`(
    with grouped as (${groupsOf(listable, dimensions, withoutOwn(meant, facet))}),
    labelled as (select ${sql.join(labelColumns(dimensions))}, count from grouped${labelJoins(dimensions)} where key0 is not null),
    buckets as (select * from labelled order by ${order} limit ${mostBuckets})
    select ${object({
      buckets: sql`array_to_json(array(
        select ${object({ value: sql`value0`, name: sql`name0`, count })} from buckets order by ${order}))`,
      missing: sql`coalesce((select count from grouped where key0 is null), 0)`,
      others: sql`coalesce((select sum(count) from labelled), 0)::int - coalesce((select sum(count) from buckets), 0)::int`,
    })})`
}
