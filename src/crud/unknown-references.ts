import { sql } from 'drizzle-orm'
import type { Queryable } from '../db/connection.js'
import { type Fault, problem } from '../http/problem.js'
import type { Definition, Listable } from './definition.js'
import { type FilterValues, namedBy } from './filters/filter.js'
import { idsOf } from './filters/reference-filters.js'
import { noSuchRecord } from './unknown-record.js'

interface Reference {
  parameter: string
  resource: Definition
  key: string
}

/** Whether a list may hold something although one of its filters names a record that there is not. */
export const mayHideUnknown = ({ filters }: Listable, values: FilterValues): boolean =>
  Object.entries(values).some(([name, own]) => {
    const isOne = own.length === 1 && own[0]?.startsWith('!') === false
    return filters[name]?.refersTo !== undefined && !isOne
  })

/** Refuses filters that name records that there are not: an empty list would be taken for an answer. */
export async function refuseUnknownReferences(
  db: Queryable,
  { filters }: Listable,
  values: FilterValues,
): Promise<void> {
  const references = Object.entries(values).flatMap(([parameter, keys]): Reference[] => {
    const filter = filters[parameter]
    if (filter?.refersTo === undefined) return []
    const resource = filter.refersTo()
    return namedBy(filter, keys).map((key) => ({ parameter, resource, key }))
  })
  if (references.length === 0) return
  const errors = await unknown(db, references)
  if (errors.length === 0) return
  throw problem('unprocessable', errors.map(({ message }) => message).join('; '), { errors })
}

async function unknown(db: Queryable, references: readonly Reference[]): Promise<Fault[]> {
  const checks = references.map(({ resource, key }, index) => {
    const ids = idsOf(resource, [key])
    return 'one' in ids
      ? sql`select ${index}::int as index where ${ids.one} is null`
      : sql`select ${index}::int as index where cardinality(${ids.any}) = 0`
  })
  const missing = await db.rows<{ index: number }>(sql.join(checks, sql` union all `))
  return Promise.all(missing.map(({ index }) => faultOf(db, references[index] as Reference)))
}

async function faultOf(db: Queryable, { parameter, resource, key }: Reference): Promise<Fault> {
  return { parameter, message: await noSuchRecord(db, resource, key) }
}
