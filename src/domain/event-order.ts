/** The order in which events are told, and orders that cannot be: most of those are two dates swapped or a year mistyped. */

import {
  type ApplicationEvent,
  type DatedEvent,
  type DesignationEvent,
  type TrialEvent,
  whenOf,
} from './event-fold.js'
import { anyDay, certainlyBefore, compareRanges, type DayRange, rangeOf } from './partial-date.js'
import type { ApplicationEventStatus, DesignationEventStatus, TrialEventStatus } from './vocabularies.js'

/** What can have events, and the events it has. */
export interface EventsOf {
  readonly designation: DesignationEvent<unknown>
  readonly application: ApplicationEvent
  readonly trial: TrialEvent
}
export type Subject = keyof EventsOf

/** What is wrong with one event, by its place in the list. */
export interface OrderProblem {
  readonly index: number
  readonly message: string
}

/** None of `later` can come before all of `first`. */
interface OrderRule<Status extends string> {
  readonly first: readonly Status[]
  readonly later: readonly Status[]
}

// A negative answer or a withdrawal before the only request or submission we know of belongs to an earlier round
// that nobody recorded: the BLA of ide-cel was refused in May 2020 and sent again in July.
const designationRules: readonly OrderRule<DesignationEventStatus>[] = [
  { first: ['requested'], later: ['granted', 'amended', 'transferred', 'rescinded'] },
  { first: ['granted'], later: ['amended', 'transferred', 'rescinded'] },
]

const applicationRules: readonly OrderRule<ApplicationEventStatus>[] = [
  { first: ['submitted'], later: ['cleared', 'clinical-hold', 'partial-hold', 'hold-lifted', 'resubmitted'] },
  { first: ['submitted'], later: ['approved', 'conditionally-approved', 'marketing-withdrawn', 'revoked'] },
  { first: ['clinical-hold', 'partial-hold'], later: ['hold-lifted'] },
  { first: ['complete-response'], later: ['complete-response-rescinded'] },
  { first: ['complete-response', 'refused', 'not-approved', 'withdrawn'], later: ['resubmitted'] },
  { first: ['approved', 'conditionally-approved'], later: ['marketing-withdrawn', 'revoked'] },
]

// Trials are often registered late, and sources differ on what the start is, so nothing else is sure.
const trialRules: readonly OrderRule<TrialEventStatus>[] = [{ first: ['started'], later: ['terminated'] }]

const rules: Readonly<Record<Subject, readonly OrderRule<string>[]>> = {
  designation: designationRules,
  application: applicationRules,
  trial: trialRules,
}

/**
 * The events that cannot stand where they do, judged only by dates that make it certain and by events that are
 * not anticipated. Where an earlier event is merely missing, adding it without a date settles the matter.
 */
export function orderProblems<Kind extends Subject>(
  kind: Kind,
  events: readonly EventsOf[Kind][],
): OrderProblem[] {
  const list: readonly DatedEvent<string>[] = events
  return list.flatMap((event, index) =>
    rules[kind]
      .filter((rule) => breaks(rule, event, list))
      .map((rule) => ({ index, message: messageOf(rule, event) })),
  )
}

function breaks(rule: OrderRule<string>, event: DatedEvent<string>, events: readonly DatedEvent<string>[]) {
  if (event.anticipated || !rule.later.includes(event.status)) return false
  const first = events.filter((other) => !other.anticipated && rule.first.includes(other.status))
  const mayHaveBeen = possibleDays(event)
  return first.length > 0 && first.every((other) => certainlyBefore(mayHaveBeen, possibleDays(other)))
}

/** The days on which an event can have happened: what was announced may be much older than its announcement. */
function possibleDays({ on, announcedOn }: DatedEvent<string>): DayRange {
  if (on != null) return rangeOf(on)
  return announcedOn == null ? anyDay : { start: anyDay.start, end: rangeOf(announcedOn).end }
}

function messageOf({ first }: OrderRule<string>, { status, on, announcedOn }: DatedEvent<string>): string {
  const date = on ?? `announced ${announcedOn}`
  return `"${status}" (${date}) comes before ${named(first)}; mend a date, or add the earlier event, undated if need be`
}

function named(statuses: readonly string[]): string {
  return statuses.map((status) => `every "${status}"`).join(' and ')
}

/**
 * Events in the order in which they are kept and folded: by date, or by announcement where there is no date. One
 * without either stays behind the event that it was written after, since nothing else tells when it was.
 */
export function inOrder<Event extends DatedEvent<string>>(events: readonly Event[]): Event[] {
  let when = anyDay
  const placed = events.map((event) => {
    const own = whenOf(event)
    if (own !== anyDay) when = own
    return { event, when }
  })
  return placed.sort((a, b) => compareRanges(a.when, b.when)).map(({ event }) => event)
}
