import { type SQL, sql } from 'drizzle-orm'
import mergePatch from 'json-merge-patch'
import type { Definition, Item } from '../../crud/definition.js'
import type { Kept } from '../../crud/documents.js'
import { type Precondition, rewriteRecord, type Validate } from '../../crud/operations.js'
import type { Database, Queryable } from '../../db/connection.js'
import { Problem, problem } from '../../http/problem.js'
import { applicationsResource } from '../applications/store.js'
import { designationsResource } from '../designations/store.js'
import { trialsResource } from '../trials/store.js'
import { events } from './table.js'

/** What has events. */
export interface Subject {
  definition: Definition
  /** Which of its records an event belongs to. */
  idOf(event: string): SQL
}

const owned = (column: SQL | object) => (event: string) =>
  sql`(select ${column} from ${events} where ${events.id} = ${event})`

export const subjects: readonly Subject[] = [
  { definition: designationsResource, idOf: owned(events.designationId) },
  { definition: applicationsResource, idOf: owned(events.applicationId) },
  { definition: trialsResource, idOf: owned(events.trialId) },
]

/** A record that has events, and one of them. */
export interface FoundEvent {
  definition: Definition
  record: Kept
  event: Item
}

interface SubjectRow extends Kept {
  resource: string
}

const missing = (id: string) => problem('not-found', `There is no event "${id}".`)

/** The event of an id with the record that it happened to, in one round trip. */
export async function findEvent(db: Queryable, id: string): Promise<FoundEvent> {
  const selects = subjects.map(
    ({ definition: { name, table }, idOf }) => sql`
      select ${name}::text as resource, id, slug, version, updated_at as "updatedAt", document
      from ${table} where ${table.id} = ${idOf(id)}`,
  )
  const [row] = await db.rows<SubjectRow>(sql.join(selects, sql` union all `))
  if (row === undefined) throw missing(id)
  const { definition } = subjects.find((subject) => subject.definition.name === row.resource) as Subject
  return { definition, record: row, event: eventIn(row, id) }
}

interface WithEvents {
  name: string
  events: (Item & { id: string })[]
}

function eventIn(record: Kept, id: string): Item {
  const { id: subject, slug, name, events: list } = JSON.parse(record.document) as WithEvents & Item
  const { id: own, ...fields } = list.find((event) => event.id === id) as Item
  return { id: own, subject: { id: subject, slug, name }, ...fields }
}

const eventsIn = (input: Item) => input.events as (Item & { id: string })[]

/** Runs a change of one event; a problem of the whole record is told by its place in the event that was sent. */
async function tellOfEvent<Result>(change: () => Promise<Result>, index: () => number): Promise<Result> {
  try {
    return await change()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const place = `/events/${index()}`
    const { detail, errors } = error.details
    throw new Problem({
      ...error.details,
      detail: detail.replaceAll(`${place}/`, '/'),
      ...(errors && {
        errors: errors.map((fault) => ({ ...fault, pointer: pointerBelow(place, fault.pointer) })),
      }),
    })
  }
}

/** A pointer into what stands at a place; to the whole of it when it points elsewhere. */
const pointerBelow = (place: string, pointer = '') =>
  pointer.startsWith(`${place}/`) ? pointer.slice(place.length) : ''

/** Adds an event to a record; answers the record and the event. */
export async function appendEvent(
  db: Database,
  definition: Definition,
  key: string,
  event: Item,
  precondition: Precondition,
): Promise<FoundEvent> {
  const known = new Set<string>()
  const append = (input: Item) => {
    known.clear()
    for (const { id } of eventsIn(input)) known.add(id)
    return { ...input, events: [...eventsIn(input), event] }
  }
  const record = await tellOfEvent(
    () => rewriteRecord(db, definition, key, precondition, append),
    () => known.size,
  )
  const list = (JSON.parse(record.document) as WithEvents).events
  const added = list.find(({ id }) => !known.has(id)) as WithEvents['events'][number]
  return { definition, record, event: eventIn(record, added.id) }
}

/** Changes the fields of an event that a merge patch names. */
export async function updateEvent(
  db: Database,
  id: string,
  patch: Item,
  { precondition, validate }: { precondition: Precondition; validate: (definition: Definition) => Validate },
): Promise<FoundEvent> {
  const { definition, record } = await findEvent(db, id)
  let index = 0
  const mend = (input: Item) => {
    const list = eventsIn(input)
    index = list.findIndex((event) => event.id === id)
    if (index === -1) throw missing(id)
    const events = list.map((event) => (event.id === id ? mergePatch.apply(event, patch) : event))
    return validate(definition)({ ...input, events })
  }
  const kept = await tellOfEvent(
    () => rewriteRecord(db, definition, record.id, precondition, mend),
    () => index,
  )
  return { definition, record: kept, event: eventIn(kept, id) }
}

/** Takes an event away from its record. */
export async function deleteEvent(db: Database, id: string, precondition: Precondition): Promise<void> {
  const { definition, record } = await findEvent(db, id)
  await rewriteRecord(db, definition, record.id, precondition, (input) => ({
    ...input,
    events: eventsIn(input).filter((event) => event.id !== id),
  }))
}
