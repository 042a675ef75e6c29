import { type SQL, sql } from 'drizzle-orm'
import { textArray } from '../db/arrays.js'
import type { Queryable } from '../db/connection.js'
import { normalName } from '../domain/names.js'
import { endOf, typoRow, wordsNear } from './meaning.js'
import { searchEntries, searchNames } from './table.js'

/** The ids of the records of a resource that bear one of the names, which are normalized; one id as often as it does. */
export const recordsNamed = (resource: string, normalNames: SQL): SQL => sql`
  select entry_id as id from ${searchNames} where resource = ${resource} and normal = any(${normalNames})`

/**
 * The ids of the records of a resource that bear one of the names: in any case, with or without hyphens, accents and
 * Greek letters. `*` at the end of a name stands for any rest, at its beginning for anything before it.
 */
export function namesLike(resource: string, names: readonly string[]): SQL {
  const whole = names.filter((name) => !name.includes('*')).map(normalName)
  const patterns = names.filter((name) => name.includes('*'))
  // A select each: patterns of a list would not be looked up in an index.
  const selects = [
    ...(whole.length > 0 ? [sql`${recordsNamed(resource, textArray(whole))} and not is_key`] : []),
    ...patterns.map(
      (pattern) => sql`
        select entry_id from ${searchNames} where ${isLike(pattern)} and resource = ${resource} and not is_key`,
    ),
  ]
  return sql.join(selects, sql` union `)
}

/** That a name begins so, ends so, or has something in it. */
function isLike(pattern: string): SQL {
  const normal = normalName(pattern)
  if (!pattern.startsWith('*')) return sql`normal >= ${normal} and normal < ${endOf(sql`${normal}::text`)}`
  return sql`normal like ${`%${normal}${pattern.endsWith('*') ? '%' : ''}`}`
}

/** A record that a name leads to. */
export interface Bearer {
  id: string
  slug: string
  name: string
}

/** Names that a look-up is answered with where nothing bears the name itself. */
const mostNear = 5

/**
 * The records of a resource that bear a name, in any case, with or without hyphens, accents and Greek letters; where
 * there is none, up to five that bear one with a typing mistake less or that begins so.
 */
export async function bearersOf(
  db: Queryable,
  resource: string,
  name: string,
): Promise<{ bearers: Bearer[]; near: Bearer[] }> {
  const normal = normalName(name)
  const rows = await db.rows<Bearer & { distance: number }>(sql`
    with bearer as materialized (
      select id, 0 as distance from (${recordsNamed(resource, textArray([normal]))}) n),
    near as (
      select n.entry_id as id, w.distance
      from json_to_recordset(${sql.param([typoRow(normal)])}::json) s (word text, code text, hashes int[], swaps text[])
      cross join lateral (${wordsNear(sql`s`)}) w
      join ${searchNames} n on n.normal = w.word and n.resource = ${resource}
      where w.distance <= w.typos
      union all
      (select n.entry_id, 3 from ${searchNames} n
      where n.normal > ${normal} and n.normal < ${endOf(sql`${normal}::text`)} and n.resource = ${resource} and not n.is_key
      order by n.normal limit ${mostNear}))
    select e.id, e.slug, e.name, f.distance from (
      select id, min(distance) as distance from (
        select * from bearer union all select * from near where not exists (select from bearer)) f
      group by id) f
    join ${searchEntries} e on e.id = f.id
    order by f.distance, lower(e.name), e.id`)
  const found = rows.map(({ id, slug, name, distance }) => ({ record: { id, slug, name }, distance }))
  return {
    bearers: found.filter(({ distance }) => distance === 0).map(({ record }) => record),
    near: found
      .filter(({ distance }) => distance > 0)
      .slice(0, mostNear)
      .map(({ record }) => record),
  }
}
