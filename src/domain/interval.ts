/** How long it was from one event to another, as far as partial dates tell. */

import type { DayRange } from './partial-date.js'

/** The fewest and the most days that two dates allow; below zero where the second may be, or is, the earlier one. */
export interface Days {
  readonly shortest: number
  readonly longest: number
}

/** The five numbers that say how values are spread. */
export interface Spread {
  readonly min: number
  readonly q1: number
  readonly median: number
  readonly q3: number
  readonly max: number
}

const millisecondsOfDay = 86_400_000

/** The number of a day, counted from 1 January 1970. */
const dayNumber = (day: string): number => Date.parse(day) / millisecondsOfDay

/** The days between one event and another, of which each was on one day of its range. */
export function daysBetween(from: DayRange, to: DayRange): Days {
  return {
    shortest: dayNumber(to.start) - (dayNumber(from.end) - 1),
    longest: dayNumber(to.end) - 1 - dayNumber(from.start),
  }
}

/** How values are spread; quartiles lie between two values where they fall there. Null where there is no value. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  return {
    min: quantile(sorted, 0),
    q1: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    q3: quantile(sorted, 0.75),
    max: quantile(sorted, 1),
  }
}

/** Linear between the two nearest values, as `percentile_cont` of SQL, R and NumPy have it. */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)] as number
  const above = sorted[Math.ceil(place)] as number
  return below + (above - below) * (place - Math.floor(place))
}
