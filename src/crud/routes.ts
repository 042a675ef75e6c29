import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { preconditionOf, recordTag, sendTagged, textTag } from '../http/conditional.js'
import { readCursor, writeCursor } from '../http/cursor.js'
import { validateBody } from '../http/validation.js'
import type { Definition, Item } from './definition.js'
import type { Kept } from './documents.js'
import { type ListQuery, listRecords } from './list.js'
import { type Examples, schemasOf } from './operation-schemas.js'
import { createRecord, removeRecord, replaceRecord, updateRecord } from './operations.js'
import { type Found, findRecord } from './read.js'

/** Registers the standard operations of a resource: list, create, get, replace, update, delete. */
export function standardRoutes(definition: Definition, examples: Examples) {
  return async (app: FastifyInstance): Promise<void> => {
    const schemas = schemasOf(definition, examples)
    const path = `/v1/${definition.name}`
    app.get(path, { schema: schemas.list }, listHandler(definition))
    app.post(path, { schema: schemas.create }, createHandler(definition))
    app.get(`${path}/:id`, { schema: schemas.get }, getHandler(definition))
    app.put(`${path}/:id`, { schema: schemas.replace }, replaceHandler(definition))
    app.patch(`${path}/:id`, { schema: schemas.update }, updateHandler(definition))
    app.delete(`${path}/:id`, { schema: schemas.delete }, deleteHandler(definition))
  }
}

type ById = FastifyRequest<{ Params: { id: string } }>

function listHandler(definition: Definition) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { query, list } = listQueryOf(definition, request.query as ListParameters)
    const page = await listRecords(request.server.database, definition, query)
    const next = page.end === null ? null : writeCursor(list, page.end)
    if (next !== null) reply.header('link', `<${nextAddress(request.url, next)}>; rel="next"`)
    const total = page.total === null ? '' : `,"total":${page.total}`
    const info = JSON.stringify({ limit: query.limit, next })
    const text = `{"data":[${page.documents}],"page":${info}${total}}`
    return sendTagged(request, reply, textTag(text), text)
  }
}

interface ListParameters extends Record<string, unknown> {
  limit: number
  sort: string
  total: boolean
  cursor?: string
}

/** What is asked of a list, and the text that its cursors belong to. */
function listQueryOf(definition: Definition, parameters: ListParameters): { query: ListQuery; list: string } {
  const { limit, sort, total, cursor, ...filters } = parameters
  const list = JSON.stringify([definition.name, sort, filters])
  const after = cursor === undefined ? null : readCursor(list, cursor, keysOf(sort))
  return { query: { limit, sort, total, after, filters: filters as ListQuery['filters'] }, list }
}

/** How many keys a sort has, the id included. */
const keysOf = (sort: string) => sort.split(',').length + 1

function nextAddress(address: string, cursor: string): string {
  const [path = '', ...query] = address.split('?')
  const parameters = new URLSearchParams(query.join('?'))
  parameters.set('cursor', cursor)
  return `${path}?${parameters}`
}

function createHandler(definition: Definition) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const kept = await createRecord(request.server.database, definition, request.body as Item)
    reply.code(201).header('location', `/v1/${definition.name}/${encodeURIComponent(kept.slug)}`)
    return sendRecord(reply, kept)
  }
}

function getHandler(definition: Definition) {
  const names = Object.keys(definition.related ?? {})
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { id } = (request as ById).params
    const include = includeOf((request.query as { include?: string }).include, names)
    const found = await findRecord(request.server.database, definition, id, include)
    reply.header('last-modified', found.updatedAt.toUTCString())
    if (include.length === 0) return sendTagged(request, reply, recordTag(found), found.document)
    const text = withRelated(found)
    return sendTagged(request, reply, `${recordTag(found)}.${textTag(text)}`, text)
  }
}

/** The related lists to embed: those named, all of them when the parameter is left out, none when it is empty. */
const includeOf = (include: string | undefined, names: string[]) =>
  include === undefined ? names : names.filter((name) => include.split(',').includes(name))

/** The document of a record with its related lists as further fields. */
function withRelated({ document, related }: Found): string {
  const lists = Object.entries(related).map(([name, documents]) => `,"${name}":${documents}`)
  return `${document.slice(0, -1)}${lists.join('')}}`
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

/** Answers a write with the whole record as it is now. */
export function sendRecord(reply: FastifyReply, kept: Kept): FastifyReply {
  return reply
    .headers({ etag: `"${recordTag(kept)}"`, 'last-modified': kept.updatedAt.toUTCString() })
    .type('application/json; charset=utf-8')
    .send(kept.document)
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
