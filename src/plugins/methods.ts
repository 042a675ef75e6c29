import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import fp from 'fastify-plugin'
import { problem } from '../http/problem.js'
import { sendProblem } from './errors.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Answers OPTIONS, and 405 to every other method, at each address that has a route by now. */
    answerOtherMethods(): void
  }
}

const known: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Remembers which methods each address takes, so that the others are answered with 405 and `Allow`. */
export const methodsPlugin = fp(
  async (app) => {
    const taken = new Map<string, Set<string>>()
    app.addHook('onRoute', ({ url, method }) => {
      const methods = taken.get(url) ?? new Set()
      taken.set(url, methods)
      for (const name of [method].flat()) methods.add(name)
      // Of a prefix with a slash at its end Fastify tells only the HEAD that comes with its GET.
      if (methods.has('HEAD')) methods.add('GET')
    })
    app.decorate('answerOtherMethods', () => {
      for (const [url, methods] of [...taken]) answerOthers(app, url, methods)
    })
  },
  { name: 'methods', fastify: '5.x', dependencies: ['errors'] },
)

function answerOthers(app: FastifyInstance, url: string, methods: ReadonlySet<string>): void {
  const allow = [...known.filter((method) => methods.has(method)), 'OPTIONS'].join(', ')
  const others = [...known, 'QUERY', 'TRACE'].filter((method) => !methods.has(method))
  const refuse = async (request: FastifyRequest, reply: FastifyReply) => {
    const detail = `This address takes ${allow}, not ${request.method}.`
    return sendProblem(request, reply, problem('method-not-allowed', detail, { headers: { allow } }))
  }
  // What an address takes is no secret.
  const config = { scope: null }
  app.options(url, { schema: { hide: true }, config }, (_, reply) =>
    reply.code(204).header('allow', allow).send(),
  )
  app.route({
    method: others,
    url,
    schema: { hide: true },
    config,
    exposeHeadRoute: false,
    // Before the body is read: the answer does not depend on it.
    onRequest: refuse,
    handler: refuse,
  })
}
