import { sql } from 'drizzle-orm'
import type { Queryable } from '../db/connection.js'
import { quoted } from '../db/fixed.js'
import { isId } from '../domain/slug.js'
import { type Fault, type Problem, problem } from '../http/problem.js'
import { type Definition, type Item, itemsOf, type Part } from './definition.js'
import { hasKey } from './keys.js'
import { definitionOf } from './registry.js'
import { noSuchRecord } from './unknown-record.js'

/** A reference in a body. */
export interface Mention {
  resource: Definition
  key: string
  /** A JSON pointer to the place where it stands. */
  pointer: string
}

interface Target {
  id: string
  slug: string
}

/** What each key (a slug or an id) of each resource refers to. */
export type Lookup = Map<Definition, Map<string, Target>>

/** Whether an item, or a list that it owns, can refer to records. */
export const mayRefer = ({ references = {}, collections = {} }: Part): boolean =>
  Object.keys(references).length > 0 || Object.values(collections).some(mayRefer)

/** Every reference in an item and in the lists that it owns. */
export function mentions(part: Part, item: Item, pointer: string): Mention[] {
  const own = Object.entries(part.references ?? {}).flatMap(([field, resource]) => {
    const key = item[field]
    return typeof key === 'string' ? [{ resource: resource(), key, pointer: `${pointer}/${field}` }] : []
  })
  const inLists = Object.entries(part.collections ?? {}).flatMap(([field, collection]) =>
    itemsOf(item, field).flatMap((element, index) => {
      const place = `${pointer}/${field}/${index}`
      if (collection.single === undefined) return mentions(collection, element as Item, place)
      return mentions(collection, { [collection.single]: element }, '').map((mention) => ({
        ...mention,
        pointer: place,
      }))
    }),
  )
  return [...own, ...inLists]
}

/**
 * Finds what every reference in the items refers to. The rows are locked against change until the transaction ends,
 * so that a name that is being changed meanwhile cannot be embedded as it was.
 * `known` are records of the same batch, which need not be stored yet.
 */
export async function resolveReferences(
  db: Queryable,
  definition: Definition,
  items: readonly Item[],
  known: ReadonlyMap<string, Target> = new Map(),
): Promise<Lookup> {
  const all = items.flatMap((item) => mentions(definition, item, ''))
  const lookup = await findAll(
    db,
    keysSought(all, (resource, key) => resource === definition && known.has(key)),
  )
  const own = targetsOf(lookup, definition)
  for (const [key, target] of known) own.set(key, target)
  const unknown = all.filter(({ resource, key }) => !lookup.get(resource)?.has(keyForm(key)))
  if (unknown.length > 0) throw await unknownReferences(db, unknown)
  return lookup
}

/** The keys to look up, by the resource that they are of. */
function keysSought(
  all: readonly Mention[],
  isKnown: (resource: Definition, key: string) => boolean,
): Map<Definition, Set<string>> {
  const sought = new Map<Definition, Set<string>>()
  for (const { resource, key } of all) {
    if (isKnown(resource, key)) continue
    sought.set(resource, (sought.get(resource) ?? new Set()).add(key))
  }
  return sought
}

interface Found extends Target {
  resource: string
}

/** The records that keys name, locked, resource after resource in the order of their ids: one statement for all. */
async function findAll(db: Queryable, sought: ReadonlyMap<Definition, ReadonlySet<string>>): Promise<Lookup> {
  const lookup: Lookup = new Map()
  if (sought.size === 0) return lookup
  const selects = [...sought].map(
    ([{ name, table }, keys]) => sql`select ${quoted(name)} as resource, id, slug from (
      select id, slug from ${table} where ${hasKey(table, [...keys])} order by id for share) ${sql.identifier(name)}`,
  )
  for (const { resource, id, slug } of await db.rows<Found>(sql.join(selects, sql` union all `))) {
    const targets = targetsOf(lookup, definitionOf(resource))
    targets.set(id, { id, slug }).set(slug, { id, slug })
  }
  return lookup
}

function targetsOf(lookup: Lookup, resource: Definition): Map<string, Target> {
  const targets = lookup.get(resource) ?? new Map<string, Target>()
  lookup.set(resource, targets)
  return targets
}

/** References that are told at once, each with a look for what it may mean. */
const mostTold = 20

async function unknownReferences(db: Queryable, unknown: readonly Mention[]): Promise<Problem> {
  const told = unknown.slice(0, mostTold).map(
    async ({ resource, key, pointer }): Promise<Fault> => ({
      pointer,
      message: await noSuchRecord(db, resource, key),
    }),
  )
  const errors = await Promise.all(told)
  return problem('unprocessable', errors.map(({ message }) => message).join('; '), { errors })
}

/** Ids are read in any case and written in lower case. */
const keyForm = (key: string) => (isId(key) ? key.toLowerCase() : key)

/** What a reference of an item refers to. */
export function targetOf(lookup: Lookup, resource: Definition, key: unknown): Target | undefined {
  return typeof key === 'string' ? lookup.get(resource)?.get(keyForm(key)) : undefined
}

/** An item with every reference in it, and in the lists that it owns, turned into an id. */
export function withIds(part: Part, item: Item, lookup: Lookup): Item {
  const references = Object.entries(part.references ?? {}).map(([field, resource]) => [
    field,
    targetOf(lookup, resource(), item[field])?.id ?? null,
  ])
  const lists = Object.entries(part.collections ?? {}).map(([field, collection]) => {
    const { single } = collection
    const elements = itemsOf(item, field).map((element) =>
      single === undefined
        ? withIds(collection, element as Item, lookup)
        : withIds(collection, { [single]: element }, lookup),
    )
    return [field, elements]
  })
  return {
    ...item,
    ...Object.fromEntries(references),
    ...Object.fromEntries(lists),
  }
}
