import cors from '@fastify/cors'
import fp from 'fastify-plugin'
import { nothingAt } from './errors.js'

export interface CorsOptions {
  /** The origins whose pages may use the service from a browser; `*` is every one. */
  corsOrigins: readonly string[]
}

/** The headers of a request that pages may set, besides those that they always may. */
const allowedHeaders = [
  'Authorization',
  'Content-Type',
  'If-Match',
  'If-None-Match',
  'If-Modified-Since',
  'If-Unmodified-Since',
  'Idempotency-Key',
  'Want-Server-Timing',
  'X-Request-Id',
]

/** The headers of an answer that pages may read, besides those that they always may. */
const exposedHeaders = [
  'Allow',
  'Deprecation',
  'ETag',
  'Idempotency-Replayed',
  'Link',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'Server-Timing',
  'Sunset',
  'WWW-Authenticate',
  'X-Request-Id',
  'X-Truncated',
]

/** How many seconds a browser may keep what it was told before a request; few keep it longer. */
const maxAge = 7200

/** Lets pages of other origins use the service. There are no cookies, so nobody's name is lent to them. */
export const corsPlugin = fp<CorsOptions>(
  async (app, { corsOrigins }) => {
    if (corsOrigins.length === 0) return
    await app.register(cors, {
      origin: corsOrigins.includes('*') ? '*' : [...corsOrigins],
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      allowedHeaders,
      exposedHeaders,
      maxAge,
      // OPTIONS also says which methods an address takes, whether a browser asks or somebody else.
      preflightContinue: true,
      strictPreflight: false,
    })
    // The plugin answers OPTIONS everywhere, so that a page can read that there is nothing at an address.
    app.addHook('onRequest', (request, _, done) => {
      const isPreflight = 'access-control-request-method' in request.headers
      if (request.routeOptions.url === '*' && !isPreflight) throw nothingAt(request)
      done()
    })
  },
  { name: 'cors', fastify: '5.x', dependencies: ['errors'] },
)
