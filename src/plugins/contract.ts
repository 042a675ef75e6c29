import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { allDefinitions } from '../crud/registry.js'
import { laidOut } from '../http/layout.js'

/** The contract as the text of the file that is kept of it. */
export const contractText = (app: FastifyInstance): string => `${laidOut(app.swagger())}\n`

/** Where everything is, for those who start at the address of the API. */
const indexText = () =>
  JSON.stringify({
    ...Object.fromEntries(allDefinitions().map(({ name }) => [name, `/v1/${name}`])),
    docs: '/docs',
    contract: '/openapi.json',
  })

/** The contract as files, and the ways to it and to its documentation. */
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
    app.get('/v1', { schema: { hide: true } }, (_, reply) =>
      reply.type('application/json; charset=utf-8').send(indexText()),
    )
    app.get('/', { schema: { hide: true } }, (_, reply) => reply.redirect('/docs'))
  },
  { name: 'contract', fastify: '5.x', dependencies: ['openapi'] },
)
