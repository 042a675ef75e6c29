import { readFile } from 'node:fs/promises'
import swagger, { type SwaggerTransformObject } from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'
import { inputFrom } from '../crud/input.js'
import { allDefinitions } from '../crud/registry.js'
import { arranged, type Document, type Examples } from '../http/document.js'
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

/** Tags in the order in which to read them; a resource that is not named here comes before the service. */
const readingOrder = [
  'therapies',
  'designations',
  'applications',
  'trials',
  'events',
  'search',
  'stats',
  'programs',
  'authorities',
  'organizations',
  'indications',
  'targets',
  'sources',
]

function tagsInOrder() {
  // What is not in the list has the index -1, which becomes the largest of all.
  const rank = ({ name }: { name: string }) => readingOrder.indexOf(name) >>> 0
  const resources = allDefinitions().map(({ name, description }) => ({ name, description }))
  const others = [
    {
      name: 'events',
      description: 'What happened, or is expected, to designations, applications and trials.',
    },
    { name: 'search', description: 'Records by anything that is said of them, and by any name.' },
    { name: 'stats', description: 'Counts, first grants and intervals over all that the registry holds.' },
  ]
  const service = { name: 'service', description: 'Whether the service is up, and which version it is.' }
  return [...[...resources, ...others].sort((a, b) => rank(a) - rank(b)), service]
}

/** Real answers of the service on the curated data, kept beside the contract. */
const examplesFile = new URL('../../openapi/examples.json', import.meta.url)

/** What would put the example of each resource in its own place again. */
function replacements(answers: Examples['answers']): Record<string, unknown> {
  const shown = allDefinitions().filter(({ noun }) => noun.one in answers)
  const bodies = shown.map((definition) => {
    const record = JSON.stringify(answers[definition.noun.one]?.value, (_, value) => asWritten(value))
    return [`replace${definition.noun.one}`, inputFrom(definition, record)]
  })
  return Object.fromEntries(bodies)
}

/** References are written as slugs, and events without the ids that the registry gave them. */
function asWritten(value: { id?: string; slug?: string } | null): unknown {
  if (typeof value?.id !== 'string') return value
  return { ...value, id: value.slug }
}

/** Everything comes from here; Swagger UI styles some elements itself, and has its icons as data. */
const contentSecurity = {
  'default-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'style-src': ["'self'", "'unsafe-inline'"],
  'object-src': ["'none'"],
  'frame-ancestors': ["'self'"],
}

/** The contract, made from the routes alone, and Swagger UI for it at `/docs`. */
export const openapiPlugin = fp(
  async (app) => {
    const answers: Examples['answers'] = JSON.parse(await readFile(examplesFile, 'utf8'))
    const arrange = ({ openapiObject }: { openapiObject: Document }) =>
      arranged(openapiObject, { answers, bodies: replacements(answers) })
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'openRMAT',
          version,
          description: introduction,
          contact: { name: 'The openRMAT contributors' },
          license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        },
        servers: [{ url: '/', description: 'This service' }],
        // Nothing needs a key.
        security: [],
        tags: tagsInOrder(),
      },
      refResolver: {
        buildLocalReference: ({ $id }) => String($id),
      },
      transformObject: arrange as unknown as SwaggerTransformObject,
    })
    for (const schema of components.values()) app.addSchema(schema)
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      theme: { title: 'openRMAT API' },
      staticCSP: contentSecurity,
      uiConfig: {
        // Without a bar on top that asks for the address of another contract.
        layout: 'BaseLayout',
        deepLinking: true,
        displayOperationId: true,
        docExpansion: 'list',
        filter: true,
        persistAuthorization: true,
        tryItOutEnabled: true,
        displayRequestDuration: true,
      },
    })
  },
  { name: 'openapi', fastify: '5.x' },
)
