import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { isRead } from '../http/conditional.js'

/** Says of every answer what a cache may do with it (RFC 9111), unless its route says so itself. */
export const cachingPlugin = fp(
  async (app) => {
    app.addHook('onSend', (request, reply, _, done) => {
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', policyOf(request, reply))
      const fields = variantsOf(request)
      const others = reply.getHeader('vary')
      if (fields !== undefined) reply.header('vary', others === undefined ? fields : `${others}, ${fields}`)
      done()
    })
  },
  { name: 'caching', fastify: '5.x', dependencies: ['auth', 'negotiation'] },
)

/** What has a tag may be kept, but is asked for again each time: so it is never old, and mostly a 304. */
function policyOf(request: FastifyRequest, reply: FastifyReply): string {
  if (!isRead(request) || reply.statusCode >= 400 || !reply.hasHeader('etag')) return 'no-store'
  return `${request.principal === null ? 'public' : 'private'}, no-cache`
}

/** The headers of a request that its answer depends on. */
function variantsOf(request: FastifyRequest): string | undefined {
  if (!isRead(request)) return undefined
  const { mediaTypes = [] } = request.routeOptions.config
  // Also where this answer is not compressed: another one of the same address may be.
  return mediaTypes.length > 1 ? 'accept, accept-encoding' : 'accept-encoding'
}
