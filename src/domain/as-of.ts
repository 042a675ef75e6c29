/** The state of the world on a day: which events count by then, and how long what follows from them stays the same. */

import { type DatedEvent, whenOf } from './event-fold.js'
import { anyDay, type DayRange, rangeOf } from './partial-date.js'

/** Whether what a partial date leaves open is taken to have been, or only what is sure. */
export type DateMatch = 'possible' | 'certain'

/** A day, and how events whose dates leave open whether they had happened by then are taken. */
export interface AsOf {
  /** `YYYY-MM-DD`; that day itself is over. */
  readonly day: string
  readonly match: DateMatch
}

/** Days on which a state stayed the same. */
export interface StateOfDays<State> {
  readonly match: DateMatch
  /** From the first day to ask for, or up to the last one, where nothing bounds them. */
  readonly days: DayRange
  readonly state: State
}

const dateMatches: readonly DateMatch[] = ['possible', 'certain']

/** The end of the day, month, quarter or year that a partial date names; throws a PartialDateError for other texts. */
export function asOfOf(text: string, match: DateMatch): AsOf {
  return { day: lastDayOf(rangeOf(text)), match }
}

/**
 * Whether an event counts on a day: as possible from the first day of its date on, as certain from the last one.
 * Without any date it may always have been, and never surely was.
 */
export function counts(event: DatedEvent<string>, { day, match }: AsOf): boolean {
  return countsFrom(event, match) <= day
}

/**
 * What a fold makes of the events that count, day range by day range in their order, for both ways to take dates;
 * days are left out on which the record is not there.
 */
export function statesOf<Event extends DatedEvent<string>, State>(
  events: readonly Event[],
  fold: (events: readonly Event[]) => State,
): StateOfDays<State>[] {
  return dateMatches.flatMap((match) => {
    const changes = changeDays(events, match)
      .map((day) => ({ day, state: fold(events.filter((event) => counts(event, { day, match }))) }))
      .filter(({ state }, index, all) => !isSame(state, all[index - 1]?.state))
    return changes.map(({ day, state }, index) => {
      const end = changes[index + 1]?.day ?? anyDay.end
      return { match, days: { start: day, end }, state }
    })
  })
}

/** The days from which on more events count than on the day before. */
function changeDays(events: readonly DatedEvent<string>[], match: DateMatch): string[] {
  if (events.length === 0) return match === 'possible' ? [anyDay.start] : []
  const days = new Set(events.map((event) => countsFrom(event, match)))
  return [...days].filter((day) => day < anyDay.end).sort()
}

/** The first day on which an event counts; the end of all days where that is never. */
function countsFrom(event: DatedEvent<string>, match: DateMatch): string {
  const days = daysOf(event)
  if (match === 'possible') return days.start
  return days === anyDay ? anyDay.end : lastDayOf(days)
}

/** When an event came to be; what is only expected came to be when that was announced. */
function daysOf(event: DatedEvent<string>): DayRange {
  if (!event.anticipated) return whenOf(event)
  return event.announcedOn == null ? anyDay : rangeOf(event.announcedOn)
}

const millisecondsOfDay = 86_400_000

function lastDayOf({ end }: DayRange): string {
  return new Date(Date.parse(end) - millisecondsOfDay).toISOString().slice(0, 10)
}

/** Folds write their fields in one order, so that equal states are equal texts. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
