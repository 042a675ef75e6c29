import { Type } from '@sinclair/typebox'
import { type Column, type SQL, sql } from 'drizzle-orm'
import { isPartialDate, partialDatePattern, rangeOf } from '../../domain/partial-date.js'
import type { Filter } from './filter.js'

/** The filters of both ends of a range of partial dates: `grantedFrom`, `grantedTo`. */
export function byPartialDates(prefix: string, column: Column, what: string): Record<string, Filter> {
  return {
    [`${prefix}From`]: {
      ...dateFilter(`${what} in or after this partial date.`, '2021'),
      matches: ([from], { dateMatch }) => fromDate(column, String(from), dateMatch),
    },
    [`${prefix}To`]: {
      ...dateFilter(`${what} in or before this partial date.`, '2023-Q1'),
      matches: ([to], { dateMatch }) => toDate(column, String(to), dateMatch),
    },
  }
}

const dateFilter = (description: string, example: string): Omit<Filter, 'matches'> => ({
  single: true,
  modifiedBy: ['dateMatch'],
  schema: Type.String({
    pattern: partialDatePattern,
    format: 'partial-date',
    description,
    examples: [example],
  }),
})

/**
 * A btree keeps ranges by their start, so that a bound of the start is a range of the index, and one of the end a
 * check within it. Every partial date lies within one year.
 */
const startsFrom = (column: Column, day: SQL) => sql`${column} >= daterange(${day}, ${day} + 1)`
const startsBefore = (column: Column, day: SQL) => sql`${column} < daterange(${day}, ${day} + 1)`

function fromDate(column: Column, text: string, match: 'possible' | 'certain'): SQL {
  const { start } = rangeOf(text)
  const day = sql`${start}::date`
  if (match === 'certain') return startsFrom(column, day)
  const year = sql`${`${start.slice(0, 4)}-01-01`}::date`
  return sql`${startsFrom(column, year)} and upper(${column}) > ${day}`
}

function toDate(column: Column, text: string, match: 'possible' | 'certain'): SQL {
  const day = sql`${rangeOf(text).end}::date`
  if (match === 'possible') return startsBefore(column, day)
  return sql`${startsBefore(column, day)} and upper(${column}) <= ${day}`
}

/** The filters of both ends of a range of moments: `updatedFrom`, `updatedTo`. */
export function byInstants(prefix: string, column: Column, what: string): Record<string, Filter> {
  return {
    [`${prefix}From`]: {
      ...instantFilter(`${what} at or after this moment, or from the start of this partial date on.`),
      matches: ([from]) => sql`${column} >= ${startOf(String(from))}::timestamptz`,
    },
    [`${prefix}To`]: {
      ...instantFilter(`${what} at or before this moment, or by the end of this partial date.`),
      matches: ([to]) =>
        isPartialDate(String(to))
          ? sql`${column} < ${startOfDay(rangeOf(String(to)).end)}::timestamptz`
          : sql`${column} <= ${String(to)}::timestamptz`,
    },
  }
}

/** A partial date, or an RFC 3339 date and time; 29 February of other years is left to the format. */
const momentPattern = `${partialDatePattern}|^[1-9][0-9]{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9])|(?:0[13-9]|1[0-2])-30|(?:0[13578]|1[02])-31)T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])$`

const instantFilter = (description: string): Omit<Filter, 'matches'> => ({
  single: true,
  schema: Type.String({
    pattern: momentPattern,
    format: 'moment',
    description: `${description} UTC unless it says otherwise.`,
    examples: ['2026-11-20', '2026-11-20T08:00:00Z'],
  }),
})

const startOfDay = (day: string) => `${day}T00:00:00Z`
const startOf = (text: string) => (isPartialDate(text) ? startOfDay(rangeOf(text).start) : text)
