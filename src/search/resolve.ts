import { sql } from 'drizzle-orm'
import { textArray } from '../db/arrays.js'
import type { Queryable } from '../db/connection.js'
import { normalName } from '../domain/names.js'
import { typoRow, wordsNear } from './meaning.js'
import { isName, searchEntries, searchNames } from './table.js'

/** Names that are resolved at once. */
export const mostResolved = 1000

/** A record that bears a name, and how it does. */
export interface NamedSo {
  resource: string
  id: string
  slug: string
  name: string
  matched: { field: string; value: string; how: 'exact' | 'normalized' | 'typo' }
}

/** What a name means to the registry. */
export interface Resolution {
  name: string
  match: NamedSo | null
  /** Others that bear the name just as well. */
  alternatives: NamedSo[]
}

interface Row {
  n: number
  resource: string
  id: string
  slug: string
  name: string
  field: string
  value: string
  how: NamedSo['matched']['how']
}

/** Records that are told of one name. */
const mostBearers = 20

/**
 * Finds which record each name means, in one round trip: the record that is called exactly so, else one called so in
 * another case or with other hyphens, else one that a typing mistake or two (in ten letters and more) lead to. Where
 * several are called so, the first of them in the order of the resources and then of their names.
 */
export async function resolveNames(
  db: Queryable,
  names: readonly string[],
  resources: readonly string[],
): Promise<Resolution[]> {
  const rows = await db.rows<Row>(sql`
    with type as materialized (
      select resource, place from unnest(${textArray(resources)}) with ordinality t (resource, place)),
    asked as materialized (
      select * from json_to_recordset(${sql.param(names.map(askedRow))}::json) a (
        n int, text text, word text, code text, hashes int[], swaps text[])),
    called as materialized (
      select a.n, s.entry_id, s.resource, s.field, s.value,
        case when s.value = a.text then 'exact' else 'normalized' end as how, 0 as distance, s.position
      from asked a join ${searchNames} s on s.normal = a.word collate "C" and a.word <> ''),
    meant as materialized (
      select a.n, s.entry_id, s.resource, s.field, s.value, 'typo' as how, w.distance, s.position
      from (select * from asked where n not in (select n from called)) a
      cross join lateral (${wordsNear(sql`a`)}) w
      join ${searchNames} s on s.normal = w.word and ${isName(sql`s`)}
      where w.distance <= w.typos),
    found as (
      select f.*, t.place, row_number() over (
        partition by f.n, f.entry_id order by case how when 'exact' then 0 else 1 end, distance, position) as nth,
        min(distance) over (partition by f.n) as least,
        min(case how when 'exact' then 0 else 1 end) over (partition by f.n) as best
      from (select * from called union all select * from meant) f join type t on t.resource = f.resource),
    ranked as (
      select f.*, e.slug, e.name, row_number() over (
        partition by f.n order by f.place, lower(e.name), e.id) as rank
      from found f join ${searchEntries} e on e.id = f.entry_id
      where f.nth = 1 and f.distance = f.least and (f.how <> 'normalized' or f.best = 1))
    select n, resource, entry_id as id, slug, name, field, value, how from ranked
    where rank <= ${mostBearers} order by n, rank`)
  const found: NamedSo[][] = names.map(() => [])
  for (const { n, field, value, how, ...record } of rows) {
    found[n]?.push({ ...record, matched: { field, value, how } })
  }
  return names.map((name, index) => {
    const [match = null, ...alternatives] = found[index] as NamedSo[]
    return { name, match, alternatives }
  })
}

const askedRow = (text: string, n: number) => ({ n, text: text.trim(), ...typoRow(normalName(text)) })
