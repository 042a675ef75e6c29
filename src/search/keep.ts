import { type SQL, sql } from 'drizzle-orm'
import { idArray } from '../db/arrays.js'
import type { Queryable } from '../db/connection.js'
import { fixed } from '../db/fixed.js'
import { codeOf, deletionsOf, hashOf, typosIn } from '../domain/names.js'
import { remembered } from '../domain/remembered.js'
import type { SearchedResource } from './declaration.js'
import { type SearchEntry, searchEntryOf } from './entry.js'
import { searchEntries, searchNames, searchWords } from './table.js'

/** A record whose document was written. */
interface Written {
  document: string
}

/**
 * Keeps what search knows of records in step with their documents, in the transaction that wrote them. Records near
 * them say something of them, so these are locked and told as well: in a statement after the lock, which sees what
 * others wrote meanwhile.
 */
export async function keepEntries(
  db: Queryable,
  resource: SearchedResource,
  written: readonly Written[],
): Promise<void> {
  if (written.length === 0) return
  const entries = written.map(({ document }) => searchEntryOf(resource, JSON.parse(document)))
  const ids = entries.map(({ id }) => id)
  const touched = await lockNear(
    db,
    ids,
    entries.flatMap(({ near }) => near),
  )
  await Promise.all([
    addWords(db, entries),
    upsertEntries(db, entries),
    ...keepNames(db, entries),
    retell(db, sql`id = any(${idArray([...ids, ...touched])})`),
  ])
}

/** Adds entries of records that are new. */
export async function addEntries(
  db: Queryable,
  resource: SearchedResource,
  written: readonly Written[],
): Promise<void> {
  const entries = written.map(({ document }) => searchEntryOf(resource, JSON.parse(document)))
  const input = sql`select ${entriesJson(entries)}, ${namesJson(entries)}, ${wordsJson(entries)}`
  await db.rows(sql`with input (entries, names, words) as (${input}), ${addInput}`)
}

/** Takes records out of the search, and what they said out of those near them. */
export async function removeEntries(db: Queryable, ids: readonly string[]): Promise<void> {
  const touched = await lockNear(db, ids, [])
  await Promise.all([
    db.rows(sql`delete from ${searchEntries} where id = any(${idArray(ids)})`),
    retell(db, sql`id = any(${idArray(touched)})`),
  ])
}

/** Locks records and those near them, in the order of their ids; answers which. */
async function lockNear(db: Queryable, ids: readonly string[], near: readonly string[]): Promise<string[]> {
  const rows = await db.rows<{ id: string }>(sql`
    select id from ${searchEntries} where id = any(array(
      select unnest(${idArray([...ids, ...near])})
      union select unnest(near) from ${searchEntries} where id = any(${idArray(ids)})
      union select id from ${searchEntries} where near && ${idArray(ids)}))
    order by id for no key update`)
  return rows.map(({ id }) => id)
}

/** The row of a word in the table of words. Most words are those of a vocabulary, and come again and again. */
const wordRow = remembered((word: string) => {
  const typos = typosIn(word)
  const variants = typos === 0 ? [] : [...deletionsOf(word, typos)].map(hashOf)
  return { word, code: codeOf(word), typos, variants }
})

/**
 * Adds words that are not there yet, as SQL; in their order, so that others who add the same ones wait and do not cross.
 */
const insertWords = (json: SQL): SQL => sql`
  insert into ${searchWords} (word, code, typos, variants)
  select word, code, typos, variants
  from json_to_recordset(${json}) w (word text, code text, typos int, variants int[])
  order by word collate "C"
  on conflict do nothing`

/** The distinct words of entries, as JSON. */
const wordsJson = (entries: readonly SearchEntry[]): SQL => {
  const words = new Set(entries.flatMap(({ words }) => words))
  return sql`${sql.param([...words].map(wordRow))}::json`
}

/** Adds the words of entries that are not there yet. */
export async function addWords(db: Queryable, entries: readonly SearchEntry[]): Promise<void> {
  await db.rows(insertWords(wordsJson(entries)))
}

/** The entries as rows, `base` made of their lexemes and texts. */
export const entryRows = (entries: readonly SearchEntry[]): SQL => selectEntries(entriesJson(entries))

const entriesJson = (entries: readonly SearchEntry[]): SQL =>
  sql`${sql.param(entries.map(({ names, words, ...entry }) => entry))}::json`

const selectEntries = (json: SQL): SQL => sql`
  select e.*, array_to_tsvector(e.lexemes) || strip(to_tsvector('english', e.prose)) as base
  from json_to_recordset(${json}) e (
    id uuid, resource text, slug text, name text, parent uuid, near uuid[], own text[], lexemes text[],
    fields jsonb, texts jsonb, prose text)`

/** What is told of a record: what it says itself, and what those near it refer to. */
export const told = (id: SQL, near: SQL, base: SQL): SQL => sql`${base} || array_to_tsvector(array(
  select unnest(o.own) from ${searchEntries} o where o.id = any(${near})
  union all select unnest(o.own) from ${searchEntries} o where o.near @> array[${id}]))`

/** What is kept of a record whatever is said of others. */
export const entryColumns = sql.raw('id, resource, slug, name, parent, near, own, fields, texts, base')

/** Adds entries that nobody finds yet; `retell` makes that they are found. */
export async function insertEntries(db: Queryable, entries: readonly SearchEntry[]): Promise<void> {
  await db.rows(sql`
    insert into ${searchEntries} (${entryColumns}, terms) select ${entryColumns}, '' from (${entryRows(entries)}) e`)
}

async function upsertEntries(db: Queryable, entries: readonly SearchEntry[]): Promise<void> {
  await db.rows(sql`
    insert into ${searchEntries} (${entryColumns}, terms)
    select ${entryColumns}, ${told(sql`e.id`, sql`e.near`, sql`e.base`)} from (${entryRows(entries)}) e
    on conflict (id) do update set
      slug = excluded.slug, name = excluded.name, parent = excluded.parent, near = excluded.near,
      own = excluded.own, fields = excluded.fields, texts = excluded.texts, base = excluded.base,
      terms = excluded.terms`)
}

export const nameColumns = sql.raw('entry_id, position, resource, field, value, normal, is_key')

/** The names of entries, as rows of the table of names. */
export const nameRows = (entries: readonly SearchEntry[]): SQL => selectNames(namesJson(entries))

const namesJson = (entries: readonly SearchEntry[]): SQL => {
  const rows = entries.flatMap(({ id, resource, names }) =>
    names.map((name, position) => ({
      entry_id: id,
      resource,
      position,
      ...name,
      is_key: name.isKey,
    })),
  )
  return sql`${sql.param(rows)}::json`
}

const selectNames = (json: SQL): SQL => sql`
  select ${nameColumns} from json_to_recordset(${json}) n (
    entry_id uuid, position int, resource text, field text, value text, normal text, is_key boolean)`

/** Writes names again only where they are others than before. */
export function keepNames(db: Queryable, entries: readonly SearchEntry[]): Promise<unknown>[] {
  const counts = entries.map(({ id, names }) => ({ id, count: names.length }))
  return [
    db.rows(sql`
      delete from ${searchNames} n
      using json_to_recordset(${sql.param(counts)}::json) c (id uuid, count int)
      where n.entry_id = c.id and n.position >= c.count`),
    db.rows(sql`
      insert into ${searchNames} as n (${nameColumns})
      ${nameRows(entries)}
      on conflict (entry_id, position) do update set
        field = excluded.field, value = excluded.value, normal = excluded.normal, is_key = excluded.is_key
      where (n.field, n.value) is distinct from (excluded.field, excluded.value)
        or (n.normal, n.is_key) is distinct from (excluded.normal, excluded.is_key)`),
  ]
}

/** Tells again what is told of entries, where it is something else by now. */
export async function retell(db: Queryable, where: SQL): Promise<void> {
  await db.rows(sql`
    update ${searchEntries} e set terms = t.terms
    from (select id, ${told(sql`s.id`, sql`s.near`, sql`s.base`)} as terms from ${searchEntries} s where ${where}) t
    where e.id = t.id and e.terms is distinct from t.terms`)
}

/**
 * Adds new entries, given as JSON. Nobody is near them yet, so only those that they are near are locked, in the order of
 * their ids, and told what is said now besides; where all of that was said before, they stay as they are. What they were
 * told is taken from the locked rows, since the statement may have begun before it got the lock; what they say
 * themselves cannot change meanwhile, since the new records hold on to theirs.
 */
const addInput = fixed(sql`
  entry as materialized (${selectEntries(sql`(select entries from input)`)}),
  neighbour as materialized (
    select id, terms from ${searchEntries} where id = any(array(select unnest(near) from entry))
    order by id for no key update),
  added as (
    insert into ${searchEntries} (${entryColumns}, terms)
    select ${entryColumns}, base || array_to_tsvector(array(
      select unnest(o.own) from ${searchEntries} o where o.id = any(entry.near))) from entry),
  named as (insert into ${searchNames} (${nameColumns}) ${selectNames(sql`(select names from input)`)}),
  worded as (${insertWords(sql`(select words from input)`)}),
  heard as (
    select neighbour, array_agg(word) as words
    from entry cross join unnest(near) neighbour cross join unnest(own) word group by neighbour),
  news as materialized (
    select n.id, n.terms, n.terms || array_to_tsvector(h.words) as told
    from neighbour n join heard h on h.neighbour = n.id)
  update ${searchEntries} e set terms = news.told from news where e.id = news.id and news.told <> news.terms`)
