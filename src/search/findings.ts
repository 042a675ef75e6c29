import { type SQL, sql } from 'drizzle-orm'
import { textArray } from '../db/arrays.js'
import { fixed, quoted, unseen } from '../db/fixed.js'
import type { Field } from './entry.js'
import { startMark, stopMark } from './highlight.js'
import {
  endOf,
  hasAll,
  hasPhrase,
  hasPhrases,
  isBeginning,
  meaningOf,
  typoColumns,
  typoRow,
  wordsNear,
} from './meaning.js'
import type { Query } from './query.js'
import { isName, isSampled, searchEntries, searchNames } from './table.js'

/** Where a unit of a query is said of a record: nowhere, by names and references, by nothing but a text. */
export const said = { nowhere: 0, told: 1, written: 2 } as const
type Said = (typeof said)[keyof typeof said]

/** A record that may be a hit. */
export interface Candidate {
  id: string
  resource: string
  slug: string
  name: string
  fields: Field[]
  /** The lexemes of all that it and the records near it refer to, of those that the query names. */
  links: string[]
  /** Where each unit of the query is said. */
  said: Said[]
  /** The text that has most of them, marked; of a record of which a text counts. */
  excerpt: { field: string; value: string; marked: string } | null
}

/** A word that a mistyped word of the query is read as. */
export interface Correction {
  unit: number
  word: string
  distance: number
}

/** A record that a unit of the query names, or that lies below one: what links to it is found. */
export interface NamedRecord {
  unit: number
  id: string
  root: string
}

/** All that ranking needs to know. */
export interface Findings {
  candidates: Candidate[]
  corrections: Correction[]
  bearers: NamedRecord[]
  /** The names of the records at the roots of `bearers`. */
  names: Record<string, string[]>
  /** The names, as they are compared, that the whole query with a typing mistake may be. */
  guesses: string[]
  /** The units that count: words in capitals that no name has do not. */
  meant: number[]
  /** Whether nothing has all that was asked for, and the rest is what has all but one. */
  relaxed: boolean
}

/** How far a search follows a word that means much. */
const most = { extensions: 50, bearers: 200 }

/** Records of one resource that are looked at; what matches by its name is looked at first. */
const mostMatches = 200

/** Texts out of which a passage is shown: marking one takes as long as a hundred look-ups. */
const mostExcerpts = 50

const raw = (value: number) => sql.raw(String(value))

/** The whole of a query, where it is more than its only word: the mistake may be a space too few or too many. */
const wholeRows = ({ normal, units }: Query) =>
  normal === '' || normal === units[0]?.spellings[0] ? [] : [typoRow(normal)]

/** Common table expressions, and which of them tell records that are looked at. */
interface Part {
  tables: SQL
  finds: readonly string[]
}

/** Records of which a name is all of the query, or begins with it. */
function byName({ normal }: Query): Part {
  const whole = sql`${wholly} ${unseen(normal)} ${limited}`
  if (!isBeginning(normal)) return { tables: sql`${whole})`, finds: ['whole'] }
  return {
    tables: sql`${whole}),${begun} n.normal > ${unseen(normal)} and n.normal < ${endOf(unseen(normal))}
      order by n.normal ${limited})`,
    finds: ['whole', 'begun'],
  }
}

const limited = sql.raw(`limit ${mostMatches}`)
const named = sql`select n.entry_id as id from ${searchNames} n join type t on t.resource = n.resource where`
const wholly = fixed(sql`whole as materialized (${named} n.normal =`)
const begun = fixed(sql` begun as materialized (${named}`)

/** Records of which a name is all of the query but for a typing mistake; `guess` are these names. */
function byGuess(query: Query): Part {
  const rows = wholeRows(query)
  if (rows.length === 0) return { tables: noGuess, finds: [] }
  return {
    tables: sql`whole_query as (select * from json_to_recordset(${sql.param(rows)}::json)${guessed}`,
    finds: ['guessed'],
  }
}

const noGuess = sql.raw('guess as (select null as word, 1 as rank where false)')
const guessed = fixed(sql` s (${typoColumns})),
  guess as materialized (
    select w.word, rank() over (order by w.distance) as rank
    from whole_query s cross join lateral (${wordsNear(sql`s`)}) w
    where w.distance <= w.typos and exists (select from unit where n not in (select n from known))),
  guessed as materialized (
    select n.entry_id as id from guess g join ${searchNames} n on n.normal = g.word and ${isName(sql`n`)}
    join type t on t.resource = n.resource
    where g.rank = 1 ${limited})`)

/**
 * Matches of each resource by itself, so that many of one do not keep those of another out. Where a sample of the entries
 * has enough of them, these are taken: to find all that a frequent word has takes as long as there are many.
 */
function matches(name: string, condition: SQL): SQL {
  const [sampled, ample, table] = [`${name}_sampled`, `${name}_ample`, name].map((each) =>
    sql.identifier(each),
  )
  return sql`
    ${sampled} as materialized (select e.resource, e.id from ${searchEntries} e where ${isSampled} and ${condition}),
    ${ample} as materialized (
      select resource from ${sampled} join type using (resource) group by resource having count(*) >= ${raw(mostMatches)}),
    ${table} as materialized (
      select id from (
        select id, row_number() over (partition by resource) as place
        from ${sampled} where resource in (select resource from ${ample})) s
      where place <= ${raw(mostMatches)}
      union all
      select e.id from type t cross join lateral (
        select e.id from ${searchEntries} e where e.resource = t.resource and ${condition} ${limited}) e
      where t.resource not in (select resource from ${ample}))`
}

/** Records that have everything that was asked for, or all but one thing where there are no others. */
function byWords(query: Query): Part {
  const strict = matches('strict', hasAll(query))
  // Without its only word there is nothing that was asked for.
  if (query.units.length === 1) return { tables: sql`${strict}, ${notRelaxed}`, finds: ['strict'] }
  const phrases = hasPhrase(query) ? sql` and ${hasPhrases}` : sql``
  const relaxed = matches('relaxed', sql`e.terms @@ (${leavingOneOut})${phrases} and ${nothingElse}`)
  return { tables: sql`${strict}, ${relaxed}`, finds: ['strict', 'relaxed'] }
}

const nothingElse = sql`not exists (select from strict) and not exists (select from whole)`
const notRelaxed = sql.raw('relaxed as (select where false)')

/**
 * All that ranking needs to know of the records of some resources that a query may mean, as one statement: those found by
 * a name, by everything that was asked for, or by all but one thing when there is no other.
 */
export function findingsOf(query: Query, resources: readonly string[]): SQL {
  const parts = [byName(query), byGuess(query), byWords(query)]
  const found = parts.flatMap(({ finds }) => finds).map((name) => `select id from ${name}`)
  return sql`
    with recursive type as materialized (select unnest(${textArray(resources)}) as resource),
    ${meaningOf(query, most)},
    ${sql.join(
      parts.map(({ tables }) => tables),
      sql`, `,
    )},
    found as (${sql.raw(found.join(' union '))}),
    ${told}`
}

/** What is told of `found` and of how the query was read. */
const told = fixed(sql`
    candidate as materialized (
      select e.*, array(select case when e.terms @@ m.told then ${raw(said.told)}
          when e.base @@ m.written then ${raw(said.written)} else ${raw(said.nowhere)} end
        from unit u left join meaning m on m.n = u.n order by u.n) as said
      from ${searchEntries} e where e.id in (select id from found)),
    excerpt as materialized (
      select c.id, x.field, x.value, ts_headline('english', x.value, w.query,
        ${quoted(`StartSel=${startMark},StopSel=${stopMark},MaxWords=40,MinWords=20`)}) as marked
      from (select * from candidate where ${raw(said.written)} = any(said) order by id limit ${raw(mostExcerpts)}) c
      cross join (select string_agg('(' || written::text || ')', ' | ') filter (where numnode(written) > 0)::tsquery
        as query from meaning where not excluded) w
      cross join lateral (
        select field, value from jsonb_to_recordset(c.texts) t (field text, value text)
        order by (select count(*) from meaning m
          where c.said[m.n + 1] = ${raw(said.written)} and to_tsvector('english', value) @@ m.written) desc limit 1) x),
    linked as materialized (select distinct '#' || replace(id::text, '-', '') as link from below)
    select json_build_object(
      'candidates', (select coalesce(json_agg(json_build_object('id', c.id, 'resource', c.resource, 'slug', c.slug,
        'name', c.name, 'fields', c.fields, 'links', array(
          select l from unnest(tsvector_to_array(c.terms)) l where l in (select link from linked) order by l collate "C"),
        'said', c.said,
        'excerpt', (select row_to_json(x) from excerpt x where x.id = c.id))), '[]') from candidate c),
      'corrections', (select coalesce(json_agg(json_build_object('unit', n, 'word', word, 'distance', distance)
        order by distance, word), '[]') from correction),
      'bearers', (select coalesce(json_agg(json_build_object('unit', n, 'id', id, 'root', root)), '[]') from below),
      'names', (select coalesce(json_object_agg(id, names), '{}') from (
        select b.id, (select array_agg(n.value order by n.position) from ${searchNames} n
            where n.entry_id = b.id and not n.is_key) as names
        from (select distinct root as id from below) b) n),
      'guesses', (select coalesce(json_agg(word), '[]') from guess where rank = 1),
      'meant', (select coalesce(json_agg(n), '[]') from meaning),
      'relaxed', exists (select from relaxed)) as findings`)

/** Everything but any one thing that may be left out. */
const leavingOneOut = sql`
  select string_agg(query, ' | ')::tsquery from (
    select string_agg(case when m.excluded then '!' else '' end || '(' || (m.told || m.written)::text || ')', ' & ') as query
    from meaning o join meaning m on m.n <> o.n
    where not o.needed and not (m.excluded and m.phrase is not null)
    group by o.n
    having bool_or(not m.excluded)) q`
