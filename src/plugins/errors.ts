import { type Static, Type } from '@sinclair/typebox'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { CalledSo, Renamed } from '../crud/read.js'
import { isUnavailable, isUnreadable } from '../db/violations.js'
import { Problem, type ProblemKind, problem, problemKinds, problemOfStatus } from '../http/problem.js'

/** Every answer from 400 up is an RFC 9457 problem document, whatever went wrong and wherever. */
export const errorsPlugin = fp(
  async (app) => {
    app.setErrorHandler((error: FastifyError, request, reply) => {
      if (error instanceof Renamed) return reply.redirect(addressOf(request, error.slug), 308)
      if (error instanceof CalledSo) return sendBearers(request, reply, error)
      const found = problemOf(error)
      if (found.details.status >= 500) request.log.error(error)
      return sendProblem(request, reply, found)
    })
    app.setNotFoundHandler((request, reply) =>
      sendProblem(request, reply, problem('not-found', `There is nothing at ${pathOf(request.url)}.`)),
    )
    app.get('/problems/:kind', { schema: { hide: true, params: ProblemPage } }, (request, reply) => {
      const { kind } = request.params as Static<typeof ProblemPage>
      if (!Object.hasOwn(problemKinds, kind)) return reply.callNotFound()
      const page = { type: `/problems/${kind}`, ...problemKinds[kind as ProblemKind] }
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(page))
    })
  },
  { name: 'errors', fastify: '5.x' },
)

const ProblemPage = Type.Object({ kind: Type.String() })

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
  if (isUnreadable(error)) {
    return problem('malformed', 'A value holds a character, a number or a date that cannot be stored.')
  }
  const status = error.statusCode ?? 500
  if (status < 400 || status >= 500) return problem('internal', 'Something went wrong on our side.')
  return problemOfStatus(status, error.message)
}
