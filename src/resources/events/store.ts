import type { TObject } from '@sinclair/typebox'
import { type Column, getTableColumns, type SQL, sql } from 'drizzle-orm'
import { type Collection, type Item, itemsOf } from '../../crud/definition.js'
import { list, object, partialDateText, reference } from '../../db/json.js'
import { type EventsOf, orderProblems, type Subject } from '../../domain/event-order.js'
import type { Fault } from '../../http/problem.js'
import { evidenceJson, evidenceOf } from '../evidence/store.js'
import { indicationsResource } from '../indications/store.js'
import { indications } from '../indications/table.js'
import { organizationsResource } from '../organizations/store.js'
import { organizations } from '../organizations/table.js'
import { NewApplicationEvent, NewDesignationEvent, NewTrialEvent } from './schema.js'
import { events } from './table.js'

const collection = (owner: string, input: TObject): Collection => ({
  table: events,
  owner,
  input,
  identified: true,
  collections: { evidence: evidenceOf('eventId') },
})

/** The events of a designation; a transfer names the new holder, an amendment the new indication. */
export const designationEvents: Collection = {
  ...collection('designationId', NewDesignationEvent),
  references: { organization: () => organizationsResource, indication: () => indicationsResource },
}

/** The events of an application; they carry its type, by which the database checks their statuses. */
export const applicationEvents: Collection = {
  ...collection('applicationId', NewApplicationEvent),
  derive: (_, application) => ({ applicationType: application.type }),
}

export const trialEvents: Collection = collection('trialId', NewTrialEvent)

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

/** By date, by announcement where there is no date, the undated last; then as they were written. */
const inOrder = sql`coalesce(${events.on}, ${events.announcedOn}), ${events.position}`

/** The events of the row whose id is given, in order, as JSON. */
function eventsJson(owner: 'designationId' | 'applicationId' | 'trialId', id: Column, item: SQL): SQL {
  return list(item, events, sql`${getTableColumns(events)[owner]} = ${id}`, inOrder)
}

export const designationEventsJson = (id: Column) =>
  eventsJson('designationId', id, object({ ...shape, ...further, ...rest }))
export const applicationEventsJson = (id: Column) =>
  eventsJson('applicationId', id, object({ ...shape, ...rest }))
export const trialEventsJson = (id: Column) => eventsJson('trialId', id, object({ ...shape, ...rest }))

/** The events of an item, as the domain reads them. */
export const eventsOf = <Kind extends Subject>(item: Item): EventsOf[Kind][] =>
  itemsOf(item, 'events') as EventsOf[Kind][]

/** Events that cannot stand in their order, by where they stand in the body. */
export function orderFaults(kind: Subject, item: Item): Fault[] {
  return orderProblems(kind, eventsOf(item)).map(({ index, message }) => ({
    pointer: `/events/${index}`,
    message,
  }))
}
