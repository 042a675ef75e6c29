import { type Column, type SQL, sql } from 'drizzle-orm'
import type { Listable } from '../../crud/definition.js'
import { byFlag, byWord } from '../../crud/filters/column-filters.js'
import { byPartialDates } from '../../crud/filters/date-filters.js'
import type { Filter } from '../../crud/filters/filter.js'
import { byReference, refersTo } from '../../crud/filters/reference-filters.js'
import { byQuery } from '../../crud/filters/search-filters.js'
import { anyOf } from '../../db/conditions.js'
import { byPartialDate } from '../../db/keyset.js'
import type { AsOf } from '../../domain/as-of.js'
import { pageOf, wholeOf } from '../../http/schema.js'
import { authoritiesResource } from '../authorities/store.js'
import { byIndication, isOfIndication } from '../indications/filters.js'
import { organizationsResource } from '../organizations/store.js'
import { byAuthority } from '../programs/filters.js'
import { programsResource } from '../programs/store.js'
import { throughTherapy } from '../therapies/filters.js'
import { therapiesResource } from '../therapies/store.js'
import { trialIndications } from '../trials/table.js'
import { eventDimensions } from './dimensions.js'
import { eventJson } from './item.js'
import { Event, eventStatuses, eventSubjects } from './schema.js'
import { eventTherapies, events as t } from './table.js'

/** Which kind of record each kind of subject is. */
const subjectColumns: Record<string, Column> = {
  designation: t.designationId,
  application: t.applicationId,
  trial: t.trialId,
}

const bySubjectType: Filter = {
  ...byWord(t.designationId, eventSubjects, 'What kind of record it happened to.'),
  matches: (types) => anyOf(types.map((type) => sql`${subjectColumns[type]} is not null`)),
  missing: sql`false`,
}

/** As conditions of the column itself, so that the few that are only expected have an index of their own. */
const byAnticipation: Filter = {
  ...byFlag(t.anticipated, 'Whether a source only expects it.'),
  matches: (flags) =>
    anyOf(flags.map((flag) => (flag === 'true' ? sql`${t.anticipated}` : sql`not ${t.anticipated}`))),
}

/** Events about a therapy of which a condition holds. */
export const ofTherapies = (condition: SQL): SQL =>
  sql`exists (select from ${eventTherapies} where ${eventTherapies.eventId} = ${t.id} and ${condition})`

const ofIndications = (isMeant: (column: Column) => SQL): SQL =>
  anyOf([
    isMeant(t.subjectIndicationId),
    sql`${t.trialId} = any(array(
      select ${trialIndications.trialId} from ${trialIndications} where ${isMeant(trialIndications.indicationId)}))`,
  ])

/** Events whose subject names no indication: in its column, or in the list that a trial has instead. */
const withoutIndication = sql`(${t.subjectIndicationId} is null and not exists (
  select from ${trialIndications} where ${trialIndications.trialId} = ${t.trialId}))`

const byWhen = byPartialDates(
  'when',
  t.when,
  'Happened or, where no source tells the day, announced',
) as Record<'whenFrom' | 'whenTo', Filter>

const byOn = byPartialDates('on', t.on, 'Happened') as Record<'onFrom' | 'onTo', Filter>

/** Where an event has a day, that is also when it was: said of both, the index of either order holds the range. */
const both = (on: Filter, when: Filter): Filter => ({
  ...on,
  matches: (values, modifiers) =>
    sql`${on.matches(values, modifiers)} and ${when.matches(values, modifiers)}`,
})

const byDay = { onFrom: both(byOn.onFrom, byWhen.whenFrom), onTo: both(byOn.onTo, byWhen.whenTo) }

const authorityOfProgram = byAuthority(t.programId, 'The authority that decided, or was asked.')

/** Events that count by a day: what is only expected counts from the day on which that was announced. */
export function countedBy({ day, match }: AsOf): SQL {
  const known = sql`case when ${t.anticipated} then ${t.announcedOn} else ${t.when} end`
  if (match === 'certain') return sql`upper(${known}) - 1 <= ${day}::date`
  return sql`coalesce(lower(${known}) <= ${day}::date, true)`
}

/** Events of the records that a search finds, whatever kind they are of. */
const bySubjectQuery = byQuery(
  { resource: 'designations', id: t.designationId },
  { resource: 'applications', id: t.applicationId },
  { resource: 'trials', id: t.trialId },
)

/** What happened to all designations, applications and trials, as one list. */
export const eventsList: Listable = {
  name: 'events',
  singular: 'event',
  noun: { one: 'Event', many: 'Events' },
  description:
    'What happened, or is expected, to designations, applications and trials: each event with what it is about and the evidence that it rests on, the latest first.',
  table: t,
  record: Event,
  page: pageOf(Event, 'events'),
  whole: wholeOf(Event, 'events'),
  item: sql`${eventJson}::text`,
  sorts: { when: byPartialDate(t.when), on: byPartialDate(t.on), announcedOn: byPartialDate(t.announcedOn) },
  defaultSort: '-when',
  timed: true,
  existedOn: countedBy,
  dimensions: eventDimensions,
  filters: {
    q: bySubjectQuery,
    subjectType: bySubjectType,
    status: byWord(t.status, eventStatuses, 'What happened.'),
    anticipated: byAnticipation,
    ...byWhen,
    ...byDay,
    ...byPartialDates('announced', t.announcedOn, 'Announced'),
    therapy: {
      ...byReference(t.therapyId, () => therapiesResource, 'A therapy that it is about.', ['lasme-cel']),
      matches: (keys) => ofTherapies(refersTo(eventTherapies.therapyId, therapiesResource, keys)),
      missing: sql`(${t.therapyId} is null and not ${ofTherapies(sql`true`)})`,
    },
    program: byReference(t.programId, () => programsResource, 'The programme, of a designation.', [
      'fda:rmat',
    ]),
    authority: {
      ...authorityOfProgram,
      matches: (keys, modifiers) =>
        anyOf([
          refersTo(t.authorityId, authoritiesResource, keys),
          authorityOfProgram.matches(keys, modifiers),
        ]),
      missing: sql`(${t.authorityId} is null and ${t.programId} is null)`,
    },
    indication: {
      ...byIndication(t.subjectIndicationId, 'What the designation, the application or the trial is for.'),
      matches: (keys, modifiers) => ofIndications((column) => isOfIndication(column, keys, modifiers)),
      missing: withoutIndication,
    },
    organization: byReference(
      t.subjectOrganizationId,
      () => organizationsResource,
      'Who holds the designation now, applied, or sponsors the trial.',
      ['cellectis'],
    ),
    ...throughTherapy(({ includes }) => ofTherapies(includes(eventTherapies.therapyId))),
  },
}
