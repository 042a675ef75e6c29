import { beginningOf, maxWordLength, normalName, wordsOf } from '../domain/names.js'

/** Characters of a query that are read. */
export const maxQueryLength = 200

/** Words of a query that are read. */
const maxUnits = 12

/** One thing that a query asks for: a word as it was typed, or a quoted phrase. */
export interface Unit {
  /** As it was typed, without quotes. */
  text: string
  /** The words that it may be: itself without hyphens, and together with its neighbours. */
  spellings: readonly string[]
  /** The words that hyphens and the like make of it. */
  parts: readonly string[]
  /** Of a phrase: its normalized form, which has to occur as a whole; else null. */
  phrase: string | null
  /** Whether what has it is left out. */
  excluded: boolean
  /** Whether it counts only where some name has it: a word such as "the" that was typed in capitals. */
  optional: boolean
}

/** What a text asks for. */
export interface Query {
  /** The text without what stands around it. */
  text: string
  /** The whole text as a name; empty where it is more than words. */
  normal: string
  units: readonly Unit[]
}

/** Words that say nothing by themselves. */
const stopWords = new Set(
  'a about all an and any are as at be by can did do does for from had has have how in into is it its not of on or that the their these this those to was were what when where which who with'.split(
    ' ',
  ),
)

interface Token {
  text: string
  excluded: boolean
  quoted: boolean
}

/** Quoted phrases and words, each perhaps with a minus before it. */
function tokensOf(text: string): Token[] {
  const tokens = text.matchAll(/((?<!\S)-)?(?:["“”]([^"“”]*)["“”]|([^\s"“”]+))/gu)
  return [...tokens].map(([, minus, quoted, word]) => ({
    text: (quoted ?? word) as string,
    excluded: minus !== undefined,
    quoted: quoted !== undefined,
  }))
}

/** Reads a query; anything can be read, and what is too long is cut. */
export function parseQuery(given: string): Query {
  const text = beginningOf(given, maxQueryLength).trim()
  const units = tokensOf(text).flatMap(unitsOf)
  const meant = units.some((unit) => !isStopWord(unit)) ? units.filter((unit) => !isSaidAside(unit)) : units
  const kept = meant.slice(0, maxUnits)
  const isPlain = kept.every(({ excluded, phrase }) => !excluded && phrase === null)
  return { text, normal: isPlain ? normalName(text) : '', units: kept.map(withNeighbours) }
}

function unitsOf({ text, excluded, quoted }: Token): Unit[] {
  const words = wordsOf(text)
  if (words.length === 0) return []
  if (quoted) {
    const parts = words.map(({ joined }) => joined)
    return [{ text, spellings: [], parts, phrase: normalName(text), excluded, optional: false }]
  }
  return words.map(({ joined, parts }) => ({
    text: words.length === 1 ? text : joined,
    spellings: [joined],
    parts: withoutAnti(parts),
    phrase: null,
    excluded,
    optional: stopWords.has(joined),
  }))
}

/** What is against a target is found by the target: `anti-CD19`. */
const withoutAnti = ([first = '', ...rest]: readonly string[]) =>
  first === 'anti' && rest.length > 0 ? rest : [first, ...rest]

const isStopWord = ({ optional }: Unit) => optional

/** A stop word typed in capitals may be an abbreviation: ALL. */
const isSaidAside = ({ optional, text }: Unit) => optional && (text.length < 2 || text !== text.toUpperCase())

/** What was typed with a space may be written without: `UCART 22`, `CAR T`. */
function withNeighbours(unit: Unit, index: number, units: readonly Unit[]): Unit {
  const [own] = unit.spellings
  if (own === undefined || unit.excluded) return unit
  const joins = [
    [index - 1, index],
    [index, index + 1],
    [index - 2, index],
    [index - 1, index + 1],
    [index, index + 2],
  ].flatMap(([from, to]) => joinOf(units, from as number, to as number))
  return { ...unit, spellings: [own, ...joins] }
}

function joinOf(units: readonly Unit[], from: number, to: number): string[] {
  const words = units
    .slice(Math.max(from, 0), to + 1)
    .flatMap(({ spellings: [word], excluded }) => (word === undefined || excluded ? [] : [word]))
  const join = words.join('')
  return from >= 0 && words.length === to - from + 1 && join.length <= maxWordLength ? [join] : []
}
