/**
 * Dates as vague as their source: a year, a quarter, a month or a day, each the same as a range of days.
 *
 * The npm package `edtf` (4.11: 9 packages, 0.9 MB, no types) is not used: it has no "2023-Q1", gives the
 * season 2023-21 the days of a quarter, turns 2023-02-29 into 1 March, and takes times, intervals, sets, masks
 * and years below zero, all of which we must refuse; what would be left of it is smaller than the refusals.
 */

/** Days from `start` up to but without `end`, both `YYYY-MM-DD`; ISO texts of one length sort as dates do. */
export interface DayRange {
  readonly start: string
  readonly end: string
}

/**
 * The form of a partial date in RE2 syntax, for JSON schemas and database checks. A pattern of this kind cannot
 * tell leap years from others: 29 February and the year 9999 are left to `rangeOf`.
 */
export const partialDatePattern =
  '^[1-9][0-9]{3}(?:-(?:Q[1-4]|3[3-6]|(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|1[0-9]|2[0-9]))?' +
  '|(?:0[13-9]|1[0-2])-30|(?:0[13578]|1[02])-31))?$'

const form = /^([0-9]{4})(?:-(?:Q([1-4])|([0-9]{2})(?:-([0-9]{2}))?))?$/

// Every text has a year of four digits without a leading zero, and so has the exclusive end of 9998.
const firstYear = 1000
const lastYear = 9998

/** EDTF writes the quarters of a year as the months 33 to 36. */
const edtfQuarters = new Map([
  ['33', 1],
  ['34', 2],
  ['35', 3],
  ['36', 4],
])

/** Every day that a partial date can name: when something happened of which nobody says when. */
export const anyDay: DayRange = Object.freeze({
  start: isoDay(firstYear, 1, 1),
  end: isoDay(lastYear + 1, 1, 1),
})

/** A text that is no partial date; the message says what is allowed. */
export class PartialDateError extends Error {
  override readonly name = 'PartialDateError'

  constructor(text: string) {
    const shown = JSON.stringify(text.length > 30 ? `${text.slice(0, 30)}…` : text)
    super(
      `${shown} is not a partial date: write a year (2023), a quarter (2023-Q1 or 2023-33), a month (2023-02) ` +
        `or a day that exists (2023-02-11), from ${firstYear} to ${lastYear}`,
    )
  }
}

/** The days that a partial date names; throws a PartialDateError for any other text. */
export function rangeOf(text: string): DayRange {
  const range = readRange(text)
  if (range === null) throw new PartialDateError(text)
  return range
}

/** Whether a text is a partial date, for schema formats. */
export function isPartialDate(text: string): boolean {
  return readRange(text) !== null
}

/** The one partial date that names a range of days; the inverse of `rangeOf`. */
export function textOf(range: DayRange): string {
  const year = range.start.slice(0, 4)
  const month = range.start.slice(5, 7)
  const quarter = Math.ceil(Number(month) / 3)
  const texts = [range.start, `${year}-${month}`, `${year}-Q${quarter}`, year]
  const text = texts.find((candidate) => sameRange(readRange(candidate), range))
  if (text === undefined) throw new RangeError(`no partial date names [${range.start}, ${range.end})`)
  return text
}

/** A partial date as the registry writes it: as it came, but for EDTF quarters. */
export function canonicalText(text: string): string {
  return textOf(rangeOf(text))
}

/** The order of lists: by start, then by end. */
export function compareRanges(a: DayRange, b: DayRange): number {
  return compareDays(a.start, b.start) || compareDays(a.end, b.end)
}

/** Whether two ranges share a day: what they name may have happened on the same one. */
export function overlaps(a: DayRange, b: DayRange): boolean {
  return a.start < b.end && b.start < a.end
}

/** Whether all days of a range lie in another. */
export function within(inner: DayRange, outer: DayRange): boolean {
  return outer.start <= inner.start && inner.end <= outer.end
}

/** Whether each day of `a` comes before each day of `b`. */
export function certainlyBefore(a: DayRange, b: DayRange): boolean {
  return a.end <= b.start
}

function readRange(text: string): DayRange | null {
  const [, yearText, quarterText, monthText, dayText] = form.exec(text) ?? []
  const year = Number(yearText)
  if (!(year >= firstYear && year <= lastYear)) return null
  if (dayText !== undefined) return rangeOfDay(year, Number(monthText), Number(dayText))
  const quarter = edtfQuarters.get(monthText ?? '') ?? Number(quarterText)
  if (quarter > 0) return rangeOfMonths(year, quarter * 3 - 2, 3)
  return monthText === undefined ? rangeOfMonths(year, 1, 12) : rangeOfMonth(year, Number(monthText))
}

function rangeOfMonth(year: number, month: number): DayRange | null {
  return isMonth(month) ? rangeOfMonths(year, month, 1) : null
}

function rangeOfMonths(year: number, first: number, count: number): DayRange {
  return { start: isoDay(year, first, 1), end: firstOfMonth(year, first + count) }
}

function rangeOfDay(year: number, month: number, day: number): DayRange | null {
  if (!isMonth(month) || day < 1 || day > daysIn(year, month)) return null
  const end = day === daysIn(year, month) ? firstOfMonth(year, month + 1) : isoDay(year, month, day + 1)
  return { start: isoDay(year, month, day), end }
}

/** The first day of a month, where 13 is the January of the next year. */
function firstOfMonth(year: number, month: number): string {
  return month > 12 ? isoDay(year + 1, 1, 1) : isoDay(year, month, 1)
}

function isMonth(month: number): boolean {
  return month >= 1 && month <= 12
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

function isoDay(year: number, month: number, day: number): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

function sameRange(a: DayRange | null, b: DayRange): boolean {
  return a !== null && a.start === b.start && a.end === b.end
}

function compareDays(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
