import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { CalledSo, Renamed } from '../crud/read.js'
import { isTooSlow, isUnavailable, isUnreadable } from '../db/violations.js'
import { nearestAddress } from '../http/addresses.js'
import { Problem, problem, problemOfStatus } from '../http/problem.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** The addresses of all routes, as they were registered. */
    knownAddresses: Set<string>
  }
}

/** Every answer from 400 up is an RFC 9457 problem document, whatever went wrong and wherever. */
export const errorsPlugin = fp(
  async (app) => {
    app.setErrorHandler((error: FastifyError, request, reply) => {
      if (error instanceof Renamed) return reply.redirect(addressOf(request, error.slug), 308)
      if (error instanceof CalledSo) return sendBearers(request, reply, error)
      // What lies outside of the files that are served is no more than what there is not.
      const found = error.statusCode === 403 ? nothingAt(request) : problemOf(error)
      if (found.details.status >= 500) request.log.error(error)
      return sendProblem(request, reply, found)
    })
    app.decorate('knownAddresses', new Set<string>())
    app.addHook('onRoute', ({ url }) => {
      if (!url.includes('*')) app.knownAddresses.add(url)
    })
    app.setNotFoundHandler((request, reply) => sendProblem(request, reply, nothingAt(request)))
  },
  { name: 'errors', fastify: '5.x' },
)

/** The problem of a request for what there is not; names what may be meant. */
export function nothingAt({ url, server }: FastifyRequest): Problem {
  const path = pathOf(url)
  const nearest = nearestAddress(path, [...server.knownAddresses])
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`
  return problem('not-found', `There is nothing at ${path}.${hint}`)
}

const pathOf = (url: string) => url.split('?', 1)[0] as string

/** Sends a problem document. Its instance is the address asked for, its requestId the one in the log. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, found: Problem): FastifyReply {
  const { status, headers = {} } = found.details
  const document = documentOf(found, { instance: pathOf(request.url), requestId: request.id })
  return reply
    .code(status)
    .headers({ 'cache-control': 'no-store', ...headers })
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(document))
}

/** A problem as the document of one request. */
export function documentOf({ details }: Problem, request: { instance: string; requestId: string }) {
  const { kind, status, title, detail, errors, extensions } = details
  const type = kind === 'about:blank' ? kind : `/problems/${kind}`
  return { type, title, status, detail, ...request, ...(errors && { errors }), ...extensions }
}

/** Leads from a name to the record that bears it; where several do, shows them all. A name may move, so not for good. */
function sendBearers(request: FastifyRequest, reply: FastifyReply, { bearers }: CalledSo): FastifyReply {
  const choices = bearers.map((bearer) => ({ ...bearer, url: addressOf(request, bearer.slug) }))
  const [only, ...others] = choices
  if (only !== undefined && others.length === 0) return reply.redirect(only.url, 307)
  return reply.code(300).type('application/json; charset=utf-8').send(JSON.stringify({ choices }))
}

/** The address of a request with another slug in the place of its own, and its query. */
function addressOf(request: FastifyRequest, slug: string): string {
  const [path = '', ...query] = request.url.split('?')
  const place = request.routeOptions.url?.split('/').indexOf(':id')
  const segments = path
    .split('/')
    .map((segment, index) => (index === place ? encodeURIComponent(slug) : segment))
  return [segments.join('/'), ...query].join('?')
}

function problemOf(error: FastifyError): Problem {
  if (error instanceof Problem) return error
  if (isUnavailable(error)) {
    return problem('unavailable', 'The database cannot be reached.', { headers: { 'retry-after': '2' } })
  }
  if (isTooSlow(error)) {
    const detail = 'The answer took too long: ask for less at once, or try again when there is less to do.'
    return problem('unavailable', detail, { headers: { 'retry-after': '10' } })
  }
  if (isUnreadable(error)) {
    return problem('malformed', 'A value holds a character, a number or a date that cannot be stored.')
  }
  const status = error.statusCode ?? 500
  if (status < 400 || status >= 500) return problem('internal', 'Something went wrong on our side.')
  return problemOfStatus(status, details[error.code] ?? error.message)
}

/** What the framework says too shortly to be of help. */
const details: Record<string, string> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'Send the body as JSON, with the header Content-Type: application/json.',
}
