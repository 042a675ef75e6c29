import { type Random, randomFrom } from '../support/random.js'

/** A slip of the hand at one place of a word; where it cannot happen the word stays as it is. */
type Slip = (word: string, at: number, random: Random) => string

const seed = 20261122
const alphabet = 'abcdefghijklmnopqrstuvwxyz'

const drop: Slip = (word, at) => word.slice(0, at) + word.slice(at + 1)
const double: Slip = (word, at) => word.slice(0, at + 1) + word.slice(at)
const replace: Slip = (word, at, random) =>
  word.slice(0, at) + random.oneOf([...alphabet]) + word.slice(at + 1)
const swap: Slip = (word, at) => {
  const [letter = '', next = ''] = word.slice(at, at + 2)
  return isLetter(next) ? word.slice(0, at) + next + letter + word.slice(at + 2) : word
}
const slips = [drop, double, swap, replace]

/**
 * A name as a hurried hand types it, always the same for the same name: one wrong letter in a word of 4 to 9
 * letters, one or two in a longer one. Digits stay right, since a code with another digit is another product.
 */
export function typoOf(name: string): string {
  const random = randomFrom(
    [...name].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), seed),
  )
  const words = name.split(' ')
  const chosen = random.oneOf([...words.keys()].filter((place) => lettersIn(words[place]).length >= 4))
  return words.map((word, place) => (place === chosen ? misspelled(word, random) : word)).join(' ')
}

function misspelled(word: string, random: Random): string {
  const letters = lettersIn(word)
  if (letters.length < 10 || random.chance(0.5)) return slipped(word, letters, random)
  // One slip in each half, the later first: two at one place could undo each other, or look like three.
  const half = Math.floor(letters.length / 2)
  return slipped(slipped(word, letters.slice(half + 1), random), letters.slice(0, half - 1), random)
}

function slipped(word: string, places: number[], random: Random): string {
  const result = random.oneOf(slips)(word, random.oneOf(places), random)
  return result.toLowerCase() === word.toLowerCase() ? slipped(word, places, random) : result
}

function lettersIn(word = ''): number[] {
  return [...word].flatMap((character, at) => (isLetter(character) ? [at] : []))
}

function isLetter(character: string): boolean {
  return /^\p{L}$/u.test(character)
}
