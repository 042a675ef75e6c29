import type { FastifyReply, FastifySchema } from 'fastify'
import fp from 'fastify-plugin'

/** That an operation is on its way out, as docs/versioning.md says it is done. */
export interface Deprecation {
  /** The day from which on it is not to be used in anything new: `2027-01-31`. */
  since: string
  /** The day from which on it may be gone. */
  sunset: string
  /** The address of what to use instead. */
  link: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set where the route is on its way out. */
    deprecation?: Deprecation
  }
}

/** Says of every route that is on its way out that it is: in the contract and in the headers of all its answers. */
export const deprecationPlugin = fp(
  async (app) => {
    app.addHook('onRoute', (route) => {
      const { deprecation } = route.config ?? {}
      if (deprecation !== undefined && route.schema) route.schema = deprecated(route.schema, deprecation)
    })
    app.addHook('onSend', (request, reply, _, done) => {
      const { deprecation } = request.routeOptions.config
      if (deprecation !== undefined) announce(reply, deprecation)
      done()
    })
  },
  { name: 'deprecation', fastify: '5.x' },
)

const deprecated = (schema: FastifySchema, { since, sunset, link }: Deprecation): FastifySchema => ({
  ...schema,
  deprecated: true,
  description: `${schema.description}\n\nDeprecated since ${since}, and gone from ${sunset} on: ${link} says what to use instead.`,
})

/** RFC 9745 has a date as seconds, RFC 8594 as HTTP writes dates. */
function announce(reply: FastifyReply, { since, sunset, link }: Deprecation): void {
  const others = reply.getHeader('link')
  const own = `<${link}>; rel="deprecation"`
  reply.headers({
    deprecation: `@${Date.parse(since) / 1000}`,
    sunset: new Date(sunset).toUTCString(),
    link: others === undefined ? own : `${others}, ${own}`,
  })
}
