import { normalName, wordsOf } from '../domain/names.js'
import type { Query, Unit } from './query.js'
import type { How } from './rank.js'

/** Marks that no text has; they become HTML when the rest is escaped. */
export const startMark = '\u0001'
export const stopMark = '\u0002'

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (letter) => escapes[letter] as string)

/** A passage of a text as HTML. */
export const excerptHtml = (passage: string): string =>
  escaped(passage).replaceAll(startMark, '<mark>').replaceAll(stopMark, '</mark>')

interface Reading {
  unit: Unit
  spellings: ReadonlySet<string>
  corrections: ReadonlySet<string>
}

/** A name as HTML, with what of it matches marked. */
export function marked(value: string, how: How, query: Query, readings: readonly Reading[]): string {
  if (how === 'exact' || how === 'normalized') return `<mark>${escaped(value)}</mark>`
  const words = new Set(
    readings.flatMap(({ unit, spellings, corrections }) => [...spellings, ...corrections, ...unit.parts]),
  )
  const beginnings = [query.normal, ...readings.flatMap(({ unit }) => unit.spellings.slice(0, 1))]
  return markedBy(
    value,
    words,
    beginnings.filter((text) => text.length >= 2),
  )
}

/** A name as HTML in which the words are marked, and what begins so where no word is. */
export function markedBy(value: string, words: ReadonlySet<string>, beginnings: readonly string[]): string {
  const whole = markedBeginning(value, beginnings.slice(0, 1))
  const isWord = (text: string) => words.has(normalName(text))
  const pieces = value.split(/(\s+)/).map((piece) => {
    if (isWord(piece) || wordsOf(piece).some(({ joined }) => words.has(joined)))
      return `<mark>${escaped(piece)}</mark>`
    const parts = piece.split(/([^\p{L}\p{M}\p{N}]+)/u)
    return parts
      .map((part) =>
        isWord(part) ? `<mark>${escaped(part)}</mark>` : (markedBeginning(part, beginnings) ?? escaped(part)),
      )
      .join('')
  })
  const text = pieces.join('')
  return text.includes('<mark>') ? text : (whole ?? text)
}

/** A text with its beginning marked, as far as it is one of those sought; undefined where it begins otherwise. */
function markedBeginning(text: string, beginnings: readonly string[]): string | undefined {
  const normal = normalName(text)
  const found = beginnings.find((beginning) => beginning !== '' && normal.startsWith(beginning))
  if (found === undefined) return undefined
  const letters = [...text]
  const end = letters.findIndex(
    (_, index) => normalName(letters.slice(0, index + 1).join('')).length >= found.length,
  )
  return `<mark>${escaped(letters.slice(0, end + 1).join(''))}</mark>${escaped(letters.slice(end + 1).join(''))}`
}
