import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendAnswer } from '../http/answers.js'
import { modified, preconditionOf, recordTag } from '../http/conditional.js'
import { validateBody } from '../http/validation.js'
import type { Definition, Item } from './definition.js'
import type { Kept } from './documents.js'
import { type Answered, requestKeyOf } from './idempotency.js'
import { readFilters } from './list-parameters.js'
import { type ContentQuery, contentOf, listRoutes } from './list-routes.js'
import { type Examples, schemasOf } from './operation-schemas.js'
import { createRecord, removeRecord, replaceRecord, updateRecord } from './operations.js'
import { findVersion, getRecord } from './read.js'

/** Registers the standard operations of a resource: list, create, get, replace, update, delete. */
export function standardRoutes(definition: Definition, examples: Examples) {
  return async (app: FastifyInstance): Promise<void> => {
    const schemas = schemasOf(definition, examples)
    const path = `/v1/${definition.name}`
    listRoutes(app, definition)
    app.post(path, { schema: schemas.create }, createHandler(definition))
    app.get(`${path}/:id`, { schema: schemas.get }, getHandler(definition))
    app.put(`${path}/:id`, { schema: schemas.replace }, replaceHandler(definition))
    app.patch(`${path}/:id`, { schema: schemas.update }, updateHandler(definition))
    app.delete(`${path}/:id`, { schema: schemas.delete }, deleteHandler(definition))
  }
}

type ById = FastifyRequest<{ Params: { id: string } }>

function createHandler(definition: Definition) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { database } = request.server
    const created = await createRecord(database, definition, request.body as Item, requestKeyOf(request))
    return sendCreated(reply, created)
  }
}

function getHandler(definition: Definition) {
  const byDefault = Object.entries(definition.related ?? {})
    .filter(([, related]) => related.byDefault)
    .map(([name]) => name)
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { id } = (request as ById).params
    const query = request.query as ContentQuery
    const content = contentOf(definition, query, byDefault)
    const { asOf } = readFilters(definition, request.query as Item).modifiers
    const question = { content, asOf }
    const { database } = request.server
    return sendAnswer(
      request,
      reply,
      () => getRecord(database, definition, id, question),
      () => findVersion(database, definition, id, question),
    )
  }
}

function replaceHandler(definition: Definition) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { id } = (request as ById).params
    const { database } = request.server
    const kept = await replaceRecord(database, definition, id, request.body as Item, preconditionOf(request))
    return sendRecord(reply, kept)
  }
}

function updateHandler(definition: Definition) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { id } = (request as ById).params
    const kept = await updateRecord(request.server.database, definition, id, request.body as Item, {
      precondition: preconditionOf(request),
      validate: (input) => validateBody(definition.input, input),
    })
    return sendRecord(reply, kept)
  }
}

/** Answers with what is new. */
export function sendCreated(reply: FastifyReply, created: Answered): FastifyReply {
  const { location, etag, updatedAt, body, isReplayed } = created
  reply.code(201).header('location', location)
  if (isReplayed) reply.header('idempotency-replayed', 'true')
  return sendWritten(reply, etag, updatedAt, body)
}

const sendRecord = (reply: FastifyReply, kept: Kept): FastifyReply =>
  sendWritten(reply, recordTag(kept), kept.updatedAt, kept.document)

/** Answers a write with the whole of what it wrote, as it is now. */
export function sendWritten(reply: FastifyReply, tag: string, updatedAt: Date, text: string): FastifyReply {
  return reply
    .headers({ etag: `"${tag}"`, ...modified(updatedAt) })
    .type('application/json; charset=utf-8')
    .send(text)
}

function deleteHandler(definition: Definition) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { id } = (request as ById).params
    const { cascade } = request.query as { cascade: boolean }
    await removeRecord(request.server.database, definition, id, {
      precondition: preconditionOf(request),
      cascade,
    })
    return reply.code(204).send()
  }
}
