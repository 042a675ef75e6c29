import { type SQL, sql } from 'drizzle-orm'
import { textArray } from '../db/arrays.js'
import type { Transaction } from '../db/connection.js'
import { isId, nthSlug } from '../domain/slug.js'
import { problem } from '../http/problem.js'
import type { Definition, Item } from './definition.js'
import { type Lookup, targetOf } from './references.js'
import { insertRows } from './rows.js'
import { formerSlugs } from './tables.js'

/** A record that is about to be written, with what it was before. */
interface Named {
  input: Item
  current?: { slug: string }
}

/** A record that has its slug. */
interface Slugged {
  id: string
  slug: string
  current?: { slug: string }
}

/** What a reference to a record is called; undefined where there is none. */
type SlugOfReference = (resource: Definition, key: unknown) => string | undefined

/**
 * A slug stays with its record; a new record without one is named after its own name, numbered where that is taken.
 * Where the references are told by their slugs, what is taken is asked while they are looked up.
 */
export async function chooseSlugs(
  transaction: Transaction,
  definition: Definition,
  entries: readonly Named[],
  resolving: Promise<Lookup>,
): Promise<string[]> {
  const wanted = entries.map(({ input, current }) => givenSlug(input) ?? current?.slug)
  const early = entries.map(({ input }, index) =>
    wanted[index] === undefined && !refersById(definition, input)
      ? slugFrom(definition, input, (_, key) => key as string | undefined)
      : null,
  )
  const [lookup, taken] = await Promise.all([resolving, takenSlugs(transaction, definition, early)])
  const late = entries.map(({ input }, index) =>
    wanted[index] === undefined && early[index] === null ? baseSlug(definition, input, lookup) : null,
  )
  for (const slug of await takenSlugs(transaction, definition, late)) taken.add(slug)
  return entries.map((_, index) => {
    const slug = wanted[index] ?? firstFree((early[index] ?? late[index]) as string, taken)
    taken.add(slug)
    return slug
  })
}

const givenSlug = ({ slug }: Item) => (typeof slug === 'string' ? slug : undefined)

/** Whether a record is named after something that it tells the id of. */
const refersById = ({ references = {} }: Definition, input: Item) =>
  Object.keys(references).some((field) => typeof input[field] === 'string' && isId(input[field]))

function slugFrom(definition: Definition, input: Item, slugOf: SlugOfReference): string | null {
  const references = Object.entries(definition.references ?? {}).map(([field, resource]) => [
    field,
    slugOf(resource(), input[field]),
  ])
  return definition.slugFor(input, Object.fromEntries(references))
}

function baseSlug(definition: Definition, input: Item, lookup: Lookup): string {
  const slug = slugFrom(definition, input, (resource, key) => targetOf(lookup, resource, key)?.slug)
  if (slug !== null) return slug
  const message = `no slug can be made from the name of this ${definition.singular}; give one`
  throw problem('unprocessable', message, { errors: [{ pointer: '/slug', message }] })
}

/** How many records may be named alike before somebody has to choose a slug. */
const mostAlike = 20

const numbered = (base: string) => Array.from({ length: mostAlike }, (_, index) => nthSlug(base, index + 1))

/** Which are taken of the slugs that records named so may get. */
async function takenSlugs(
  transaction: Transaction,
  definition: Definition,
  named: readonly (string | null)[],
): Promise<Set<string>> {
  const bases = named.filter((base) => base !== null)
  const [only, ...others] = bases
  // Nearly always the slug of a single record is free, and no numbered one is looked for.
  if (others.length === 0) {
    const taken = await stored(transaction, definition, bases)
    if (only === undefined || !taken.has(only)) return taken
  }
  return stored(transaction, definition, bases.flatMap(numbered))
}

async function stored(
  transaction: Transaction,
  { table }: Definition,
  slugs: readonly string[],
): Promise<Set<string>> {
  if (slugs.length === 0) return new Set()
  const rows = await transaction.rows<{ slug: string }>(
    sql`select slug from ${table} where slug = any(${textArray(slugs)})`,
  )
  return new Set(rows.map(({ slug }) => slug))
}

function firstFree(base: string, taken: ReadonlySet<string>): string {
  const slug = numbered(base).find((candidate) => !taken.has(candidate))
  if (slug !== undefined) return slug
  const message = `${mostAlike} records have the slug "${base}" or a numbered one; give another`
  throw problem('conflict', message, { errors: [{ pointer: '/slug', message }] })
}

/** Remembers the slugs that records had before, and forgets those that are a record's own by now. */
export async function rememberSlugs(
  transaction: Transaction,
  definition: Definition,
  records: readonly Slugged[],
): Promise<void> {
  const renamed = records.filter(({ slug, current }) => current !== undefined && current.slug !== slug)
  await Promise.all([
    transaction.rows(forgetSlugs(definition, records)),
    insertRows(
      transaction,
      formerSlugs,
      renamed.map(({ id, current }) => ({ resource: definition.name, slug: current?.slug, id })),
      sql`on conflict (resource, slug) do update set id = excluded.id`,
    ),
  ])
}

/** That the slugs of records led elsewhere before is forgotten, as SQL. */
export const forgetSlugs = ({ name }: Definition, records: readonly { slug: string }[]): SQL =>
  sql`delete from ${formerSlugs} where resource = ${name} and slug = any(${textArray(records.map(({ slug }) => slug))})`
