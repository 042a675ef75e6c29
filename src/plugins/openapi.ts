import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'
import { allDefinitions } from '../crud/registry.js'
import { components } from '../http/schema.js'
import { version } from '../version.js'

const introduction = `An open registry of advanced therapies (CAR-T and other cell, gene and tissue therapies), their regulatory
designations (FDA RMAT, Fast Track, Breakthrough, Orphan; EMA PRIME; NMPA, MHLW and MHRA programmes), applications and trials.

The registry is a ledger of **dated, sourced events**. A *therapy* has *designations* (in a *program* of an *authority*),
*applications* (INDs, BLAs, MAAs …) and *trials*; each of these has *events*; each event rests on *evidence*, and each piece of
evidence points into a *source*. Status, dates and holder are folded from the events, never written.

- Dates are partial: \`2023\`, \`2023-Q1\`, \`2023-02\`, \`2023-02-11\`. What was written comes back at the same precision.
- An IND that is *cleared* lets a trial begin; it is no approval. A designation is neither.
- References are written as a slug or an id, and read as \`{id, slug, name}\`.
- Unknown is not no: what is missing was never told to us.
- Errors are problem documents (RFC 9457), and say what would be right.`

/** The contract, made from the routes alone, and Swagger UI for it at `/docs`. */
export const openapiPlugin = fp(
  async (app) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'openRMAT',
          version,
          description: introduction,
          license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        },
        servers: [{ url: '/', description: 'This service' }],
        tags: [
          ...allDefinitions().map(({ name, description }) => ({ name, description })),
          {
            name: 'events',
            description: 'What happened to designations, applications and trials, one at a time.',
          },
          { name: 'service', description: 'Whether the service is up, and which version it is.' },
        ],
      },
      refResolver: {
        buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `def-${index}`),
      },
    })
    for (const schema of components.values()) app.addSchema(schema)
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      uiConfig: {
        deepLinking: true,
        filter: true,
        persistAuthorization: true,
        tryItOutEnabled: true,
        displayRequestDuration: true,
      },
    })
  },
  { name: 'openapi', fastify: '5.x' },
)
