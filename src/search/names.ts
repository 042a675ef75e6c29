import { type Column, type SQL, sql } from 'drizzle-orm'
import { textArray } from '../db/arrays.js'
import { anyOf } from '../db/conditions.js'
import type { Queryable } from '../db/connection.js'
import { unseen } from '../db/fixed.js'
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
  const whole = names.filter(isWhole).map(normalName)
  const patterns = names.filter((name) => !isWhole(name))
  // A select each: patterns of a list would not be looked up in an index.
  const selects = [
    ...(whole.length > 0 ? [sql`${recordsNamed(resource, textArray(whole))} and not is_key`] : []),
    ...patterns.map(
      (pattern) => sql`
        select entry_id from ${searchNames}
        where ${isLike(pattern)} and ${ofResource(pattern, resource)} and not is_key`,
    ),
  ]
  return sql.join(selects, sql` union `)
}

/**
 * That a name is one of a resource: where the index of parts leads to it, said so that the planner does not read all names
 * of the resource instead, as it would where it cannot know how many these are.
 */
const ofResource = (pattern: string, resource: string): SQL =>
  pattern.startsWith('*') ? sql`(resource = ${resource}) is true` : sql`resource = ${resource}`

const isWhole = (name: string) => !name.includes('*')

/** That a name begins so, ends so, or has something in it. */
function isLike(pattern: string): SQL {
  const normal = normalName(pattern)
  if (!pattern.startsWith('*')) return sql`normal >= ${unseen(normal)} and normal < ${endOf(unseen(normal))}`
  const isAnywhere = pattern.endsWith('*')
  // Of so few letters there is nothing in the index of parts, which would be read as a whole.
  if (normal.length < 3 && isAnywhere) return sql`strpos(normal, ${normal}) > 0`
  if (normal.length < 2) return sql`right(normal, 1) = ${normal}`
  return sql`normal like ${unseen(`%${normal}${isAnywhere ? '%' : ''}`)}`
}

/** Names beyond which it is faster to look at one record after the other. */
const manyNames = sql.raw('5000')

/**
 * That a column holds the id of such a record, in two ways: where many names are alike, records are looked at one by one,
 * until there are enough.
 */
export function waysToBeNamed(resource: string, names: readonly string[], id: Column) {
  if (names.every(isWhole)) return undefined
  const found = namesLike(resource, names)
  const few = sql`${id} = any(array(select id from named))`
  const areMany = sql`(select count(*) > ${manyNames} from named)`
  if (!names.some((name) => name.startsWith('*'))) {
    return {
      given: sql`named (id) as materialized (${found})`,
      areMany,
      few,
      // So that the planner makes a table of them and does not look up all of them after all.
      many: sql`(${id} in (select id from named)) is true`,
    }
  }
  // To find all of them takes too long: names are looked up by their records.
  const isOne = names.map((name) => (isWhole(name) ? sql`normal = ${normalName(name)}` : isLike(name)))
  return {
    given: sql`named (id) as materialized (select * from (${found}) n limit ${manyNames} + 1)`,
    areMany,
    few,
    // With an offset, lest the planner look up all of them after all.
    many: sql`exists (
      select from ${searchNames} where entry_id = ${id} and not is_key and ${anyOf(isOne)} offset 0)`,
  }
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
