import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { laidOut } from '../http/layout.js'

/** The contract as the text of the file that is kept of it. */
export const contractText = (app: FastifyInstance): string => `${laidOut(app.swagger())}\n`

/** The contract as files, and the way to its documentation. */
export const contractPlugin = fp(
  async (app) => {
    let json: string | undefined
    app.get('/openapi.json', { schema: { hide: true } }, (_, reply) => {
      json ??= JSON.stringify(app.swagger())
      return reply.type('application/json; charset=utf-8').send(json)
    })
    app.get('/openapi.yaml', { schema: { hide: true } }, (_, reply) =>
      reply.type('application/yaml; charset=utf-8').send(app.swagger({ yaml: true })),
    )
    app.get('/', { schema: { hide: true } }, (_, reply) => reply.redirect('/docs'))
  },
  { name: 'contract', fastify: '5.x', dependencies: ['openapi'] },
)
