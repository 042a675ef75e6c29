import slugify from '@sindresorhus/slugify'
import { greekLetters } from './greek.js'

export const maxSlugLength = 120

/**
 * The form of a slug in RE2 syntax, for JSON schemas and database checks. UUIDs have that form too, but read as
 * ids: `isSlug` refuses them, and a schema should too (`not: { format: 'uuid' }`).
 */
export const slugPattern = '^[a-z0-9]+(?:[-:][a-z0-9]+)*$'

/** The form of an id in lower case; a UUID in any case is one. */
export const idPattern = '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$'

const slugForm = new RegExp(slugPattern)
const idForm = new RegExp(idPattern, 'i')

/** What stands in the place of a slug in some paths, and so is none. */
export const reservedSlugs: readonly string[] = ['export']

/** Whether a text is a slug: well formed, short enough and no id. */
export function isSlug(text: string): boolean {
  return text.length <= maxSlugLength && slugForm.test(text) && !isId(text) && !reservedSlugs.includes(text)
}

/** Whether a reference is an id, which is a UUID; a reference that is none is a slug. */
export function isId(text: string): boolean {
  return idForm.test(text)
}

// The library has names of its own for Greek letters; here each is a word of its own.
const customReplacements = greekLetters.map(([letter, name]): [string, string] => [letter, ` ${name} `])

/**
 * The slug of a name: "R/R B-ALL" becomes "r-r-b-all", "CD3ζ" becomes "cd3-zeta". Null when nothing of the name
 * can be written in Latin letters and digits, or when what is left reads as an id: then a person has to choose.
 */
export function slugOf(name: string): string | null {
  // NFKC turns subscripts, ligatures and full-width letters into plain ones, which the library would drop.
  const plain = name.normalize('NFKC').toLowerCase()
  const slug = cut(slugify(plain, { decamelize: false, customReplacements }), maxSlugLength)
  return isSlug(slug) ? slug : null
}

/** The slug of something that its parts name together: "fda" and "rmat" become "fda:rmat". */
export function joinSlugs(...slugs: [string, ...string[]]): string {
  return cut(slugs.join(':'), maxSlugLength)
}

/** The n-th of several things that share a slug: "abc", "abc-2", "abc-3"; the end of a long one makes room. */
export function nthSlug(slug: string, n: number): string {
  if (n === 1) return slug
  const suffix = `-${n}`
  return cut(slug, maxSlugLength - suffix.length) + suffix
}

/** Cuts a text that is too long before its last hyphen or colon that leaves it short enough. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text
  const end = Math.max(text.lastIndexOf('-', length), text.lastIndexOf(':', length))
  return text.slice(0, end > 0 ? end : length)
}
