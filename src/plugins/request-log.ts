import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

/** One line of log a request: its id, route, status and duration; never a body, a query or a header. */
export const requestLogPlugin = fp(
  async (app) => {
    app.addHook('onRequest', (request, reply, done) => {
      nameRequest(request, reply)
      done()
    })
    app.addHook('onResponse', (request, reply, done) => {
      logAnswer(request, reply)
      done()
    })
  },
  { name: 'request-log', fastify: '5.x' },
)

/** Tells the client the id of its request. */
export function nameRequest(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id)
}

/** Writes the line of a request that was answered. */
export function logAnswer(request: FastifyRequest, reply: FastifyReply): void {
  const route = request.routeOptions.url ?? 'unknown'
  const durationMs = Math.round(reply.elapsedTime * 100) / 100
  request.log.info({ method: request.method, route, status: reply.statusCode, durationMs }, 'request')
}
