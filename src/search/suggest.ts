import { sql } from 'drizzle-orm'
import { textArray } from '../db/arrays.js'
import type { Queryable } from '../db/connection.js'
import { beginningOf, normalName, type Word, wordsOf } from '../domain/names.js'
import { markedBy } from './highlight.js'
import { endOf } from './meaning.js'
import { maxQueryLength } from './query.js'
import { searchEntries, searchNames, searchWords } from './table.js'

/** A record that somebody may be about to name. */
export interface Suggestion {
  resource: string
  id: string
  slug: string
  name: string
  /** The name that goes on as typed. */
  value: string
  highlight: string
}

/** Names and words that are looked at; the shortest of them are what was nearly typed. */
const mostNames = 200
const mostWords = 50

type Row = Omit<Suggestion, 'highlight'>

/** Records a name of which, or else a word of a name, begins as typed: the shortest names first. */
export async function suggest(
  db: Queryable,
  text: string,
  resources: readonly string[],
  limit: number,
): Promise<Suggestion[]> {
  const typed = beginningOf(text, maxQueryLength)
  const normal = normalName(typed)
  if (normal === '') return []
  const words = wordsOf(typed)
  const last = (words.at(-1) as Word).joined
  const before = words.slice(0, -1).map(({ joined }) => `'=${joined}'`)
  const rows = await db.rows<Row>(sql`
    with type as materialized (select unnest(${textArray(resources)}) as resource),
    begun as materialized (
      select n.entry_id, n.value, n.normal, 0 as place from ${searchNames} n join type t on t.resource = n.resource
      where n.normal >= ${normal} and n.normal < ${endOf(sql`${normal}::text`)} and not n.is_key
      order by n.normal limit ${mostNames}),
    word as materialized (
      select word from ${searchWords}
      where word >= ${last} and word < ${endOf(sql`${last}::text`)} order by word limit ${mostWords}),
    within as materialized (
      select e.id from ${searchEntries} e join type t on t.resource = e.resource
      where (select count(*) from begun) < ${limit} and e.terms @@ (
        select nullif(concat_ws(' & ', nullif(${before.join(' & ')}, ''),
          '(' || string_agg('''=' || word || '''', ' | ') || ')'), '')::tsquery from word)
      limit ${mostNames}),
    named as (
      select * from begun
      union all
      select n.entry_id, n.value, n.normal, 1 from within w join ${searchNames} n on n.entry_id = w.id
      where not n.is_key and n.normal like '%' || ${last} || '%')
    select e.resource, e.id, e.slug, e.name, n.value from (
      select distinct on (entry_id) * from named order by entry_id, place, length(normal), normal) n
    join ${searchEntries} e on e.id = n.entry_id
    order by n.place, length(n.normal), n.normal, lower(e.name), e.id limit ${limit}`)
  const whole = new Set(words.slice(0, -1).map(({ joined }) => joined))
  return rows.map((row) => ({ ...row, highlight: markedBy(row.value, whole, [normal, last]) }))
}
