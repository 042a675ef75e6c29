import { type SQL, sql } from 'drizzle-orm'
import type { Listable } from './definition.js'
import { conditionOf, type Filter, waysOf } from './filters/filter.js'
import type { Meant } from './list-parameters.js'

/** The rows of a list that pass its filters. */
export function whereOf({ filters, existedOn }: Listable, { values, modifiers }: Meant): SQL {
  const condition = conditionOf(filters, values, modifiers)
  if (existedOn === undefined || modifiers.asOf === undefined) return condition
  return sql`${condition} and ${existedOn(modifiers.asOf)}`
}

/**
 * What a selection answers of the rows that pass the filters of a list: `select` makes it of their condition. Where a
 * filter knows two ways to find its rows, that is decided by how many there are when the statement runs; the planner
 * could not know.
 */
export function selectWhere(listable: Listable, meant: Meant, select: (where: SQL) => SQL): SQL {
  const { values, modifiers } = meant
  for (const [name, own] of Object.entries(values)) {
    const ways = waysOf(listable.filters[name] as Filter, own, modifiers)
    if (ways === undefined) continue
    const { [name]: _, ...others } = values
    const rest = whereOf(listable, { values: others, modifiers })
    const { given, areMany, few, many } = ways
    return sql`with recursive ${given}
      (${select(sql`not ${areMany} and ${few} and ${rest}`)}) union all (${select(sql`${areMany} and ${many} and ${rest}`)})`
  }
  return select(whereOf(listable, meant))
}
