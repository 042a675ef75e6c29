import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type Answer, sendTagged, textAnswer } from '../http/conditional.js'
import { dense, laidOut } from '../http/layout.js'

/** The contract as the text of the file that is kept of it. */
export const contractText = (app: FastifyInstance): string => `${laidOut(app.swagger(), dense)}\n`

/** How many seconds a cache may keep the contract, which changes only with the version of the service. */
const maxAge = 300

/** The contract as files. */
export const contractPlugin = fp(
  async (app) => {
    const forms = [
      { extension: 'json', type: 'application/json', write: () => JSON.stringify(app.swagger()) },
      { extension: 'yaml', type: 'application/yaml', write: () => app.swagger({ yaml: true }) },
    ]
    for (const { extension, type, write } of forms) {
      let answer: Answer | undefined
      app.get(`/openapi.${extension}`, { schema: { hide: true } }, (request, reply) => {
        answer ??= textAnswer(write(), { type })
        reply.header('cache-control', `public, max-age=${maxAge}`)
        return sendTagged(request, reply, answer)
      })
    }
  },
  { name: 'contract', fastify: '5.x', dependencies: ['openapi'] },
)
