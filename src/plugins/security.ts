import fp from 'fastify-plugin'
import { securityHeaders } from '../http/security.js'

/** JSON opened in a tab runs and loads nothing and is in nobody's frame. */
const headers = securityHeaders({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { 'default-src': ["'none'"], 'base-uri': ["'none'"], 'frame-ancestors': ["'none'"] },
  },
})

/** The headers by which a browser does with an answer what is meant, and nothing else. Pages say for themselves what they load. */
export const securityPlugin = fp(
  async (app) => {
    app.addHook('onRequest', (request, reply, done) => {
      reply.headers(headers)
      // Only TLS may promise TLS (RFC 6797); other names of this domain are not ours to promise for.
      if (request.protocol === 'https') reply.header('strict-transport-security', 'max-age=31536000')
      done()
    })
  },
  { name: 'security', fastify: '5.x' },
)
