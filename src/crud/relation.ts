import { type Column, getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm'
import type { AsOf } from '../domain/as-of.js'
import type { Listable } from './definition.js'

/**
 * What to select the rows of a list from: its table or, as of a day, those of its rows that were there, with the
 * columns that follow from events as they were. It stands under the table's own name, so that every condition and
 * order of the table's columns holds of it.
 */
export function relationOf({ table, history }: Listable, asOf?: AsOf): SQL {
  const states = history?.states
  if (asOf === undefined || states === undefined) return sql`${table}`
  const ofStates: Record<string, Column> = getTableColumns(states.table)
  const owner = ofStates[states.owner] as Column
  // The owner in the place of the id: then one index of the states holds both keys of a sort.
  const changing: Record<string, Column> = { ...ofStates, id: owner }
  const columns = Object.entries<Column>(getTableColumns(table)).map(
    ([property, column]) => sql`${changing[property] ?? column} as ${sql.identifier(column.name)}`,
  )
  const { certain, validFrom, validTo } = states.table
  return sql`(
    select ${sql.join(columns, sql`, `)} from ${states.table} join ${table} on ${table.id} = ${owner}
    where ${certain} = ${asOf.match === 'certain'}
      and ${validFrom} <= ${asOf.day}::date and ${validTo} > ${asOf.day}::date
  ) ${sql.identifier(getTableName(table))}`
}

/** What all values of a sort key lie below as of a day, for keys of which that is known. */
export function sortEnd({ history }: Listable, key: string, asOf?: AsOf): SQL | undefined {
  if (asOf === undefined || !history?.states?.past.includes(key)) return undefined
  return sql`daterange(${asOf.day}::date + 1, ${asOf.day}::date + 2)`
}
