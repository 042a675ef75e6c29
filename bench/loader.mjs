// Fills an empty database through the one write path, with the search entries and most indexes made at the end.
import { SQL, StringChunk, sql } from 'drizzle-orm'
import { allDefinitions, definitionOf } from '../dist/crud/registry.js'
import { writeRecords } from '../dist/crud/write.js'
import { connect } from '../dist/db/connection.js'
import { migrate } from '../dist/db/migrate.js'
import { validateBody } from '../dist/http/validation.js'
import { loadRoutes } from '../dist/resources/index.js'
import { searchEntryOf } from '../dist/search/entry.js'
import { addWords, insertEntries, keepNames } from '../dist/search/keep.js'
import { searchRules } from '../dist/search/rebuild.js'
import { searchEntries, searchNames, searchState, searchWords } from '../dist/search/table.js'

/** What the load alone is set to: it can be made again, and its statements meet tables that grow under their plans. */
const settings = {
  plan_cache_mode: 'force_custom_plan',
  synchronous_commit: 'off',
  maintenance_work_mem: '1GB',
}

/** Batches of one resource that are written side by side. */
const sideBySide = 2

const searchTables = new Set([searchEntries, searchNames, searchWords])
const searchTableWritten = /"search_(entries|names|words)"/

/** Whether a part of a statement names a table of the search, as a table or in a text that was put together before. */
function isOfSearch(part) {
  if (part instanceof SQL) return part.queryChunks.some(isOfSearch)
  return (
    searchTables.has(part) || (part instanceof StringChunk && searchTableWritten.test(part.value.join('')))
  )
}

/** A transaction that keeps nothing for the search, all of which is made at the end. */
const withoutSearch = (transaction) => ({
  ...transaction,
  rows: async (statement) => (isOfSearch(statement) ? [] : transaction.rows(statement)),
})

/** Indexes in which documents are looked up while they are made, and search entries while they are told of each other. */
const neededMeanwhile =
  /^(events|evidence)_(designation|application|trial|event|therapy|program)_id_index$|^search_entries_near$/

async function dropIndexes(database) {
  const indexes = await database.rows(sql`
    select c.relname as name, pg_get_indexdef(c.oid) as definition
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where c.relnamespace = 'public'::regnamespace and not i.indisunique`)
  const dropped = indexes.filter(({ name }) => !neededMeanwhile.test(name))
  for (const { name } of dropped) await database.rows(sql`drop index ${sql.identifier(name)}`)
  return dropped
}

async function writeAll(database, batches, say) {
  let [count, last] = [0, '']
  // Batches of one resource may be written side by side; those of the next refer to them.
  const running = new Set()
  for await (const [resource, bodies] of batches) {
    while (running.size > (resource === last ? sideBySide - 1 : 0)) await Promise.race(running)
    if (resource !== last) say(resource)
    last = resource
    const definition = definitionOf(resource)
    const entries = bodies.map((body) => ({ input: validateBody(definition.input, body) }))
    const writing = database
      .transaction((transaction) => writeRecords(withoutSearch(transaction), definition, entries))
      .finally(() => running.delete(writing))
    running.add(writing)
    count += bodies.length
  }
  await Promise.all(running)
  return count
}

/** Does something to each of a list, some of them at a time. */
async function eachOf(list, work) {
  const left = [...list]
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: sideBySide }, worker))
}

const batch = 1000

/** The rows of a table in slices of their ids: from which on, and up to and with which. */
async function slicesOf(database, table) {
  const ends = await database.rows(sql`
    select id from (select id, row_number() over (order by id) as place, count(*) over () as count from ${table}) t
    where place % ${batch} = 0 or place = count order by id`)
  return ends.map(({ id }, index) => ({
    table,
    isWithin: index === 0 ? sql`id <= ${id}` : sql`id > ${ends[index - 1].id} and id <= ${id}`,
  }))
}

async function addEntries(database, definition, { table, isWithin }) {
  const rows = await database.rows(sql`select document from ${table} where ${isWithin}`)
  const entries = rows.map(({ document }) => searchEntryOf(definition, JSON.parse(document)))
  await database.transaction((transaction) =>
    Promise.all([
      addWords(transaction, entries),
      insertEntries(transaction, entries),
      ...keepNames(transaction, entries),
    ]),
  )
}

/** What near records say of each other; written once for all, and so in fewer words than where records change. */
const tellOfNear = (database, { table, isWithin }) =>
  database.rows(sql`
    update ${table} e set terms = e.base || array_to_tsvector(array(
      select unnest(o.own) from ${table} o where o.id = any(e.near)
      union all select unnest(o.own) from ${table} o where o.near @> array[e.id]))
    where ${isWithin}`)

/** Makes what search keeps of so many records, as its rebuild does, but side by side: nobody writes meanwhile. */
async function fillSearch(database, count) {
  for (const definition of allDefinitions())
    await eachOf(await slicesOf(database, definition.table), (slice) =>
      addEntries(database, definition, slice),
    )
  await database.rows(sql`analyze ${searchEntries}`)
  await eachOf(await slicesOf(database, searchEntries), (slice) => tellOfNear(database, slice))
  const [{ entries }] = await database.rows(sql`select count(*)::int as entries from ${searchEntries}`)
  if (entries !== count) throw new Error(`${count} records were written, but ${entries} can be searched`)
  await database.rows(sql`insert into ${searchState} (rules) values (${searchRules})`)
}

const setAll = async (database, name, change) => {
  for (const statement of change) await database.rows(sql.raw(`alter database "${name}" ${statement}`))
}

/**
 * Writes batches of bodies into the empty database at `url`: the same rows as the write path alone leaves. One that
 * fails is to be dropped, since it lacks indexes. Answers how many records were written.
 */
export async function load(url, batches, say = console.log) {
  const name = decodeURIComponent(new URL(url).pathname.slice(1))
  const first = connect({ url, max: 1 })
  await migrate(first)
  await loadRoutes()
  const indexes = await dropIndexes(first)
  await setAll(
    first,
    name,
    Object.entries(settings).map(([key, value]) => `set ${key} = '${value}'`),
  )
  await first.close()

  const database = connect({ url, max: sideBySide, statementTimeoutMs: 0 })
  const count = await writeAll(database, batches, say)
  await database.rows(sql`analyze`)
  say('search entries')
  await fillSearch(database, count)
  say('indexes')
  await eachOf(indexes, ({ definition }) => database.rows(sql.raw(definition)))
  say('vacuum')
  await database.rows(sql`vacuum analyze`)
  await setAll(database, name, ['reset all'])
  await database.close()
  return count
}
