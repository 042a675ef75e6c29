import { sql } from 'drizzle-orm'
import { textArray } from '../db/arrays.js'
import type { Transaction } from '../db/connection.js'
import { nthSlug } from '../domain/slug.js'
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

/** A slug stays with its record; a new record without one is named after its own name, numbered where that is taken. */
export async function chooseSlugs(
  transaction: Transaction,
  definition: Definition,
  entries: readonly Named[],
  lookup: Lookup,
): Promise<string[]> {
  const wanted = entries.map(({ input, current }) => givenSlug(input) ?? current?.slug)
  const bases = entries.map(({ input }, index) =>
    wanted[index] === undefined ? baseSlug(definition, input, lookup) : null,
  )
  const taken = await takenSlugs(
    transaction,
    definition,
    bases.filter((base) => base !== null),
  )
  return entries.map((_, index) => {
    const slug = wanted[index] ?? firstFree(bases[index] as string, taken)
    taken.add(slug)
    return slug
  })
}

const givenSlug = ({ slug }: Item) => (typeof slug === 'string' ? slug : undefined)

function baseSlug(definition: Definition, input: Item, lookup: Lookup): string {
  const references = Object.entries(definition.references ?? {}).map(([field, resource]) => [
    field,
    targetOf(lookup, resource(), input[field])?.slug,
  ])
  const slug = definition.slugFor(input, Object.fromEntries(references))
  if (slug !== null) return slug
  const message = `no slug can be made from the name of this ${definition.singular}; give one`
  throw problem('unprocessable', message, { errors: [{ pointer: '/slug', message }] })
}

/** How many records may be named alike before somebody has to choose a slug. */
const mostAlike = 20

const numbered = (base: string) => Array.from({ length: mostAlike }, (_, index) => nthSlug(base, index + 1))

async function takenSlugs(
  transaction: Transaction,
  { table }: Definition,
  bases: string[],
): Promise<Set<string>> {
  if (bases.length === 0) return new Set()
  const rows = await transaction.rows<{ slug: string }>(
    sql`select slug from ${table} where slug = any(${textArray(bases.flatMap(numbered))})`,
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
  { name }: Definition,
  records: readonly Slugged[],
): Promise<void> {
  const slugs = records.map(({ slug }) => slug)
  const renamed = records.filter(({ slug, current }) => current !== undefined && current.slug !== slug)
  await Promise.all([
    transaction.rows(
      sql`delete from ${formerSlugs} where resource = ${name} and slug = any(${textArray(slugs)})`,
    ),
    insertRows(
      transaction,
      formerSlugs,
      renamed.map(({ id, current }) => ({ resource: name, slug: current?.slug, id })),
      sql`on conflict (resource, slug) do update set id = excluded.id`,
    ),
  ])
}
