import { sql } from 'drizzle-orm'
import { idArray } from '../db/arrays.js'
import type { Queryable } from '../db/connection.js'
import type { SearchEntry } from './entry.js'
import { entryColumns, entryRows, nameColumns, nameRows, told } from './keep.js'
import { entriesOf, type StoredResource } from './stored.js'
import { searchEntries, searchNames, searchWords } from './table.js'

/** A record of which search keeps something else than it should. */
export interface StaleEntry {
  resource: string
  id: string
}

/** The records of which search keeps something else than what follows from the documents; none, after any writes. */
export async function findStaleEntries(
  db: Queryable,
  resources: readonly StoredResource[],
): Promise<StaleEntry[]> {
  const stale = await staleByThemselves(db)
  for (const resource of resources) {
    stale.push(...(await withoutRecord(db, resource)))
    for await (const entries of entriesOf(db, resource)) stale.push(...(await staleAmong(db, entries)))
  }
  const distinct = new Map(stale.map(({ resource, id }) => [id, { resource, id }]))
  return [...distinct.values()]
}

/** Entries of which something else is told than follows from them and those near them. */
const staleByThemselves = (db: Queryable) =>
  db.rows<StaleEntry>(sql`
    select resource, id from ${searchEntries} s
    where s.terms is distinct from ${told(sql`s.id`, sql`s.near`, sql`s.base`)}`)

const withoutRecord = (db: Queryable, { name, table }: StoredResource) =>
  db.rows<StaleEntry>(sql`
    select resource, id from ${searchEntries} s
    where resource = ${name} and not exists (select from ${table} where ${table}.id = s.id)`)

/** Records whose entry, names or words are not what they have to be. */
function staleAmong(db: Queryable, entries: readonly SearchEntry[]): Promise<StaleEntry[]> {
  const ids = idArray(entries.map(({ id }) => id))
  const words = entries.map(({ id, resource, words }) => ({ id, resource, words }))
  return db.rows<StaleEntry>(sql`
    (select resource, id from (
      select ${entryColumns} from (${entryRows(entries)}) e
      except select ${entryColumns} from ${searchEntries} where id = any(${ids})) e)
    union (select resource, entry_id from (
      ${nameRows(entries)} except select ${nameColumns} from ${searchNames}) n)
    union (select resource, entry_id from (
      select ${nameColumns} from ${searchNames} where entry_id = any(${ids}) except (${nameRows(entries)})) n)
    union (select e.resource, e.id from json_to_recordset(${sql.param(words)}::json) e (id uuid, resource text, words text[])
      cross join unnest(e.words) as word (word) where not exists (
        select from ${searchWords} w where w.word = word.word collate "C"))`)
}
