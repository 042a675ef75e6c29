import { rebuildHistory } from './crud/history.js'
import { allDefinitions } from './crud/registry.js'
import type { Database } from './db/connection.js'
import { migrate } from './db/migrate.js'
import { loadRoutes } from './resources/index.js'
import { ensureSearchIndex } from './search/rebuild.js'

/**
 * Brings a database to what this version of the service keeps: its schema, and what follows from the records that an
 * older version wrote. Before anything is written, since a write would leave the other records without it.
 * Answers how many records the index of the search was made of again; 0 when it was right.
 */
export async function upgrade(database: Database): Promise<number> {
  await migrate(database)
  await loadRoutes()
  await rebuildHistory(database)
  return ensureSearchIndex(database, allDefinitions())
}
