import { type Column, type SQL, sql } from 'drizzle-orm'
import { hasPhrases, meaningOf } from './meaning.js'
import type { Query } from './query.js'
import { searchEntries } from './table.js'

/** That a column holds the id of a record of a resource that has everything that a query asks for. */
export function matchesQuery(resource: string, query: Query, id: Column): SQL {
  // As an array, so that the few that are found are looked up, and not each row among them.
  return sql`${id} = any(array(with recursive ${meaningOf(query, null)}
    select e.id from ${searchEntries} e
    where e.resource = ${resource} and e.terms @@ (select query from condition) and ${hasPhrases}))`
}
