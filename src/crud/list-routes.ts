import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendAnswer } from '../http/answers.js'
import { type Answer, textTag } from '../http/conditional.js'
import { readCursor, writeCursor } from '../http/cursor.js'
import { problem } from '../http/problem.js'
import type { Listable } from './definition.js'
import { exportOf, pageText } from './export.js'
import { ExportStream } from './export-stream.js'
import { readFacets } from './facets.js'
import { readFields } from './fields.js'
import { type Content, type ListPage, type ListQuery, listItems } from './list.js'
import { readFilters } from './list-parameters.js'
import { exportSchema, listSchema } from './operation-schemas.js'
import { mayHideUnknown, refuseUnknownReferences } from './unknown-references.js'

/** The parameters that say what an answer holds of each item, as they come. */
export interface ContentQuery {
  fields?: string
  include?: string
}

interface ListParameters extends ContentQuery, Record<string, unknown> {
  limit: number
  sort: string
  total: boolean
  facets?: string
  cursor?: string
  sample?: number
  seed: number
}

/** Registers the operations that list and export. */
export function listRoutes(app: FastifyInstance, listable: Listable): void {
  const path = `/v1/${listable.name}`
  app.get(path, { schema: listSchema(listable) }, listHandler(listable))
  app.get(`${path}/export`, { schema: exportSchema(listable) }, exportHandler(listable))
}

/** Answers a page of a list. */
function listHandler(listable: Listable) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    refuseOutside(request)
    const asked = listQueryOf(listable, request.query as ListParameters)
    return sendAnswer(request, reply, () => makePage(request, listable, asked))
  }
}

/** Makes a page; refuses filter values that name nothing. */
async function makePage(request: FastifyRequest, listable: Listable, asked: AskedList): Promise<Answer> {
  const { answerType, url, server } = request
  const { query, list } = asked
  const { values } = query.meant
  const { answer, isEmpty } = await listItems(server.database, listable, query, (page) => {
    const next = page.end === null ? null : writeCursor(list, page.end)
    const body =
      answerType === 'application/json'
        ? envelopeOf(page, query.limit, next)
        : Buffer.from(pageText(listable, query, answerType, String(page.items)))
    return { answer: pageAnswer(url, body, next), isEmpty: page.items.length === 0 }
  })
  if (query.after === null && (isEmpty || mayHideUnknown(listable, values))) {
    await refuseUnknownReferences(server.database, listable, values)
  }
  return answer
}

/** A page as it is sent. Lines and tables do not say what comes next, but their tag has to. */
function pageAnswer(address: string, body: Buffer, next: string | null): Answer {
  const answer = { tag: textTag(`${next} ${textTag(body)}`), body }
  if (next === null) return answer
  return { ...answer, headers: { link: `<${nextAddress(address, next)}>; rel="next"` } }
}

/** A page as one document. */
function envelopeOf({ items, total, facets }: ListPage, limit: number, next: string | null): Buffer {
  const more = [
    `"page":${JSON.stringify({ limit, next })}`,
    ...(total === null ? [] : [`"total":${total}`]),
    ...(facets === null ? [] : [`"facets":${JSON.stringify(facets)}`]),
  ]
  return Buffer.concat([Buffer.from('{"data":['), items, Buffer.from(`],${more.join()}}`)])
}

/** Records that are read and sent at once. */
const exportBatch = 500

/** Sends all that matches, as it is read. */
function exportHandler(listable: Listable) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const parameters = { ...(request.query as ListParameters), limit: exportBatch, total: false }
    const { query } = listQueryOf(listable, parameters)
    await refuseUnknownReferences(request.server.database, listable, query.meant.values)
    const type = request.answerType
    reply.type(`${type}; charset=utf-8`)
    // Who wants only the headers does not make us read everything.
    if (request.method === 'HEAD') return reply.send(Readable.from([]))
    return reply.send(new ExportStream(exportOf(request.server.database, listable, query, type)))
  }
}

/** What is asked of a list, and the text that its cursors belong to. */
interface AskedList {
  query: ListQuery
  list: string
}

function listQueryOf(listable: Listable, parameters: ListParameters): AskedList {
  const { sort, total, cursor, sample, seed, facets } = parameters
  refuseTogether(parameters)
  const meant = readFilters(listable, parameters)
  const list = JSON.stringify([listable.name, sort, meant])
  const query = {
    meant,
    sort,
    total,
    limit: sample ?? parameters.limit,
    after: cursor === undefined ? null : readCursor(list, cursor, keysOf(sort)),
    facets: readFacets(listable, facets),
    ...(sample !== undefined && { seed }),
    ...contentOf(listable, parameters, []),
  }
  return { query, list }
}

/** What is told of all that match has no place among lines and rows. */
function refuseOutside({ query, answerType }: FastifyRequest): void {
  if (answerType === 'application/json') return
  const { total, facets } = query as ListParameters
  const parameter = total ? 'total' : facets && 'facets'
  if (parameter === undefined) return
  const message = `only application/json has a place for it: ask for that, or leave ${parameter} out`
  throw problem('malformed', `${parameter}: ${message}`, { errors: [{ parameter, message }] })
}

/** A sample is drawn from all that match, so there is no page after it. */
function refuseTogether({ sample, cursor }: ListParameters): void {
  if (sample === undefined || cursor === undefined) return
  const message = 'a sample is one page: leave out either sample or cursor'
  throw problem('malformed', message, { errors: [{ parameter: 'cursor', message }] })
}

/** How many keys a sort has, the id included. */
const keysOf = (sort: string) => sort.split(',').length + 1

/** What an answer is to hold of each item; `embedded` are the related lists where nothing is said of them. */
export function contentOf(
  listable: Listable,
  { fields, include }: ContentQuery,
  embedded: readonly string[],
): Content {
  const names = Object.keys(listable.related ?? {})
  const wanted = include === undefined ? embedded : include.split(',')
  return {
    include: names.filter((name) => wanted.includes(name)),
    ...(fields !== undefined && { fields: readFields(listable.record, fields) }),
  }
}

function nextAddress(address: string, cursor: string): string {
  const [path = '', ...query] = address.split('?')
  const parameters = new URLSearchParams(query.join('?'))
  parameters.set('cursor', cursor)
  return `${path}?${parameters}`
}
