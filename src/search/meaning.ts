import { type SQL, sql } from 'drizzle-orm'
import { fixed, quoted } from '../db/fixed.js'
import {
  beginningOf,
  codeOf,
  deletionsOf,
  hashOf,
  maxWordLength,
  plain,
  swapsOf,
  wordsOf,
} from '../domain/names.js'
import { remembered } from '../domain/remembered.js'
import type { Query, Unit } from './query.js'
import { searchEntries, searchNames, searchWords } from './table.js'

const lexeme = (kind: string, word: string) => `'${kind}${word}'`

/**
 * Whether what begins with a word may be meant by it. What ends with a number of few digits is a code, and one that goes on
 * is another one: ALLO-501A is not ALLO-501.
 */
export const isBeginning = (word: string) =>
  word.length >= 3 && (!/\p{N}$/u.test(word) || /\p{N}{6}$/u.test(word))

/** A tsquery of the words of one kind (`=` names, `%` vocabularies) that a unit stands for as it was typed. */
function asTyped(kind: string, { spellings, parts, phrase }: Unit): string {
  const whole = phrase === null ? spellings.map((word) => lexeme(kind, word)) : []
  const inParts = parts.map((word) => lexeme(kind, word)).join(' & ')
  const isInParts = phrase !== null || parts.length > 1 || parts[0] !== spellings[0]
  return [...whole, ...(isInParts ? [`(${inParts})`] : [])].join(' | ')
}

/** An abbreviation in capitals and a word of three letters are whole where a name has them. */
const isWholeWhereKnown = ({ text, spellings: [word = ''] }: Unit) =>
  word.length < 4 || (word.length < 6 && text === text.toUpperCase())

/** A phrase as a regular expression: its words in their order, whatever stands between them. */
const patternOf = (phrase: string) =>
  wordsOf(phrase)
    .flatMap(({ parts }) => parts)
    .join('[^[:alnum:]]*')

function unitRow(unit: Unit, n: number) {
  return {
    n,
    names: asTyped('=', unit),
    words: asTyped('%', unit),
    beginning: unit.excluded ? null : (unit.spellings.slice(0, 1).find(isBeginning) ?? null),
    whole_known: isWholeWhereKnown(unit),
    // A small number in a text is rarely the one that was meant.
    english: /^\p{N}{1,3}$/u.test(unit.text) ? '' : plain(unit.text),
    phrase: unit.phrase,
    pattern: unit.phrase === null ? null : patternOf(unit.text),
    excluded: unit.excluded,
    optional: unit.optional,
    // A number is never left out: what has another one is something else.
    needed: unit.excluded || unit.optional || unit.phrase !== null || /\p{N}/u.test(unit.text),
  }
}

/** The longest query word that is looked up with mistakes: the longest word and two letters too many. */
const longestTypo = maxWordLength + 2

/** What a word looks like to the table of words: its code, its deletions, its letters swapped. */
export function typoRow(word: string) {
  const isLong = word.length >= 8
  const isLookedUp = word.length >= 4 && word.length <= longestTypo
  return {
    word,
    code: codeOf(word),
    hashes: isLookedUp ? [...deletionsOf(word, isLong ? 2 : 1)].map(hashOf) : [],
    swaps: swapsOf(beginningOf(word, longestTypo)),
  }
}

function spellingRows({ units }: Query) {
  return units.flatMap(({ spellings, excluded }, unit) =>
    spellings.map((word) => ({
      unit,
      ...typoRow(word),
      ...(excluded && { hashes: [] }),
    })),
  )
}

/**
 * The words a typing mistake or two away from a word `s` (of `typoRow`), as a lateral table `w (word, typos, distance)`.
 * Edit distance counts swapped neighbours twice, so that only words one too far are compared with the swapped spellings.
 * `offset 0` keeps PostgreSQL from comparing every word that has the same code, which it expects to be few.
 */
export const wordsNear = (s: SQL): SQL => sql`
  select w.word, w.typos, least(w.plain, case when w.plain > 1 then
    (select min(1 + levenshtein_less_equal(w.word, x, w.typos)) from unnest(${s}.swaps) x) end) as distance
  from (
    select word, code, typos, levenshtein_less_equal(word, ${s}.word, typos + 1) as plain
    from ${searchWords} where variants && ${s}.hashes offset 0) w
  where w.code = ${s}.code and w.plain <= w.typos + 1`

/** How far a query is followed. */
export interface Bounds {
  /** Words that begin as a unit does. */
  extensions: number
  /** Records that a unit names; and as many that all units together name, lest those are not among them. */
  bearers: number
}

const lastCharacter = quoted('\u{10ffff}')

/** The text behind all those that begin with another one. */
export const endOf = (beginning: SQL): SQL => sql`(${beginning} || ${lastCharacter})`

export const hasPhrase = ({ units }: Query): boolean => units.some(({ phrase }) => phrase !== null)

const unitColumns = sql.raw(`
  n int, names text, words text, beginning text, whole_known boolean, english text,
  phrase text, pattern text, excluded boolean, optional boolean, needed boolean`)

/** The columns of what `typoRow` makes. */
export const typoColumns = sql.raw('word text, code text, hashes int[], swaps text[]')

/**
 * What each unit of a query means to this registry, as common table expressions for `with recursive`:
 * `correction` are the words that a mistyped one may be, `bearer` the records that its words name and what lies below
 * them in a tree, `meaning` the condition of each unit as tsqueries: of what names and references say (`told`), and of
 * texts (`written`). `condition` are the conditions that a record has to meet all of, those of few lexemes first.
 */
export const meaningOf = (query: Query, most: Bounds | null): SQL => sql`
  unit as materialized (
    select * from json_to_recordset(${sql.param(query.units.map(unitRow))}::json) u (${unitColumns})),
  spelling as materialized (
    select * from json_to_recordset(${sql.param(spellingRows(query))}::json) s (unit int, ${typoColumns})),
  ${meaningsBy({ most, withPhrases: hasPhrase(query), withOthers: query.units.length > 1 })}`

/** Of queries of one form, what they mean is found in one way. */
interface Form {
  most: Bounds | null
  withPhrases: boolean
  withOthers: boolean
}

const meaningsBy = remembered((form: Form) => fixed(meanings(form)), JSON.stringify)

/** What a limit is where there is one. */
const limitTo = (most: number | undefined): SQL => (most === undefined ? sql`` : sql.raw(`limit ${most}`))

const bearsPhrase = sql`(r.phrase is null or exists (select from ${searchNames} s
  where s.entry_id = e.id and s.normal like '%' || r.phrase || '%'))`

/** What has every unit in its names. */
const namingAll = sql`select string_agg('(' || naming || ')', ' & ')::tsquery from reading where not excluded`

/** What follows from `unit` and `spelling`. */
function meanings({ most, withPhrases, withOthers }: Form): SQL {
  const named = (terms: SQL) => sql`(
    select e.id from ${searchEntries} e where e.terms @@ ${terms}${withPhrases ? sql` and ${bearsPhrase}` : sql``}
    ${limitTo(most?.bearers)})`
  const namedByAll =
    most === null || !withOthers
      ? sql``
      : sql` union (select id from ${named(sql`(${namingAll})`)} e where not r.excluded)`
  return sql`
    known as materialized (
      select distinct s.unit as n from spelling s join ${searchWords} w on w.word = s.word collate "C"),
    correction as materialized (
      select n, word, distance from (
        select s.unit as n, w.word, w.distance, min(w.distance) over (partition by s.unit) as least
        from spelling s cross join lateral (${wordsNear(sql`s`)}) w
        where s.unit not in (select n from known) and w.distance <= w.typos) near
      where distance = least),
    extension as materialized (
      select u.n, w.word from unit u cross join lateral (
        select word from ${searchWords}
        where word > u.beginning collate "C" and word < ${endOf(sql`u.beginning`)} collate "C"
        order by word ${limitTo(most?.extensions)}) w
      where not (u.whole_known and u.n in (select n from known))),
    other as (select n, word from correction union select n, word from extension),
    reading as materialized (
      select u.*,
        concat_ws(' | ', u.names, (select string_agg('''=' || word || '''', ' | ') from other o where o.n = u.n)) as naming,
        concat_ws(' | ', u.words, (select string_agg('''%' || word || '''', ' | ') from other o where o.n = u.n)) as wording
      from unit u
      where not u.optional or u.n in (select n from known)),
    bearer as materialized (
      select r.n, e.id from reading r cross join lateral (${named(sql`r.naming::tsquery`)}${namedByAll}) e),
    below as (
      select n, id, id as root from bearer
      union all select b.n, e.id, b.root from below b cross join lateral (
        select id from ${searchEntries} where parent = b.id offset 0) e),
    meaning as materialized (
      select *, concat_ws(' | ', nullif(naming, ''), nullif(wording, ''), links)::tsquery as told from (
        select r.n, r.needed, r.excluded, r.phrase, r.pattern, r.naming, r.wording,
          (select string_agg(distinct '''#' || replace(b.id::text, '-', '') || '''', ' | ') from below b where b.n = r.n) as links,
          plainto_tsquery('english', r.english) as written
        from reading r) m),
    asked as materialized (
      select excluded, query::text, row_number() over (partition by excluded order by numnode(query), n) as place
      from (
        select n, excluded, told || written as query from meaning where not (excluded and phrase is not null)) m),
    condition as materialized (
      select 1 as place, string_agg(case when excluded then '!' else '' end || '(' || query || ')', ' & ')::tsquery as query
      from asked where excluded or place = 1
      union all select place, query::tsquery from asked where not excluded and place > 1)`
}

/**
 * That an entry `e` has everything that a query asks for. Each unit is a condition by itself: then an index goes through
 * the entries of the one of few lexemes, and looks only these up among the many of another.
 */
export function hasAll(query: Query): SQL {
  const count = Math.max(1, query.units.filter(({ excluded }) => !excluded).length)
  const conditions = Array.from({ length: count }, (_, index) => hasUnit(index + 1))
  return sql.join([...conditions, ...(hasPhrase(query) ? [hasPhrases] : [])], sql` and `)
}

/** Of a unit that does not count after all there is no condition; then that of another stands twice. */
const hasUnit = (place: number): SQL =>
  place === 1
    ? sql`e.terms @@ ${conditionAt(1)}`
    : sql`e.terms @@ coalesce(${conditionAt(place)}, ${conditionAt(1)})`

const conditionAt = (place: number) => sql.raw(`(select query from condition where place = ${place})`)

/** That an entry `e` has every phrase of a query as a whole, in a name, a text or the name of what it refers to. */
export const hasPhrases: SQL = sql`not exists (
  select from meaning m where m.phrase is not null and m.excluded = (
    exists (select from ${searchNames} s where s.entry_id = e.id and s.normal like '%' || m.phrase || '%')
    or e.texts::text ~* m.pattern
    or coalesce(e.terms @@ m.links::tsquery, false)))`
