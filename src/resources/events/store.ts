import { type TObject, Type } from '@sinclair/typebox'
import { type Column, getTableColumns, type SQL, sql } from 'drizzle-orm'
import { type Collection, type Item, itemsOf } from '../../crud/definition.js'
import { list, object, partialDateText, reference } from '../../db/json.js'
import { type DatedEvent, foldDesignation } from '../../domain/event-fold.js'
import { type EventsOf, inOrder, orderProblems, type Subject } from '../../domain/event-order.js'
import type { Fault } from '../../http/problem.js'
import { evidenceJson, evidenceOf } from '../evidence/store.js'
import { indicationsResource } from '../indications/store.js'
import { indications } from '../indications/table.js'
import { organizationsResource } from '../organizations/store.js'
import { organizations } from '../organizations/table.js'
import { NewApplicationEvent, NewDesignationEvent, NewTrialEvent } from './schema.js'
import { events, eventTherapies } from './table.js'

/** The therapies that an event is about, as they follow from what it happened to. */
const therapies: Collection = { table: eventTherapies, owner: 'eventId', input: Type.Object({}) }

const collection = (owner: string, input: TObject): Collection => ({
  table: events,
  owner,
  input,
  identified: true,
  order: (items) => inOrder(items as (Item & DatedEvent<string>)[]),
  collections: { evidence: evidenceOf('eventId'), therapies },
})

/** The events of a designation; a transfer names the new holder, an amendment the new indication. */
export const designationEvents: Collection = {
  ...collection('designationId', NewDesignationEvent),
  references: { organization: () => organizationsResource, indication: () => indicationsResource },
  derive: (_, designation) => ({
    therapyId: designation.therapy,
    therapies: [{ therapyId: designation.therapy }],
    programId: designation.program,
    subjectIndicationId: designation.indication,
    subjectOrganizationId: holderOf(designation),
  }),
}

const holderOf = (designation: Item) =>
  foldDesignation({ ...designation, events: eventsOf<'designation'>(designation) }).holder

/** The events of an application; they carry its type, by which the database checks their statuses. */
export const applicationEvents: Collection = {
  ...collection('applicationId', NewApplicationEvent),
  derive: (_, application) => ({
    applicationType: application.type,
    therapyId: application.therapy,
    therapies: [{ therapyId: application.therapy }],
    authorityId: application.authority,
    subjectIndicationId: application.indication,
    subjectOrganizationId: application.organization,
  }),
}

/** The events of a trial; which therapies and indications it is about is in lists of its own. */
export const trialEvents: Collection = {
  ...collection('trialId', NewTrialEvent),
  derive: (_, trial) => ({
    therapies: (itemsOf(trial, 'therapies') as Item[]).map(({ therapy }) => ({ therapyId: therapy })),
    subjectOrganizationId: trial.sponsor,
  }),
}

const shape = {
  id: events.id,
  status: events.status,
  on: partialDateText(events.on),
  anticipated: events.anticipated,
  announcedOn: partialDateText(events.announcedOn),
}
const rest = { note: events.note, evidence: evidenceJson('eventId', events.id) }
const further = {
  organization: reference(organizations, organizations.name, events.organizationId),
  indication: reference(indications, indications.name, events.indicationId),
}

/** The events of the row whose id is given, in order, as JSON. */
function eventsJson(owner: 'designationId' | 'applicationId' | 'trialId', id: Column, item: SQL): SQL {
  return list(item, events, sql`${getTableColumns(events)[owner]} = ${id}`, events.position)
}

export const designationEventsJson = (id: Column) =>
  eventsJson('designationId', id, object({ ...shape, ...further, ...rest }))
export const applicationEventsJson = (id: Column) =>
  eventsJson('applicationId', id, object({ ...shape, ...rest }))
export const trialEventsJson = (id: Column) => eventsJson('trialId', id, object({ ...shape, ...rest }))

/** The events of an item, as the domain reads them, in their order. */
export const eventsOf = <Kind extends Subject>(item: Item): EventsOf[Kind][] =>
  inOrder(itemsOf(item, 'events') as EventsOf[Kind][])

/** Fields that only an event of one status has, and what they say there. */
const fieldsOfStatus = { organization: 'transferred', indication: 'amended' }

/** Events whose fields do not go together, by where they stand in the body. */
function fieldFaults(event: Item, index: number): Fault[] {
  const misplaced = Object.entries(fieldsOfStatus)
    .filter(([field, status]) => (event[field] ?? null) !== null && event.status !== status)
    .map(([field, status]) => ({
      pointer: `/events/${index}/${field}`,
      message: `only an event "${status}" has this, not one "${event.status}"`,
    }))
  if (event.status !== 'goal-date' || event.anticipated === true) return misplaced
  const message = 'a goal date is only expected: anticipated has to be true'
  return [...misplaced, { pointer: `/events/${index}/anticipated`, message }]
}

/** Events that cannot be as they are, or not in their order, by where they stand in the body. */
export function eventFaults(kind: Subject, item: Item): Fault[] {
  const fields = itemsOf(item, 'events').flatMap((event, index) => fieldFaults(event as Item, index))
  return [...fields, ...orderFaults(kind, item)]
}

function orderFaults(kind: Subject, item: Item): Fault[] {
  return orderProblems(kind, itemsOf(item, 'events') as EventsOf[Subject][]).map(({ index, message }) => ({
    pointer: `/events/${index}`,
    message,
  }))
}
