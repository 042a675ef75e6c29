import { Type } from '@sinclair/typebox'
import fp from 'fastify-plugin'
import { isMigrated } from '../db/migrate.js'
import { problem } from '../http/problem.js'
import { problemResponses } from '../http/responses.js'
import { component, noParameters, ref } from '../http/schema.js'
import { version } from '../version.js'

const Health = component(
  'Health',
  Type.Object(
    { status: Type.Literal('ok', { description: 'All is well.' }) },
    { description: 'That the service is up.', additionalProperties: false, examples: [{ status: 'ok' }] },
  ),
)
const Version = component(
  'Version',
  Type.Object(
    {
      name: Type.String({ description: 'The name of the service.' }),
      version: Type.String({ description: 'Its version.' }),
      node: Type.String({ description: 'The Node.js that it runs on.' }),
    },
    {
      description: 'What is running.',
      additionalProperties: false,
      examples: [{ name: 'openrmat', version, node: '20.20.2' }],
    },
  ),
)

const ok = JSON.stringify({ status: 'ok' })
const json = 'application/json; charset=utf-8'

/** Whether the process lives, whether it can answer, and which version it is. */
export const healthPlugin = fp(
  async (app) => {
    app.get(
      '/livez',
      {
        logLevel: 'warn',
        config: { rateLimit: false, always: true },
        schema: {
          operationId: 'getLiveness',
          summary: 'Whether the process lives',
          description: 'Answers as long as the process does; asks nothing of the database.',
          tags: ['service'],
          querystring: noParameters,
          response: { 200: { description: 'It lives.', ...ref(Health) }, ...problemResponses(400) },
        },
      },
      (_, reply) => reply.type(json).send(ok),
    )
    app.get(
      '/readyz',
      {
        logLevel: 'warn',
        config: { rateLimit: false },
        schema: {
          operationId: 'getReadiness',
          summary: 'Whether the service can answer',
          description: 'Answers 200 when the database is reachable and has every migration, else 503.',
          tags: ['service'],
          querystring: noParameters,
          response: { 200: { description: 'It can answer.', ...ref(Health) }, ...problemResponses(400, 503) },
        },
      },
      async (_, reply) => {
        if (!(await isMigrated(app.database)))
          throw problem('unavailable', 'The database is not migrated.', { headers: { 'retry-after': '2' } })
        return reply.type(json).send(ok)
      },
    )
    app.get(
      '/version',
      {
        config: { rateLimit: false },
        schema: {
          operationId: 'getVersion',
          summary: 'Which version is running',
          description: 'The name and version of the service, and of the Node.js that it runs on.',
          tags: ['service'],
          querystring: noParameters,
          response: { 200: { description: 'What is running.', ...ref(Version) }, ...problemResponses(400) },
        },
      },
      (_, reply) =>
        reply.type(json).send(JSON.stringify({ name: 'openrmat', version, node: process.versions.node })),
    )
  },
  { name: 'health', fastify: '5.x', dependencies: ['database'] },
)
