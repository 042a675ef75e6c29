import { type TSchema, Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import type { Item } from '../../crud/definition.js'
import { listRoutes } from '../../crud/list-routes.js'
import {
  answer,
  articleOf,
  conditionalRead,
  conditionalWrite,
  idParameter,
  notModified,
  patchTypes,
  renamed,
  responseHeaders,
} from '../../crud/operation-schemas.js'
import { preconditionOf, recordTag, sendTagged } from '../../http/conditional.js'
import { problemResponses } from '../../http/responses.js'
import { noParameters, ref } from '../../http/schema.js'
import { validateBody } from '../../http/validation.js'
import { eventsList } from './list.js'
import { Event, EventPatch, NewApplicationEvent, NewDesignationEvent, NewTrialEvent } from './schema.js'
import {
  appendEvent,
  deleteEvent,
  type FoundEvent,
  findEvent,
  type Subject,
  subjects,
  updateEvent,
} from './subjects.js'

const tags = ['events']

/** What can be appended to each kind of record, with a real example. */
const appendable: Record<string, { body: TSchema; example: Item; slug: string }> = {
  designations: {
    body: NewDesignationEvent,
    example: { status: 'requested', note: 'A designation is granted on request; the day was not announced.' },
    slug: 'lasme-cel-fda-rmat-r-r-b-all',
  },
  applications: {
    body: NewApplicationEvent,
    example: { status: 'submitted', on: '2018' },
    slug: 'lasme-cel-fda-ind-b-all',
  },
  trials: {
    body: NewTrialEvent,
    example: { status: 'registered', on: '2019-11' },
    slug: 'nct04150497',
  },
}

const eventId = Type.Object({
  id: Type.String({
    format: 'uuid',
    description: 'The id of the event.',
    examples: ['019a5b0e-3f8e-7b0a-8f6b-2a9c5d3e1f00'],
  }),
})

const { etag, lastModified, location } = responseHeaders
const headers = { ETag: etag, 'Last-Modified': lastModified }

function appendSchema({ definition }: Subject): FastifySchema {
  const { singular, noun, name } = definition
  const { body, example, slug } = appendable[name] as (typeof appendable)[string]
  return {
    operationId: `append${noun.one}Event`,
    summary: `Append an event to ${articleOf(singular)}`,
    description: `Adds one event; what follows from the events of the ${singular} follows at once.`,
    tags,
    params: idParameter(definition, slug),
    querystring: noParameters,
    headers: conditionalWrite,
    body: ref(body),
    'x-example': example,
    response: {
      201: answer('The new event.', Event, { ...headers, Location: location }),
      ...renamed,
      ...problemResponses(400, 404, 409, 410, 412, 413, 415, 422, 503),
    },
  }
}

const schemas = {
  get: {
    operationId: 'getEvent',
    summary: 'Get an event',
    description: 'One event by its id, with what it happened to and the evidence that it rests on.',
    tags,
    params: eventId,
    querystring: noParameters,
    headers: conditionalRead,
    response: {
      200: answer('The event.', Event, headers),
      ...notModified,
      ...problemResponses(400, 404, 503),
    },
  },
  update: {
    operationId: 'updateEvent',
    summary: 'Update an event',
    description:
      'Changes the fields that the body names (JSON merge patch, RFC 7396). Evidence is replaced whole.',
    tags,
    params: eventId,
    querystring: noParameters,
    headers: conditionalWrite,
    consumes: patchTypes,
    body: ref(EventPatch),
    'x-example': { note: 'The day is that of the report; the letter of the FDA is not public.' },
    response: {
      200: answer('The event as it is now.', Event, headers),
      ...problemResponses(400, 404, 409, 412, 413, 415, 422, 503),
    },
  },
  delete: {
    operationId: 'deleteEvent',
    summary: 'Delete an event',
    description: 'Takes the event away from its record; what follows from the events follows at once.',
    tags,
    params: eventId,
    querystring: noParameters,
    headers: conditionalWrite,
    response: {
      204: { description: 'It is deleted.', type: 'null' },
      ...problemResponses(400, 404, 409, 412, 422, 503),
    },
  },
}

type ById = FastifyRequest<{ Params: { id: string } }>

function sendEvent(request: FastifyRequest, reply: FastifyReply, found: FoundEvent): FastifyReply {
  reply.header('last-modified', found.record.updatedAt.toUTCString())
  return sendTagged(request, reply, recordTag(found.record), found.text)
}

function appendHandler({ definition }: Subject) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { id } = (request as ById).params
    const { database } = request.server
    const found = await appendEvent(database, definition, id, request.body as Item, preconditionOf(request))
    reply.code(201).header('location', `/v1/events/${found.id}`)
    return sendEvent(request, reply, found)
  }
}

/** Events are written with their subjects; here they are listed, and one is appended, read, mended or taken away. */
export default async function eventRoutes(app: FastifyInstance): Promise<void> {
  const { database } = app
  for (const subject of subjects) {
    app.post(
      `/v1/${subject.definition.name}/:id/events`,
      { schema: appendSchema(subject) },
      appendHandler(subject),
    )
  }
  listRoutes(app, eventsList)
  app.get('/v1/events/:id', { schema: schemas.get }, async (request, reply) =>
    sendEvent(request, reply, await findEvent(database, (request as ById).params.id)),
  )
  app.patch('/v1/events/:id', { schema: schemas.update }, async (request, reply) => {
    const found = await updateEvent(database, (request as ById).params.id, request.body as Item, {
      precondition: preconditionOf(request),
      validate: (definition) => (input) => validateBody(definition.input, input),
    })
    return sendEvent(request, reply, found)
  })
  app.delete('/v1/events/:id', { schema: schemas.delete }, async (request, reply) => {
    await deleteEvent(database, (request as ById).params.id, preconditionOf(request))
    return reply.code(204).send()
  })
}
