import { type Column, type SQL, sql } from 'drizzle-orm'
import { anyOf, isAmong } from '../db/conditions.js'
import { hasAll, meaningOf } from './meaning.js'
import type { Query } from './query.js'
import { isSampled, searchEntries } from './table.js'

/** Where rows tell which record of a resource they are about: a column that holds its id, or null. */
export interface About {
  resource: string
  id: Column
}

/** The ids of the records of a resource that have everything that a query asks for. */
const idsOf = (resource: string, query: Query): SQL =>
  sql`select e.id from ${searchEntries} e where e.resource = ${resource} and ${hasAll(query)}`

/** That a row is about a record that has everything that a query asks for. */
export function matchesQuery(abouts: readonly About[], query: Query): SQL {
  // As an array, so that the few that are found are looked up, and not each row among them.
  return anyOf(
    abouts.map(
      ({ resource, id }) =>
        sql`${id} = any(array(with recursive ${meaningOf(query, null)} ${idsOf(resource, query)}))`,
    ),
  )
}

/** What a sample has of that of which there is much. */
const manyInSample = sql.raw('100')

/** The same in two ways: rows of which there are many are looked at one by one, until there are enough. */
export function waysToMatch(abouts: readonly About[], query: Query) {
  const resources = abouts.map(({ resource }) => resource)
  const ids = sql.join(
    abouts.map(({ id }) => sql`${id}`),
    sql`, `,
  )
  return {
    given: sql`${meaningOf(query, null)},
      frequent as materialized (select count(*) >= ${manyInSample} as yes from (
        select from ${searchEntries} e where ${isAmong(sql`e.resource`, resources)} and ${isSampled} and ${hasAll(query)}
        limit ${manyInSample}) s)`,
    areMany: sql`(select yes from frequent)`,
    few: anyOf(abouts.map(({ resource, id }) => sql`${id} = any(array(${idsOf(resource, query)}))`)),
    // A value and no `exists`, which the planner would turn into a search for all of them.
    many: sql`(select ${hasAll(query)} from ${searchEntries} e where e.id = coalesce(${ids}))`,
  }
}
