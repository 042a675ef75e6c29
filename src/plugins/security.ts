import helmet from '@fastify/helmet'
import fp from 'fastify-plugin'

/**
 * The headers by which a browser does with an answer what is meant, and nothing else: JSON opened in a tab runs and loads
 * nothing and is in nobody's frame. Pages say for themselves what they load.
 */
export const securityPlugin = fp(
  async (app) => {
    await app.register(helmet, {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { 'default-src': ["'none'"], 'base-uri': ["'none'"], 'frame-ancestors': ["'none'"] },
      },
      // Who may read an answer from another origin is for CORS to say.
      crossOriginResourcePolicy: { policy: 'cross-origin' },
      frameguard: { action: 'deny' },
      referrerPolicy: { policy: 'no-referrer' },
      // What follows is for pages, for browsers of the past, or said below.
      crossOriginOpenerPolicy: false,
      originAgentCluster: false,
      dnsPrefetchControl: false,
      ieNoOpen: false,
      permittedCrossDomainPolicies: false,
      xssFilter: false,
      hsts: false,
    })
    app.addHook('onRequest', async (request, reply) => {
      // Only TLS may promise TLS (RFC 6797); other names of this domain are not ours to promise for.
      if (request.protocol === 'https') reply.header('strict-transport-security', 'max-age=31536000')
    })
  },
  { name: 'security', fastify: '5.x' },
)
