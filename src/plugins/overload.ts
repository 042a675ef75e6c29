import fp from 'fastify-plugin'
import { problem } from '../http/problem.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route answers however much there is to do. */
    always?: true
  }
}

export interface OverloadOptions {
  /** How many requests are worked on at once; the others are told to come again. */
  mostAtOnce: number
}

/** Refuses what would only wait: a client that is told so at once can come again, one that waits gives up. */
export const overloadPlugin = fp<OverloadOptions>(
  async (app, { mostAtOnce }) => {
    let underWay = 0
    app.addHook('onRequest', async ({ routeOptions }, reply) => {
      if (underWay >= mostAtOnce && !routeOptions.config.always) throw overloaded()
      underWay += 1
      // Also of an answer that nobody is left to read.
      reply.raw.once('close', () => {
        underWay -= 1
      })
    })
  },
  { name: 'overload', fastify: '5.x', dependencies: ['errors'] },
)

const overloaded = () =>
  problem('unavailable', 'Too many requests are under way.', { headers: { 'retry-after': '1' } })
