import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { beginWaits, endWaits, type Waits, withWaits } from '../db/waits.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request waited for the database; null where nobody asked for it. */
    waits: Waits | null
  }
}

/** The header of a request that asks for times, named as RFC 9530 names those that ask for digests. */
const asking = 'want-server-timing'

/** Tells who asks for it where the time of an answer went, in the header of the W3C's Server Timing. */
export const serverTimingPlugin = fp(
  async (app) => {
    app.decorateRequest('waits', null)
    app.addHook('onRequest', (request, reply, done) => {
      if (!isAsked(request)) return done()
      request.waits = beginWaits()
      reply.raw.once('close', endWaits)
      withWaits(request.waits, done)
    })
    // What reads a body goes on in the context of the connection.
    app.addHook('preValidation', (request, _, done) => {
      if (request.waits === null) done()
      else withWaits(request.waits, done)
    })
    app.addHook('onSend', (request, reply, _, done) => {
      if (request.waits !== null) reply.header('server-timing', timingOf(request.waits, reply.elapsedTime))
      done()
    })
  },
  { name: 'server-timing', fastify: '5.x' },
)

/** A structured Boolean (RFC 9651), of which only "no" is no. */
const isAsked = ({ headers }: FastifyRequest) => headers[asking] !== undefined && headers[asking] !== '?0'

function timingOf({ statements, milliseconds }: Waits, total: number): string {
  const duration = (time: number) => `dur=${time.toFixed(2)}`
  const counted = `${statements} ${statements === 1 ? 'statement' : 'statements'}`
  return [
    `db;${duration(milliseconds)};desc="${counted}"`,
    `app;${duration(total - milliseconds)}`,
    `total;${duration(total)}`,
  ].join(', ')
}
