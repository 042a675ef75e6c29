/** What follows from the events of a record: its status, its dates, its holder. None of it is ever written. */

import {
  anyDay,
  canonicalText,
  certainlyBefore,
  compareRanges,
  type DayRange,
  rangeOf,
} from './partial-date.js'
import type {
  ApplicationEventStatus,
  ApplicationStatus,
  DesignationEventStatus,
  DesignationStatus,
  TrialEventStatus,
} from './vocabularies.js'

/** What all events have in common; `on` and `announcedOn` are partial dates, and a date left out is unknown. */
export interface DatedEvent<Status extends string> {
  readonly status: Status
  readonly on?: string | null
  readonly announcedOn?: string | null
  /** What a source only expects; it never counts as having happened. */
  readonly anticipated?: boolean
}

/** An event of a designation; references are of whatever type the caller has. */
export interface DesignationEvent<Reference = string> extends DatedEvent<DesignationEventStatus> {
  /** The new holder, of a transfer. */
  readonly organization?: Reference | null
  /** The new indication, of an amendment. */
  readonly indication?: Reference | null
}
export type ApplicationEvent = DatedEvent<ApplicationEventStatus>
export type TrialEvent = DatedEvent<TrialEventStatus>

/** What a designation is now; the dates are those of its latest grant. */
export interface DesignationState<Reference = string> {
  readonly status: DesignationStatus | null
  readonly grantedOn: string | null
  readonly announcedOn: string | null
  readonly holder: Reference | null
  readonly indication: Reference | null
}

/** What an application is now: its first submission, clearance and approval, and its latest goal date. */
export interface ApplicationState {
  readonly status: ApplicationStatus | null
  readonly submittedOn: string | null
  readonly clearedOn: string | null
  readonly approvedOn: string | null
  readonly goalOn: string | null
}

export interface TrialState {
  readonly startedOn: string | null
}

/** The statuses of a designation in the order of its life; between events that may be of one day, the last wins. */
export const designationLifecycle: readonly DesignationStatus[] = [
  'requested',
  'denied',
  'granted',
  'withdrawn',
  'rescinded',
]

/** The statuses of an application in the order of its life; a withdrawal comes before any approval. */
export const applicationLifecycle: readonly ApplicationStatus[] = [
  'submitted',
  'refused',
  'accepted',
  'cleared',
  'partial-hold',
  'clinical-hold',
  'hold-lifted',
  'complete-response',
  'complete-response-rescinded',
  'resubmitted',
  'not-approved',
  'withdrawn',
  'conditionally-approved',
  'approved',
  'marketing-withdrawn',
  'revoked',
]

/** The state of a designation that was first asked for by an organization and for an indication. */
export function foldDesignation<Reference>(designation: {
  readonly organization?: Reference | null
  readonly indication?: Reference | null
  readonly events: readonly DesignationEvent<Reference>[]
}): DesignationState<Reference> {
  const { organization = null, indication = null } = designation
  const events = happened(designation.events)
  const grant = latest(having(events, ['granted']), knowledge)
  const transfer = latest(having(events, ['transferred']))
  // An amendment may change only the wording, so one that names no indication leaves the last one named.
  const amendment = latest(having(events, ['amended']).filter((event) => event.indication != null))
  return {
    status: latestStatus(events, designationLifecycle),
    grantedOn: written(grant?.on),
    announcedOn: written(grant?.announcedOn),
    // A transfer to nobody knows whom leaves the holder unknown: it is surely no longer the former one.
    holder: transfer ? (transfer.organization ?? null) : organization,
    indication: amendment?.indication ?? indication,
  }
}

/** The state of an application. */
export function foldApplication(application: {
  readonly events: readonly ApplicationEvent[]
}): ApplicationState {
  const events = happened(application.events)
  return {
    status: latestStatus(events, applicationLifecycle),
    submittedOn: firstDate(having(events, ['submitted'])),
    clearedOn: firstDate(having(events, ['cleared'])),
    approvedOn: firstDate(having(events, ['approved', 'conditionally-approved'])),
    // A goal date is always anticipated, so it is looked for among all events.
    goalOn: written(latest(having(application.events, ['goal-date']), knowledge)?.on),
  }
}

/** The state of a trial; where nobody tells its start, its first patient does. */
export function foldTrial(trial: { readonly events: readonly TrialEvent[] }): TrialState {
  const events = happened(trial.events)
  return { startedOn: firstDate(having(events, ['started'])) ?? firstDate(having(events, ['first-patient'])) }
}

/** When an event was: on its date, else when it was announced, else on any day. */
export function whenOf(event: DatedEvent<string>): DayRange {
  const text = event.on ?? event.announcedOn
  return text == null ? anyDay : rangeOf(text)
}

function happened<Event extends DatedEvent<string>>(events: readonly Event[]): Event[] {
  return events.filter((event) => !event.anticipated)
}

function having<Event extends DatedEvent<string>>(
  events: readonly Event[],
  statuses: readonly Event['status'][],
): Event[] {
  return events.filter((event) => statuses.includes(event.status))
}

function latestStatus<Status extends string>(
  events: readonly DatedEvent<string>[],
  lifecycle: readonly Status[],
): Status | null {
  const rankOf = (event: DatedEvent<string>) => (lifecycle as readonly string[]).indexOf(event.status)
  const ranked = events.filter((event): event is DatedEvent<Status> => rankOf(event) >= 0)
  return latest(ranked, rankOf)?.status ?? null
}

/**
 * The latest of some events: of those that no other certainly follows, the one of the highest rank, then the one
 * that may have been last, then the last in the list.
 */
function latest<Event extends DatedEvent<string>>(
  events: readonly Event[],
  rankOf: (event: Event) => number = () => 0,
): Event | undefined {
  const dated = events.map((event) => ({ event, when: whenOf(event), rank: rankOf(event) }))
  const open = dated.filter(({ when }) => !dated.some((other) => certainlyBefore(when, other.when)))
  return open.reduce<(typeof open)[number] | undefined>(
    (best, next) => (best && compareLast(best, next) > 0 ? best : next),
    undefined,
  )?.event
}

interface Ranked {
  readonly when: DayRange
  readonly rank: number
}

function compareLast(a: Ranked, b: Ranked): number {
  if (a.rank !== b.rank) return a.rank - b.rank
  // Who lists transfers without a date lists them in their order, which is all there is to go by.
  return a.when === anyDay || b.when === anyDay ? 0 : compareEnds(a.when, b.when)
}

/** Of several grants or goals, a dated one tells more than an undated one. */
function knowledge(event: DatedEvent<string>): number {
  return whenOf(event) === anyDay ? 0 : 1
}

function compareEnds(a: DayRange, b: DayRange): number {
  // ISO days of one length sort as text; of two ranges with one end, the later start is the later range.
  if (a.end !== b.end) return a.end < b.end ? -1 : 1
  return compareRanges(a, b)
}

/** The first date on which something happened, as far as dates are known. */
function firstDate(events: readonly DatedEvent<string>[]): string | null {
  const dates = events.flatMap(({ on }) => (on == null ? [] : [on]))
  const [first] = dates.sort((a, b) => compareRanges(rangeOf(a), rangeOf(b)))
  return written(first)
}

function written(date: string | null | undefined): string | null {
  return date == null ? null : canonicalText(date)
}
