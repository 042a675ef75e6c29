import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify'
import { linksTo } from '../crud/links.js'
import { pageParameters } from '../crud/list-parameters.js'
import { answer, responseHeaders } from '../crud/operation-schemas.js'
import type { Scope } from '../domain/vocabularies.js'
import { readCursor, writeCursor } from '../http/cursor.js'
import { problem } from '../http/problem.js'
import { problemResponses } from '../http/responses.js'
import { noParameters, ref } from '../http/schema.js'
import { Key, KeyPage, KeyWithSecret, NewKey } from './schema.js'
import { createKey, findKey, type KeyPlan, listKeys, revokeKey } from './store.js'

const tags = ['keys']
const path = '/v1/keys'

const named = Type.Object({
  id: Type.String({
    minLength: 1,
    maxLength: 100,
    description: 'The id of the key, or the part of it that is no secret.',
    examples: ['rmat_7Kq2ZrT9aB3x'],
  }),
})

const schemas = {
  list: {
    operationId: 'listKeys',
    'x-links': linksTo('$response.body#/data/0/id', 'getKey'),
    summary: 'List keys',
    description:
      'All keys in the order in which they were made, revoked and expired ones as well; no secrets.',
    tags,
    querystring: Type.Object(pageParameters, { additionalProperties: false }),
    response: {
      200: answer('A page of keys.', KeyPage, { Link: responseHeaders.link }),
      ...problemResponses(400, 503),
    },
  },
  create: {
    operationId: 'createKey',
    'x-links': linksTo('$response.body#/id', 'getKey', 'revokeKey'),
    summary: 'Make a key',
    description:
      'Makes a key and answers all of it, this once: the registry keeps only a hash, and so takes no `Idempotency-Key` here. A scope includes those before it (`read`, `write`, `admin`).',
    tags,
    querystring: noParameters,
    body: ref(NewKey),
    'x-example': {
      name: 'Nightly import of press releases',
      scope: 'write',
      expiresAt: '2036-06-30T00:00:00.000Z',
    },
    response: {
      201: answer('The new key, with its secret.', KeyWithSecret, { Location: responseHeaders.location }),
      ...problemResponses(400, 413, 415, 422, 503),
    },
  },
  get: {
    operationId: 'getKey',
    summary: 'Get a key',
    description:
      'What is known of a key but its secret: whose a key is that was found where it should not be.',
    tags,
    params: named,
    querystring: noParameters,
    response: { 200: answer('The key.', Key, {}), ...problemResponses(400, 404, 503) },
  },
  revoke: {
    operationId: 'revokeKey',
    summary: 'Revoke a key',
    description:
      'From now on the key is worth nothing, on every process of the service. It stays in the list, with when it was revoked; to revoke it again changes nothing.',
    tags,
    params: named,
    querystring: noParameters,
    response: {
      204: { description: 'It is revoked.', type: 'null' },
      ...problemResponses(400, 404, 503),
    },
  },
} satisfies Record<string, FastifySchema>

/** What a client asks for; a body that came through validation has a scope. */
interface Asked {
  name: string
  scope: Scope
  expiresAt: string | null
}

function planOf({ name, scope, expiresAt }: Asked): KeyPlan {
  if (expiresAt === null) return { name, scope, expiresAt }
  const end = new Date(expiresAt)
  // Not the other way round: a leap second is a well-formed moment, but none that can be kept.
  if (end.getTime() > Date.now()) return { name, scope, expiresAt: end }
  const message = 'must be in the future'
  throw problem('unprocessable', `expiresAt: ${message}`, { errors: [{ pointer: '/expiresAt', message }] })
}

const noKey = (name: string) => problem('not-found', `There is no key "${name}".`)

const json = 'application/json; charset=utf-8'

/** Keys, for those who administer them. */
export default async function keyRoutes(app: FastifyInstance): Promise<void> {
  const { database } = app
  const config = { scope: 'admin' } as const
  const nameIn = (request: FastifyRequest) => (request.params as { id: string }).id

  app.get(path, { schema: schemas.list, config }, async (request, reply) => {
    const { limit, cursor } = request.query as { limit: number; cursor?: string }
    const [after = null] = cursor === undefined ? [] : readCursor('keys', cursor, 1)
    const found = await listKeys(database, after, limit + 1)
    const data = found.slice(0, limit)
    const next = found.length > limit ? writeCursor('keys', [(data.at(-1) as Key).id]) : null
    if (next !== null) {
      reply.header(
        'link',
        `<${path}?${new URLSearchParams({ limit: String(limit), cursor: next })}>; rel="next"`,
      )
    }
    return reply.type(json).send(JSON.stringify({ data, page: { limit, next } }))
  })

  app.post(path, { schema: schemas.create, config }, async (request, reply) => {
    const made = await createKey(database, planOf(request.body as Asked))
    return reply.code(201).header('location', `${path}/${made.id}`).type(json).send(JSON.stringify(made))
  })

  app.get(`${path}/:id`, { schema: schemas.get, config }, async (request, reply) => {
    const key = await findKey(database, nameIn(request))
    if (key === undefined) throw noKey(nameIn(request))
    return reply.type(json).send(JSON.stringify(key))
  })

  app.delete(`${path}/:id`, { schema: schemas.revoke, config }, async (request, reply) => {
    if (!(await revokeKey(database, nameIn(request)))) throw noKey(nameIn(request))
    return reply.code(204).send()
  })
}
