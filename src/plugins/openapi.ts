import { readFile } from 'node:fs/promises'
import swagger, { type SwaggerTransformObject } from '@fastify/swagger'
import fp from 'fastify-plugin'
import { inputFrom } from '../crud/input.js'
import { allDefinitions } from '../crud/registry.js'
import { arranged, type Document, type Examples } from '../http/document.js'
import { components } from '../http/schema.js'
import { version } from '../version.js'
import { introduction } from './introduction.js'

/** How a client shows its key. */
const keyScheme = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'rmat_…',
  description:
    'A key, as `Authorization: Bearer rmat_…`. Administrators make keys with `createKey`, or on the machine of the service with `npm run keys -- create`. Each has a scope, which includes those before it: `read`, `write`, `admin`.',
} as const

declare module 'fastify' {
  interface FastifyInstance {
    /** Real answers of the service, as the contract shows them. */
    examples: Examples['answers']
  }
}

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
  'keys',
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
    { name: 'keys', description: 'Who may write, and who may read more often: for administrators.' },
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
    return [`replace${definition.noun.one}`, spared(inputFrom(definition, record))]
  })
  return Object.fromEntries(bodies)
}

/** A body without what it may leave out. */
const spared = (body: object): unknown =>
  JSON.parse(JSON.stringify(body), (_, value) => (isEmpty(value) ? undefined : value))

const isEmpty = (value: unknown) => value === null || (Array.isArray(value) && value.length === 0)

/** References are written as slugs, and events without the ids that the registry gave them. */
function asWritten(value: { id?: string; slug?: string } | null): unknown {
  if (typeof value?.id !== 'string') return value
  return { ...value, id: value.slug }
}

/** The contract, made from the routes alone. */
export const openapiPlugin = fp(
  async (app) => {
    const answers: Examples['answers'] = JSON.parse(await readFile(examplesFile, 'utf8'))
    app.decorate('examples', answers)
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
        // Reading is public, and writing says by itself that it needs a key.
        security: [{}, { ApiKey: [] }],
        components: { securitySchemes: { ApiKey: keyScheme } },
        tags: tagsInOrder(),
      },
      refResolver: {
        buildLocalReference: ({ $id }) => String($id),
      },
      transformObject: arrange as unknown as SwaggerTransformObject,
    })
    for (const schema of components.values()) app.addSchema(schema)
  },
  { name: 'openapi', fastify: '5.x' },
)
