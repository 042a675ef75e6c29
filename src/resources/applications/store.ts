import type { Static } from '@sinclair/typebox'
import { sql } from 'drizzle-orm'
import { type Item, itemsOf } from '../../crud/definition.js'
import { byExactText, byWord } from '../../crud/filters/column-filters.js'
import { byPartialDates } from '../../crud/filters/date-filters.js'
import { byReference } from '../../crud/filters/reference-filters.js'
import { defineResource } from '../../crud/resource.js'
import { partialDateText, recordJson, reference } from '../../db/json.js'
import { byPartialDate } from '../../db/keyset.js'
import { foldApplication } from '../../domain/event-fold.js'
import { slugOf } from '../../domain/slug.js'
import {
  type ApplicationType,
  applicationStatuses,
  applicationTypes,
  statusesOf,
} from '../../domain/vocabularies.js'
import type { Fault } from '../../http/problem.js'
import { asItStands } from '../../search/declaration.js'
import { authoritiesResource } from '../authorities/store.js'
import { authorities } from '../authorities/table.js'
import { applicationEvents, applicationEventsJson, eventFaults, eventsOf } from '../events/store.js'
import { byIndication } from '../indications/filters.js'
import { indicationsResource } from '../indications/store.js'
import { indications } from '../indications/table.js'
import { organizationsResource } from '../organizations/store.js'
import { organizations } from '../organizations/table.js'
import { throughTherapy } from '../therapies/filters.js'
import { therapiesResource } from '../therapies/store.js'
import { therapies } from '../therapies/table.js'
import { applicationDimensions } from './dimensions.js'
import { Application, NewApplication } from './schema.js'
import { applicationStates, applications as t } from './table.js'

const name = sql`concat_ws(': ',
  (select ${therapies.name} from ${therapies} where ${therapies.id} = ${t.therapyId}),
  concat_ws(', ',
    (select ${authorities.abbreviation} from ${authorities} where ${authorities.id} = ${t.authorityId}) || ' ' || ${t.type},
    (select ${indications.name} from ${indications} where ${indications.id} = ${t.indicationId})))`

/** Events that an application of its type cannot have: an IND is never approved, a BLA never cleared. */
function statusFaults(item: Item): Fault[] {
  const type = item.type as ApplicationType
  const allowed = statusesOf(type)
  return itemsOf(item, 'events').flatMap((event, index) => {
    const { status } = event as { status: string }
    if (allowed.has(status)) return []
    const message = `"${status}" does not happen to an application of type ${type}`
    return [{ pointer: `/events/${index}/status`, message, allowed: allowed.values }]
  })
}

export const applicationsResource = defineResource({
  name: 'applications',
  singular: 'application',
  noun: { one: 'Application', many: 'Applications' },
  description:
    'INDs, BLAs, MAAs and their like: submitted, cleared, put on hold, approved; by authority and indication.',
  table: t,
  record: Application,
  input: NewApplication,
  references: {
    therapy: () => therapiesResource,
    authority: () => authoritiesResource,
    indication: () => indicationsResource,
    organization: () => organizationsResource,
  },
  collections: { events: applicationEvents },
  history: {
    states: {
      table: applicationStates,
      owner: 'applicationId',
      past: ['submittedOn', 'clearedOn', 'approvedOn'],
    },
  },
  derive: (item) => ({ ...foldApplication({ events: eventsOf<'application'>(item) }) }),
  faults: (item) => [...statusFaults(item), ...eventFaults('application', item)],
  embedded: ['slug', 'name'],
  below: ['therapy', 'authority'],
  slugFor: ({ type }, { therapy, authority, indication }) =>
    slugOf([therapy, authority, type, indication].filter(Boolean).join(' ')),
  sorts: {
    submittedOn: byPartialDate(t.submittedOn),
    clearedOn: byPartialDate(t.clearedOn),
    approvedOn: byPartialDate(t.approvedOn),
    goalOn: byPartialDate(t.goalOn),
  },
  defaultSort: 'slug',
  timed: true,
  related: { therapies: { resource: 'therapies', where: sql`${therapies.id} = ${t.therapyId}` } },
  filters: {
    therapy: byReference(t.therapyId, () => therapiesResource, 'The therapy.', ['lasme-cel']),
    authority: byReference(t.authorityId, () => authoritiesResource, 'The authority applied to.', ['fda']),
    type: byWord(t.type, applicationTypes, 'What is asked for.'),
    indication: byIndication(t.indicationId, 'What it is for.'),
    organization: byReference(t.organizationId, () => organizationsResource, 'Who applied.', ['iaso']),
    status: byWord(t.status, applicationStatuses, 'What it is now.'),
    number: byExactText(t.number, "The authority's number.", ['STN 125714']),
    ...byPartialDates('submitted', t.submittedOn, 'First submitted'),
    ...byPartialDates('cleared', t.clearedOn, 'First cleared'),
    ...byPartialDates('approved', t.approvedOn, 'First approved'),
    ...byPartialDates('goal', t.goalOn, 'With a decision due'),
    ...throughTherapy(({ includes }) => includes(t.therapyId)),
  },
  dimensions: applicationDimensions,
  search: {
    place: 8,
    names: [],
    keys: ['number'],
    texts: ['note', 'events.note', 'events.evidence.quote', 'events.evidence.locator'],
    links: ['therapy', 'authority', 'indication', 'organization'],
    words: { type: asItStands, status: asItStands },
    near: ['therapy'],
  },
  document: recordJson<Omit<Static<typeof Application>, 'therapies'>>(t, {
    name,
    therapy: reference(therapies, therapies.name, t.therapyId),
    authority: reference(authorities, authorities.name, t.authorityId),
    type: t.type,
    indication: reference(indications, indications.name, t.indicationId),
    number: t.number,
    organization: reference(organizations, organizations.name, t.organizationId),
    status: t.status,
    submittedOn: partialDateText(t.submittedOn),
    clearedOn: partialDateText(t.clearedOn),
    approvedOn: partialDateText(t.approvedOn),
    goalOn: partialDateText(t.goalOn),
    events: applicationEventsJson(t.id),
    note: t.note,
  }),
})
