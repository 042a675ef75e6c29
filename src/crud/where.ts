import { type SQL, sql } from 'drizzle-orm'
import type { Listable } from './definition.js'
import { conditionOf } from './filters/filter.js'
import type { Meant } from './list-parameters.js'

/** The rows of a list that pass its filters. */
export function whereOf({ filters, existedOn }: Listable, { values, modifiers }: Meant): SQL {
  const condition = conditionOf(filters, values, modifiers)
  if (existedOn === undefined || modifiers.asOf === undefined) return condition
  return sql`${condition} and ${existedOn(modifiers.asOf)}`
}
