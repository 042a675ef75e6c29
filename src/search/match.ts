import { type Column, type SQL, sql } from 'drizzle-orm'
import { anyOf, isAmong } from '../db/conditions.js'
import { hasAll, meaningOf } from './meaning.js'
import type { Query } from './query.js'
import { isSampled, searchEntries } from './table.js'

/** A column that tells which record of a resource a row is about: its id, or null. */
export interface RecordColumn {
  resource: string
  id: Column
}

/** The ids of the records of a resource that have everything that a query asks for. */
const idsOf = (resource: string, query: Query): SQL =>
  sql`select e.id from ${searchEntries} e where e.resource = ${resource} and ${hasAll(query)}`

/** That a row is about a record that has everything that a query asks for. */
export function matchesQuery(columns: readonly RecordColumn[], query: Query): SQL {
  // As an array, so that the few that are found are looked up, and not each row among them.
  return anyOf(
    columns.map(
      ({ resource, id }) =>
        sql`${id} = any(array(with recursive ${meaningOf(query, null)} ${idsOf(resource, query)}))`,
    ),
  )
}

/** What a sample has of that of which there is much. */
const manyInSample = sql.raw('100')

/** The same in two ways: rows of which there are many are looked at one by one, until there are enough. */
export function waysToMatch(columns: readonly RecordColumn[], query: Query) {
  const resources = columns.map(({ resource }) => resource)
  const ids = sql.join(
    columns.map(({ id }) => sql`${id}`),
    sql`, `,
  )
  return {
    given: sql`${meaningOf(query, null)},
      frequent as materialized (select count(*) >= ${manyInSample} as yes from (
        select from ${searchEntries} e where ${isAmong(sql`e.resource`, resources)} and ${isSampled} and ${hasAll(query)}
        limit ${manyInSample}) s)`,
    areMany: sql`(select yes from frequent)`,
    few: anyOf(columns.map(({ resource, id }) => sql`${id} = any(array(${idsOf(resource, query)}))`)),
    // A value and no `exists`, which the planner would turn into a search for all of them.
    many: sql`(select ${hasAll(query)} from ${searchEntries} e where e.id = coalesce(${ids}))`,
  }
}
