import type { FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { problem } from '../http/problem.js'
import { addressOf } from './limits.js'

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

/** The part of that which one address may have: who sends bodies slowly, or reads slowly, leaves room for others. */
const shareOfOne = 1 / 4

/** Refuses what would only wait: a client that is told so at once can come again, one that waits gives up. */
export const overloadPlugin = fp<OverloadOptions>(
  async (app, { mostAtOnce }) => {
    let underWay = 0
    const byAddress = new Map<string, Set<FastifyReply>>()
    app.addHook('onRequest', (request, reply, done) => {
      const address = addressOf(request)
      const own = byAddress.get(address) ?? new Set()
      const isTooMuch = underWay >= mostAtOnce || own.size >= mostAtOnce * shareOfOne
      if (isTooMuch && !request.routeOptions.config.always) throw overloaded()
      underWay += 1
      byAddress.set(address, own.add(reply))
      // Also of an answer that nobody is left to read.
      reply.raw.once('close', () => {
        underWay -= 1
        own.delete(reply)
        if (own.size === 0) byAddress.delete(address)
      })
      done()
    })
  },
  { name: 'overload', fastify: '5.x', dependencies: ['errors'] },
)

const overloaded = () =>
  problem('unavailable', 'Too many requests are under way.', { headers: { 'retry-after': '1' } })
