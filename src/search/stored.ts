import { type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Queryable } from '../db/connection.js'
import type { SearchedResource } from './declaration.js'
import { type SearchEntry, searchEntryOf } from './entry.js'

/** A resource that can be searched, with the table of its records. */
export interface StoredResource extends SearchedResource {
  table: PgTable
}

/** Rows read at once; documents are a few kilobytes. */
const batch = 1000

/** The rows of a table by their ids, some at a time. */
export async function* batchesOf<Row>(
  db: Queryable,
  table: PgTable,
  columns: SQL,
): AsyncGenerator<(Row & { id: string })[]> {
  let after = '00000000-0000-0000-0000-000000000000'
  while (true) {
    const rows = await db.rows<Row & { id: string }>(
      sql`select ${columns} from ${table} where id > ${after} order by id limit ${batch}`,
    )
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    after = last.id
  }
}

/** What search has to keep of each record of a resource, some at a time: as follows from their documents now. */
export async function* entriesOf(db: Queryable, resource: StoredResource): AsyncGenerator<SearchEntry[]> {
  for await (const rows of batchesOf<{ document: string }>(db, resource.table, sql`id, document`)) {
    yield rows.flatMap(({ id, document }) => {
      const content = read(document)
      return content === null ? [] : [searchEntryOf(resource, { ...content, id })]
    })
  }
}

/** The content of a document; null where it is none, which the check of documents tells. */
function read(document: string): object | null {
  try {
    return JSON.parse(document)
  } catch {
    return null
  }
}
