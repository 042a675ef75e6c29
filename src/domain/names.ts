/**
 * How names are compared: whole (`normalName`), by their words (`wordsOf`), and with typing mistakes (`deletionsOf`,
 * `swapsOf`). What is stored and what is asked go through the same functions.
 */

import { greekLetters } from './greek.js'

/** Letters of a normalized name that are told apart; what a longer one has beyond is not. */
export const maxNormalLength = 300

/** Letters of the longest word that is stored; a longer one is no word. */
export const maxWordLength = 40

const greek = new Map<string, string>(greekLetters.map(([letter, name]) => [letter, name]))

/** The beginning of a text, of so many units at the most, without half of a surrogate pair at its end. */
export const beginningOf = (text: string, most: number): string =>
  text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')

/** Letters that Unicode does not take apart into a plain one and a mark. */
const plainLetters: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ı: 'i' }

/** What the words of medicine are written with in Britain and without in America. */
const americanSpellings: Record<string, string> = {
  aemia: 'emia',
  haem: 'hem',
  paed: 'ped',
  oesoph: 'esoph',
  oedem: 'edem',
  rrhoea: 'rrhea',
  gynaec: 'gynec',
  anaesth: 'anesth',
  tumour: 'tumor',
}
const britishSpelling = new RegExp(Object.keys(americanSpellings).join('|'), 'g')

/**
 * A text in lower case without marks: no trade marks, no accents, Greek letters by their names, leukaemia as leukemia.
 */
export function plain(text: string): string {
  return text
    .replace(/[™®℠©]/g, '')
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .normalize('NFC')
    .replace(/\p{Script=Greek}/gu, (letter) => greek.get(letter) ?? letter)
    .replace(/[ßæœøłđı]/g, (letter) => plainLetters[letter] as string)
    .replace(britishSpelling, (spelling) => americanSpellings[spelling] as string)
}

const letters = (text: string) => text.replace(/[^\p{L}\p{N}]+/gu, '')

/**
 * What is left of a name when case, accents, hyphens, spaces and trade marks do not count and Greek letters are
 * written by their names: `CD3ζ` and `cd3-zeta` are "cd3zeta". Empty when nothing is left.
 */
export function normalName(text: string): string {
  return beginningOf(letters(plain(text)), maxNormalLength)
}

/** A piece of a name between spaces: as one word, and the words that hyphens and the like make of it. */
export interface Word {
  /** `ball` of "B-ALL". */
  joined: string
  /** `b` and `all`; only itself where nothing parts it. */
  parts: readonly string[]
}

/** What stands within a piece of a name and does not end it: `B-ALL`, `R/R`, `CLDN18.2`, `Alzheimer's`. */
const separators = /[^\p{L}\p{N}\-‐‑‒–−/.'’]+/u

/** The words of a text, in their order. */
export function wordsOf(text: string): Word[] {
  return plain(text)
    .split(separators)
    .map((chunk) => ({
      joined: letters(chunk),
      parts: chunk.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== ''),
    }))
    .filter(({ joined }) => joined !== '')
}

/** Every word by which a name is found: its pieces, their parts, and the whole name as one word. */
export function wordsOfName(name: string): string[] {
  const words = wordsOf(name).flatMap(({ joined, parts }) => [joined, ...parts])
  return [...new Set([...words, normalName(name)])].filter((word) => word.length <= maxWordLength)
}

/** Every word by which a word of a vocabulary is found: `phase`, `phase1`, `phase12` of "phase 1/2"; no bare number. */
export function wordsOfTerm(term: string): string[] {
  const parts = wordsOf(term).flatMap((word) => word.parts)
  const joins = parts.flatMap((_, start) =>
    parts.slice(start).map((_, length) => parts.slice(start, start + length + 1).join('')),
  )
  return [...new Set(joins)].filter((word) => word.length <= maxWordLength && /\P{N}/u.test(word))
}

/**
 * How many typing mistakes in a word still mean the word. Only letters count: one of three letters and some digits is a
 * code, and CTX120 is not CT120.
 */
export function typosIn(word: string): number {
  const { length } = word.replace(/\p{N}/gu, '')
  if (length < 4) return 0
  return length < 10 ? 1 : 2
}

/**
 * What of a word no typing mistake may touch: its digits, and up to two letters behind the last one. A code with
 * another digit is another product: CT103A is not CT053, ALLO-501A not ALLO-501.
 */
export function codeOf(word: string): string {
  const digits = word.replace(/[^\p{N}]/gu, '')
  const [, suffix = ''] = /\p{N}(\p{L}{0,2})$/u.exec(word) ?? []
  return digits + suffix
}

/** Letters at the start of a word from which deletions are made; mistakes further behind show when words are compared. */
const deletionPrefix = 8

/**
 * The word, and what is left of its start when up to `most` letters are taken out. Two words that are `most` mistakes
 * apart have one of these in common (the idea of SymSpell), so that equality finds what a comparison would.
 */
export function deletionsOf(word: string, most: number): Set<string> {
  const found = new Set([word.slice(0, deletionPrefix)])
  let last = [...found]
  for (let deletions = 0; deletions < most; deletions++) {
    last = last.flatMap(oneLess)
    for (const text of last) found.add(text)
  }
  return found
}

const oneLess = (text: string) =>
  Array.from({ length: text.length }, (_, index) => text.slice(0, index) + text.slice(index + 1))

/** The word with each two neighbouring letters swapped: the one mistake that edit distance counts as two. */
export function swapsOf(word: string): string[] {
  // By characters: half of a surrogate pair is no text.
  const characters = [...word]
  const swapped = characters
    .slice(1)
    .map((next, index) =>
      [...characters.slice(0, index), next, characters[index], ...characters.slice(index + 2)].join(''),
    )
  return [...new Set(swapped)].filter((text) => text !== word)
}

/** A text as a 32-bit number (FNV-1a): numbers are what PostgreSQL indexes in the least space. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash | 0
}
