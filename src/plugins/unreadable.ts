/** Requests that reach no route since they cannot be read; they are answered with problem documents all the same. */

import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { problem, problemOfStatus } from '../http/problem.js'
import { documentOf, sendProblem } from './errors.js'
import { logAnswer, nameRequest } from './request-log.js'

/** Refuses a query that is not percent-encoded UTF-8, which would be read as something else, and who names no host. */
export const queriesPlugin = fp(
  async (app) => {
    app.addHook('onRequest', (request, _, done) => {
      if (!isDecodable(request.url)) throw problem('malformed', 'The query is not percent-encoded UTF-8.')
      const { httpVersion, headers } = request.raw
      if (httpVersion === '1.1' && headers.host === undefined)
        throw problem('malformed', 'The request has no Host header, which HTTP/1.1 needs.')
      done()
    })
  },
  { name: 'queries', fastify: '5.x', dependencies: ['errors'] },
)

function isDecodable(text: string): boolean {
  if (!text.includes('%')) return true
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** Answers a request whose path cannot be decoded; no hook runs for it. */
export function answerBadPath(_: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  request.server.measure(request, reply)
  nameRequest(request, reply)
  sendProblem(request, reply, problem('malformed', 'The path is not percent-encoded UTF-8.'))
  logAnswer(request, reply)
}

const statuses: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }
const details: Record<number, string> = {
  400: 'This is no HTTP request.',
  408: 'The request took too long to arrive.',
  431: 'The headers are too large.',
}

/** Answers what Node.js cannot read as HTTP, on the bare socket, and closes it. */
export function answerBadHttp({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
  const status = statuses[code] ?? 400
  const requestId = randomUUID()
  const found = problemOfStatus(status, details[status] as string)
  const body = JSON.stringify(documentOf(found, { instance: '', requestId }))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
  ]
  // Where nobody is left to read it, Node.js has seen to it that errors of the socket are ignored by now.
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.destroySoon()
}
