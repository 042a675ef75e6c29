import { type TSchema, Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import type { Item } from '../../crud/definition.js'
import { requestKeyOf } from '../../crud/idempotency.js'
import { linksTo } from '../../crud/links.js'
import { listRoutes } from '../../crud/list-routes.js'
import {
  answer,
  articleOf,
  conditionalCreation,
  conditionalRead,
  conditionalWrite,
  idParameter,
  notModified,
  patchTypes,
  renamed,
  responseHeaders,
} from '../../crud/operation-schemas.js'
import { sendCreated, sendWritten } from '../../crud/routes.js'
import { sendAnswer } from '../../http/answers.js'
import { type Answer, preconditionOf, recordTag } from '../../http/conditional.js'
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
    slug: 'allo-715-fda-rmat-rrmm',
  },
  applications: {
    body: NewApplicationEvent,
    example: { status: 'submitted', on: '2023-11' },
    slug: 'obecabtagene-autoleucel-fda-bla-r-r-b-all',
  },
  trials: {
    body: NewTrialEvent,
    example: { status: 'registered', on: '2019-09' },
    slug: 'nct04093596',
  },
}

const eventId = Type.Object({
  id: Type.String({
    format: 'uuid',
    description: 'The id of the event.',
    examples: ['019a5b0e-3f8e-7b0a-8f6b-2a9c5d3e1f00'],
  }),
})

const { etag, lastModified, location, replayed } = responseHeaders
const headers = { ETag: etag, 'Last-Modified': lastModified }

function appendSchema({ definition }: Subject): FastifySchema {
  const { singular, noun, name } = definition
  const { body, example, slug } = appendable[name] as (typeof appendable)[string]
  return {
    operationId: `append${noun.one}Event`,
    'x-links': {
      ...linksTo('$response.body#/id', 'getEvent', 'updateEvent', 'deleteEvent'),
      ...linksTo('$response.body#/subject/id', `get${noun.one}`),
    },
    summary: `Append an event to ${articleOf(singular)}`,
    description: `Adds one event; what follows from the events of the ${singular} follows at once.`,
    tags,
    params: idParameter(definition, slug),
    querystring: noParameters,
    headers: conditionalCreation,
    body: ref(body),
    'x-example': example,
    response: {
      201: answer('The new event.', Event, {
        ...headers,
        Location: location,
        'Idempotency-Replayed': replayed,
      }),
      ...renamed,
      ...problemResponses(400, 404, 410, 412, 413, 415, 422, 503),
    },
  }
}

const eventLinks = {
  ...linksTo('$response.body#/id', 'updateEvent', 'deleteEvent'),
  ...linksTo('$response.body#/therapies/0/id', 'getTherapy'),
}

const schemas = {
  get: {
    operationId: 'getEvent',
    'x-links': eventLinks,
    summary: 'Get an event',
    description: 'One event by its id, with what it happened to and the evidence that it rests on.',
    tags,
    params: eventId,
    querystring: noParameters,
    headers: conditionalRead,
    response: {
      200: answer('The event as it is now.', Event, headers),
      ...notModified,
      ...problemResponses(400, 404, 503),
    },
  },
  update: {
    operationId: 'updateEvent',
    'x-links': eventLinks,
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
      ...problemResponses(400, 404, 412, 413, 415, 422, 503),
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
      ...problemResponses(400, 404, 412, 422, 503),
    },
  },
}

type ById = FastifyRequest<{ Params: { id: string } }>

const answerOf = ({ record, text }: FoundEvent): Answer => ({
  tag: recordTag(record),
  body: Buffer.from(text),
  updatedAt: record.updatedAt,
})

function appendHandler({ definition }: Subject) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { id } = (request as ById).params
    const { database } = request.server
    const answered = await appendEvent(database, definition, id, request.body as Item, {
      precondition: preconditionOf(request),
      requestKey: requestKeyOf(request),
    })
    return sendCreated(reply, answered)
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
    sendAnswer(request, reply, async () => answerOf(await findEvent(database, (request as ById).params.id))),
  )
  app.patch('/v1/events/:id', { schema: schemas.update }, async (request, reply) => {
    const found = await updateEvent(database, (request as ById).params.id, request.body as Item, {
      precondition: preconditionOf(request),
      validate: (definition) => (input) => validateBody(definition.input, input),
    })
    return sendWritten(reply, recordTag(found.record), found.record.updatedAt, found.text)
  })
  app.delete('/v1/events/:id', { schema: schemas.delete }, async (request, reply) => {
    await deleteEvent(database, (request as ById).params.id, preconditionOf(request))
    return reply.code(204).send()
  })
}
