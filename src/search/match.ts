import { type Column, type SQL, sql } from 'drizzle-orm'
import { hasAll, meaningOf } from './meaning.js'
import type { Query } from './query.js'
import { isSampled, searchEntries } from './table.js'

const entriesOf = (resource: string): SQL => sql`from ${searchEntries} e where e.resource = ${resource}`

/** That a column holds the id of a record of a resource that has everything that a query asks for. */
export function matchesQuery(resource: string, query: Query, id: Column): SQL {
  // As an array, so that the few that are found are looked up, and not each row among them.
  return sql`${id} = any(array(with recursive ${meaningOf(query, null)}
    select e.id ${entriesOf(resource)} and ${hasAll(query)}))`
}

/** What a sample has of that of which there is much. */
const manyInSample = sql.raw('100')

/** The same in two ways: rows of which there are many are looked at one by one, until there are enough. */
export function waysToMatch(resource: string, query: Query, id: Column) {
  return {
    given: sql`${meaningOf(query, null)},
      frequent as materialized (select count(*) >= ${manyInSample} as yes from (
        select ${entriesOf(resource)} and ${isSampled} and ${hasAll(query)} limit ${manyInSample}) s)`,
    areMany: sql`(select yes from frequent)`,
    few: sql`${id} = any(array(select e.id ${entriesOf(resource)} and ${hasAll(query)}))`,
    // A value and no `exists`, which the planner would turn into a search for all of them.
    many: sql`(select ${hasAll(query)} from ${searchEntries} e where e.id = ${id})`,
  }
}
