import { normalName, wordsOfName, wordsOfTerm } from '../domain/names.js'
import { remembered } from '../domain/remembered.js'
import { type Field, linkTo } from './entry.js'
import { type Candidate, type Findings, said } from './findings.js'
import { excerptHtml, marked } from './highlight.js'
import { isBeginning } from './meaning.js'
import type { Query, Unit } from './query.js'

/** How a hit matched. */
export type How = 'exact' | 'normalized' | 'prefix' | 'word' | 'typo' | 'text'

/** A record that was found, and why. */
export interface Hit {
  resource: string
  id: string
  slug: string
  name: string
  matched: { field: string; value: string; how: How }
  /** What matched as HTML, the words that did in `mark`. */
  highlight: string
  score: number
}

/** A unit of the query with all that it was read as. */
interface Reading {
  unit: Unit
  spellings: ReadonlySet<string>
  corrections: ReadonlySet<string>
  /** How well the records named so match, by the lexeme of a link to them or to what lies below them. */
  bearers: ReadonlyMap<string, Match>
}

/** How well something matches a unit, from 0 to 1. */
interface Match {
  field: string
  value: string
  how: How
  quality: number
}

/** Names and words recur from record to record. */
const normalOf = remembered(normalName)
const nameWords = remembered(wordsOfName)
const termWords = remembered(wordsOfTerm)

/** How well a word of a name matches, by how it does; a name of just this word matches better than one among others. */
const wordQuality = { whole: 1, word: 0.85, prefix: 0.7, wholeTypo: 0.65, typo: 0.55 }

/** What a match counts by where it is: said of the record itself, or of a record near it. */
const placeQuality = { name: 1, link: 0.9, word: 0.8, near: 0.6, text: 0.25 }

/** A record with how well it matches. */
interface Ranked extends Omit<Hit, 'matched' | 'highlight'> {
  match: Match
  excerpt: Candidate['excerpt']
}

/**
 * The best of what was found, the best first, ties by name and then by id. `places` is where each resource comes among
 * records that are named alike.
 */
export function rank(
  query: Query,
  findings: Findings,
  places: ReadonlyMap<string, number>,
  limit: number,
): Hit[] {
  const readings = query.units.flatMap((unit, index) =>
    unit.excluded || !findings.meant.includes(index) ? [] : [{ ...readingOf(unit, index, findings), index }],
  )
  const ranked = findings.candidates.flatMap((candidate) => {
    const match = matchOfRecord(query, readings, findings.guesses, candidate)
    return match === undefined ? [] : [rankedAs(candidate, match, places)]
  })
  ranked.sort(
    (a, b) => b.score - a.score || compare(a.name.toLowerCase(), b.name.toLowerCase()) || compare(a.id, b.id),
  )
  return ranked.slice(0, limit).map((record) => hitOf(record, query, readings))
}

function rankedAs(candidate: Candidate, match: Match, places: ReadonlyMap<string, number>): Ranked {
  const { id, resource, slug, name, excerpt } = candidate
  const score = Math.round(1000 * match.quality - 2 * ((places.get(resource) as number) - 1)) / 1000
  return { id, resource, slug, name, score, match, excerpt }
}

function hitOf({ match, excerpt, ...record }: Ranked, query: Query, readings: readonly Reading[]): Hit {
  const { field, value, how } = match
  const isText = how === 'text' && excerpt !== null
  const highlight = isText ? excerptHtml(excerpt.marked) : marked(value, how, query, readings)
  return { ...record, matched: { field, value, how }, highlight }
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b))

function readingOf(unit: Unit, index: number, findings: Findings): Reading {
  const corrections = findings.corrections.filter(({ unit: n }) => n === index).map(({ word }) => word)
  const reading = { unit, spellings: new Set(unit.spellings), corrections: new Set(corrections) }
  const roots = new Map<string, Match | undefined>()
  const bearers = new Map<string, Match>()
  for (const { id, root } of findings.bearers.filter((bearer) => bearer.unit === index)) {
    if (!roots.has(root)) {
      const names = findings.names[root] as string[]
      roots.set(root, bestOf(names.map((value) => matchOfName(reading, 'related', value))))
    }
    const best = bestOf([bearers.get(linkTo(id)), roots.get(root)])
    if (best !== undefined) bearers.set(linkTo(id), best)
  }
  return { ...reading, bearers }
}

const bestOf = (matches: readonly (Match | undefined)[]): Match | undefined =>
  matches.reduce((best, next) => (next && (!best || next.quality > best.quality) ? next : best), undefined)

type Spelled = Omit<Reading, 'bearers'>

/** How a name matches a unit. */
function matchOfName(reading: Spelled, field: string, value: string): Match | undefined {
  const { unit } = reading
  const normal = normalOf(value)
  const match = (how: How, quality: number) => ({ field, value, how, quality })
  if (unit.phrase !== null) {
    if (!normal.includes(unit.phrase)) return undefined
    return match('word', normal === unit.phrase ? wordQuality.whole : wordQuality.word)
  }
  if (reading.spellings.has(normal)) return match('word', wordQuality.whole)
  const found = howOfWords(reading, nameWords(value))
  if (found === undefined) return undefined
  const isWhole = found === 'typo' && reading.corrections.has(normal)
  return match(found, isWhole ? wordQuality.wholeTypo : wordQuality[found])
}

/** How some words match a unit. */
function howOfWords({ unit, spellings, corrections }: Spelled, words: readonly string[]) {
  if (words.some((word) => spellings.has(word))) return 'word'
  const { parts } = unit
  if (parts.length > 1 && parts.every((part) => words.includes(part))) return 'word'
  const [own = ''] = unit.spellings
  if (isBeginning(own) && words.some((word) => word.startsWith(own))) return 'prefix'
  return words.some((word) => corrections.has(word)) ? 'typo' : undefined
}

/** How a field of a record matches a unit. */
function matchOfField(reading: Reading, { kind, field, value, id }: Field): Match | undefined {
  if (kind === 'name' || kind === 'label') return matchOfName(reading, field, value)
  if (kind === 'link') {
    const bearer = reading.bearers.get(linkTo(id as string))
    return bearer && { ...bearer, field, quality: bearer.quality * placeQuality.link }
  }
  if (kind !== 'word') return undefined
  const how = howOfWords(reading, termWords(value))
  return how && { field, value, how, quality: wordQuality[how] * placeQuality.word }
}

/** How a record matches a unit: by itself, by a text, else by a record near it. */
function matchOf(reading: Reading & { index: number }, candidate: Candidate): Match | undefined {
  const { fields, excerpt } = candidate
  const where = candidate.said[reading.index]
  const own = bestOf(fields.map((field) => matchOfField(reading, field)))
  if (own !== undefined) return own
  if (where === said.told) return nearMatch(reading, candidate)
  if (where === said.nowhere || excerpt === null) return undefined
  return { ...excerpt, how: 'text', quality: placeQuality.text }
}

/** The best of what the unit names among what records near the candidate refer to, else a word of theirs. */
function nearMatch({ bearers, unit }: Reading, { links }: Candidate): Match {
  const best = bestOf(links.map((link) => bearers.get(link))) ?? {
    field: 'related',
    value: unit.text,
    how: 'word',
    quality: wordQuality.word,
  }
  return { ...best, quality: best.quality * placeQuality.near }
}

/** How a record matches a query: best by a name that says all of it, else by what is said in several places. */
function matchOfRecord(
  query: Query,
  readings: readonly (Reading & { index: number })[],
  guesses: readonly string[],
  candidate: Candidate,
): Match | undefined {
  return (
    bestOf(candidate.fields.map((field) => matchOfWhole(query, readings, guesses, field))) ??
    scattered(readings, candidate)
  )
}

/** How one name alone matches the whole query. */
function matchOfWhole(
  query: Query,
  readings: readonly Reading[],
  guesses: readonly string[],
  field: Field,
): Match | undefined {
  if (field.kind === 'link' || field.kind === 'word' || field.kind === 'label') return undefined
  const { value } = field
  const match = (how: How, quality: number) => ({ field: field.field, value, how, quality })
  const normal = normalOf(value)
  if (value === query.text) return match('exact', 1)
  if (normal !== '' && normal === query.normal) return match('normalized', 0.96)
  if (normal.startsWith(query.normal) && isBeginning(query.normal)) {
    // Slugs and titles begin with the names of other things.
    return match('prefix', (field.kind === 'name' ? 0.8 : 0.4) + (0.1 * query.normal.length) / normal.length)
  }
  if (field.kind !== 'name') return undefined
  return guesses.includes(normal) ? match('typo', 0.74) : matchOfWords(readings, field)
}

/** How one name has every unit of a query among its words. */
function matchOfWords(readings: readonly Reading[], { field, value }: Field): Match | undefined {
  const matches = readings.map((reading) => matchOfName(reading, field, value))
  const found = matches.filter((match) => match !== undefined)
  if (readings.length === 0 || found.length < readings.length) return undefined
  const worst = found.reduce((a, b) => (b.quality < a.quality ? b : a))
  const typed = readings.reduce(
    (sum, { unit }) => sum + (unit.phrase ?? (unit.spellings[0] as string)).length,
    0,
  )
  const covered = Math.min(1, typed / normalOf(value).length)
  const base = worst.how === 'typo' ? 0.5 : worst.how === 'prefix' ? 0.55 : 0.6
  return { ...worst, quality: base + 0.18 * covered }
}

/** How a record matches a query whose units are said in several places. */
function scattered(
  readings: readonly (Reading & { index: number })[],
  candidate: Candidate,
): Match | undefined {
  const matches = readings.map((reading) => matchOf(reading, candidate))
  const found = matches.filter((match) => match !== undefined)
  if (found.length === 0) return undefined
  const quality = found.reduce((sum, match) => sum + match.quality, 0) / readings.length
  const best = bestOf(found) as Match
  return { ...best, quality: 0.05 + 0.5 * quality }
}
