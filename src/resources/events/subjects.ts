import { type Column, sql } from 'drizzle-orm'
import mergePatch from 'json-merge-patch'
import type { Definition, Item } from '../../crud/definition.js'
import type { Kept } from '../../crud/documents.js'
import type { Answered, RequestKey } from '../../crud/idempotency.js'
import {
  createOnce,
  type Precondition,
  rewriteRecord,
  rewriteWithin,
  type Validate,
} from '../../crud/operations.js'
import type { Database, Queryable } from '../../db/connection.js'
import { recordTag } from '../../http/conditional.js'
import { Problem, problem } from '../../http/problem.js'
import { applicationsResource } from '../applications/store.js'
import { designationsResource } from '../designations/store.js'
import { trialsResource } from '../trials/store.js'
import { eventJson } from './item.js'
import { events } from './table.js'

/** What has events. */
export interface Subject {
  definition: Definition
  /** The id of the record that an event happened to. */
  owner: Column
}

export const subjects: readonly Subject[] = [
  { definition: designationsResource, owner: events.designationId },
  { definition: applicationsResource, owner: events.applicationId },
  { definition: trialsResource, owner: events.trialId },
]

/** An event as the API answers it, with the record that it happened to. */
export interface FoundEvent {
  id: string
  definition: Definition
  record: Omit<Kept, 'document'>
  text: string
}

type SubjectRow = FoundEvent['record'] & Pick<FoundEvent, 'text'> & { resource: string }

const missing = (id: string) => problem('not-found', `There is no event "${id}".`)

/** The event of an id with the record that it happened to, in one round trip. */
export async function findEvent(db: Queryable, id: string): Promise<FoundEvent> {
  const selects = subjects.map(
    ({ definition: { name, table }, owner }) => sql`
      select ${name}::text as resource, ${table.id}, slug, version, updated_at as "updatedAt", ${eventJson}::text as text
      from ${events} join ${table} on ${table.id} = ${owner} where ${events.id} = ${id}`,
  )
  const [row] = await db.rows<SubjectRow>(sql.join(selects, sql` union all `))
  if (row === undefined) throw missing(id)
  const { text, resource, ...record } = row
  const { definition } = subjects.find((subject) => subject.definition.name === resource) as Subject
  return { id, definition, record, text }
}

const eventsIn = (input: Item) => input.events as (Item & { id: string })[]

/** Runs a change of one event; a problem of the whole record is told by its place in the event that was sent. */
async function tellOfEvent<Result>(change: () => Promise<Result>, index: () => number): Promise<Result> {
  try {
    return await change()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const place = `/events/${index()}`
    const { kind, detail, errors } = error.details
    // A patch is well-formed for one kind of subject or another: that it is none for this one is seen only here.
    const { details } = kind === 'malformed' ? problem('unprocessable', detail) : error
    throw new Problem({
      ...details,
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

/** Adds an event to a record, once for each key that requests come with; answers the event. */
export function appendEvent(
  db: Database,
  definition: Definition,
  key: string,
  event: Item,
  { precondition, requestKey }: { precondition: Precondition; requestKey: RequestKey | undefined },
): Promise<Answered> {
  return createOnce(db, definition, requestKey, async (transaction) => {
    const known = new Set<string>()
    const append = (input: Item) => {
      for (const { id } of eventsIn(input)) known.add(id)
      return { ...input, events: [...eventsIn(input), event] }
    }
    const { document } = await tellOfEvent(
      () => rewriteWithin(transaction, definition, key, precondition, append),
      () => known.size,
    )
    const added = eventsIn(JSON.parse(document)).find(({ id }) => !known.has(id)) as { id: string }
    const { id, record, text } = await findEvent(transaction, added.id)
    return {
      location: `/v1/events/${id}`,
      etag: recordTag(record),
      updatedAt: record.updatedAt,
      body: text,
    }
  })
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
  await tellOfEvent(
    () => rewriteRecord(db, definition, record.id, precondition, mend),
    () => index,
  )
  return findEvent(db, id)
}

/** Takes an event away from its record. */
export async function deleteEvent(db: Database, id: string, precondition: Precondition): Promise<void> {
  const { definition, record } = await findEvent(db, id)
  await rewriteRecord(db, definition, record.id, precondition, (input) => ({
    ...input,
    events: eventsIn(input).filter((event) => event.id !== id),
  }))
}
