import fp from 'fastify-plugin'

/** One line of log a request: its id, route, status and duration; never a body, a query or a header. */
export const requestLogPlugin = fp(
  async (app) => {
    app.addHook('onRequest', async (request, reply) => {
      reply.header('x-request-id', request.id)
    })
    app.addHook('onResponse', async (request, reply) => {
      const route = request.routeOptions.url ?? 'unknown'
      const durationMs = Math.round(reply.elapsedTime * 100) / 100
      request.log.info({ method: request.method, route, status: reply.statusCode, durationMs }, 'request')
    })
  },
  { name: 'request-log', fastify: '5.x' },
)
