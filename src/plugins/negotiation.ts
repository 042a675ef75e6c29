import type { FastifySchema } from 'fastify'
import fp from 'fastify-plugin'
import { wantedOf } from '../http/accept.js'
import { problem } from '../http/problem.js'
import { withProblems } from '../http/responses.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The media types in which the route can answer, as its contract says; the first is that of who has no wish. */
    mediaTypes?: readonly string[]
  }
  interface FastifyRequest {
    /** The media type to answer in; JSON where the contract has nothing of the route. */
    answerType: string
  }
}

/** Agrees with each client on a media type that the contract of the route has, before anything else is done. */
export const negotiationPlugin = fp(
  async (app) => {
    app.decorateRequest('answerType', 'application/json')
    app.addHook('onRoute', (route) => {
      const mediaTypes = mediaTypesOf(route.schema)
      if (mediaTypes.length === 0) return
      route.config = { ...route.config, mediaTypes }
      route.schema = withProblems({ ...route.schema }, 406)
    })
    app.addHook('onRequest', (request, _, done) => {
      const { mediaTypes } = request.routeOptions.config
      if (mediaTypes === undefined) return done()
      const wanted = wantedOf(request.headers.accept, mediaTypes)
      if (wanted === undefined) throw notAcceptable(mediaTypes)
      request.answerType = wanted
      done()
    })
  },
  { name: 'negotiation', fastify: '5.x', dependencies: ['errors'] },
)

interface Answer {
  type?: string
  content?: Record<string, unknown>
}

/** The media types of what a route answers when all goes well. */
function mediaTypesOf({ response = {} }: FastifySchema = {}): string[] {
  const answers = Object.entries(response as Record<string, Answer>)
  const [, success] = answers.find(([status]) => status.startsWith('2')) ?? []
  if (success === undefined || success.type === 'null') return []
  return Object.keys(success.content ?? { 'application/json': success })
}

function notAcceptable(allowed: readonly string[]) {
  const message = `this address answers in ${allowed.join(' or ')}`
  const errors = [{ header: 'Accept', message, allowed }]
  return problem('not-acceptable', `Nothing in Accept fits: ${message}.`, { errors })
}
