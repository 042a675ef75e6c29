import { createHash, randomInt, timingSafeEqual } from 'node:crypto'

/** A key as its bearer sends it: what everybody may see of it, and what only its hash is kept of. */
export interface Token {
  /** All of it: `rmat_` and 12 characters, then the secret. Never stored and never logged. */
  text: string
  /** What a list shows and a leak is found by: `rmat_` and 12 characters. */
  prefix: string
  /** SHA-256 in hexadecimal. No salt and no stretching: a secret of 256 random bits cannot be guessed. */
  hash: string
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const visibleLength = 12
/** 256 bits, at not quite 6 a character. */
const secretLength = 43

/** The form of what is visible of a key. */
export const prefixPattern = `^rmat_[0-9A-Za-z]{${visibleLength}}$`

const tokenForm = new RegExp(`^(rmat_[0-9A-Za-z]{${visibleLength}})_[0-9A-Za-z]{${secretLength}}$`)

const random = (length: number) => Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

/** A new key. */
export function makeToken(): Token {
  const prefix = `rmat_${random(visibleLength)}`
  const text = `${prefix}_${random(secretLength)}`
  return { text, prefix, hash: hashOf(text) }
}

/** A text as a key; null when it does not have the form of one. */
export function readToken(text: string): Token | null {
  const [, prefix] = tokenForm.exec(text) ?? []
  return prefix === undefined ? null : { text, prefix, hash: hashOf(text) }
}

/** Whether two hashes are the same, in a time that does not tell how much of them is. */
export const isSameHash = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(one, 'hex'), Buffer.from(other, 'hex'))
