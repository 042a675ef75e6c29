import { type TSchema, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import type { Definition } from '../crud/definition.js'
import { answer, conditionalRead, notModified } from '../crud/operation-schemas.js'
import { allDefinitions } from '../crud/registry.js'
import { sendAnswer } from '../http/answers.js'
import { textAnswer } from '../http/conditional.js'
import { problem } from '../http/problem.js'
import { currentTag, problemResponses } from '../http/responses.js'
import { noParameters, ref } from '../http/schema.js'
import { hintAt } from '../http/validation.js'
import { maxQueryLength } from './query.js'
import { type NamedSo, resolveNames } from './resolve.js'
import { NamesToResolve, Resolutions, SearchAnswer, Suggestions } from './schema.js'
import { search } from './search.js'
import { suggest } from './suggest.js'

const tags = ['search']

/** Every resource, in the order in which records that are named alike come. */
const inPlace = () => [...allDefinitions()].sort((a, b) => a.search.place - b.search.place)

/** The kinds of records, as hits tell them and as paths do. */
const types = () => [...inPlace().map(({ singular }) => singular), ...inPlace().map(({ name }) => name)]

const recordType = () =>
  Type.Unsafe<string>({
    title: 'RecordType',
    type: 'string',
    enum: types(),
    description: 'A kind of record: the singular of its resource, or its name in paths.',
  })

/** The resources of some kinds of records; all of them where no kind is named. */
const resourcesOf = (wanted: readonly string[] = types()) =>
  inPlace().filter(({ singular, name }) => wanted.includes(singular) || wanted.includes(name))

const namesOf = (resources: readonly Definition[]) => resources.map(({ name }) => name)

const parameters = (q: TSchema, limit: { most: number; usual: number }) =>
  Type.Object(
    {
      q,
      type: Type.Optional(
        Type.Array(recordType(), {
          maxItems: types().length,
          description:
            'Only records of this kind, `therapy` or as in paths `therapies`; repeat it for several.',
        }),
      ),
      limit: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: limit.most,
          default: limit.usual,
          description: 'The most records that are answered.',
        }),
      ),
    },
    { additionalProperties: false },
  )

const text = (description: string, example: string) =>
  Type.String({ minLength: 1, maxLength: maxQueryLength, pattern: '\\S', description, examples: [example] })

const schemas = () => ({
  search: {
    operationId: 'searchRecords',
    summary: 'Search everything',
    description:
      'Finds records of every kind by any of their names, by those of what they refer to, and by their texts: in any case, with or without hyphens, accents and Greek letters, with a typing mistake (two in ten letters and more). All words have to match, each in any place: `BCMA RMAT myeloma`. `"A phrase"` matches as it stands, `-word` excludes. Each hit says why it was found.',
    tags,
    querystring: parameters(text('What to look for.', 'BCMA RMAT myeloma'), { most: 100, usual: 20 }),
    headers: conditionalRead,
    response: {
      200: answer('What was found, the best first.', SearchAnswer, { ETag: currentTag }),
      ...notModified,
      ...problemResponses(400, 503),
    },
  },
  suggest: {
    operationId: 'suggestRecords',
    summary: 'Suggest names while typing',
    description:
      'Records a name of which, or a word of a name, goes on as typed so far: the shortest names first.',
    tags,
    querystring: parameters(text('What was typed so far.', 'ucart'), { most: 20, usual: 10 }),
    headers: conditionalRead,
    response: {
      200: answer('What may be meant.', Suggestions, { ETag: currentTag }),
      ...notModified,
      ...problemResponses(400, 503),
    },
  },
  resolve: {
    operationId: 'resolveNames',
    summary: 'Resolve names',
    description:
      'Finds which record each of up to 1,000 names means: the one called exactly so, else the one called so but for case, hyphens, spaces, accents and Greek letters, else the one that a typing mistake leads to.',
    tags,
    querystring: noParameters,
    body: ref(NamesToResolve),
    'x-example': { names: ['UCART22', 'eque cel', 'Fucaso', 'CT104A'], type: 'therapy' },
    response: {
      200: answer('What each name means, in the order given.', Resolutions, {}),
      ...problemResponses(400, 413, 415, 422, 503),
    },
  },
})

interface Typed {
  resource: string
}

/** A record with its type in the place of its resource. */
function typed<Item extends Typed>({ resource, ...item }: Item) {
  const definition = allDefinitions().find(({ name }) => name === resource)
  return { type: definition?.singular, ...item }
}

type Asked = { q: string; type?: string[]; limit: number }

const jsonAnswer = (body: object) => textAnswer(JSON.stringify(body))

function resourcesNamed(type: string | undefined): string[] {
  const resources = namesOf(resourcesOf(type === undefined ? undefined : [type]))
  if (resources.length > 0) return resources
  const message = `no kind of record is called "${type}"${hintAt(String(type), types())}`
  throw problem('unprocessable', message, { errors: [{ pointer: '/type', message, allowed: types() }] })
}

/** What crosses all resources: searching, suggesting and resolving names. */
export default async function searchRoutes(app: FastifyInstance): Promise<void> {
  const { database } = app
  const { search: searchSchema, suggest: suggestSchema, resolve: resolveSchema } = schemas()
  app.get('/v1/search', { schema: searchSchema }, async (request, reply) => {
    const { q, type, limit } = request.query as Asked
    return sendAnswer(request, reply, async () => {
      const { hits, corrections, relaxed } = await search(database, q, resourcesOf(type), limit)
      return jsonAnswer({ data: hits.map(typed), query: { corrections, relaxed } })
    })
  })
  app.get('/v1/suggest', { schema: suggestSchema }, async (request, reply) => {
    const { q, type, limit } = request.query as Asked
    return sendAnswer(request, reply, async () => {
      const found = await suggest(database, q, namesOf(resourcesOf(type)), limit)
      return jsonAnswer({ data: found.map(typed) })
    })
  })
  // A question that is too long for an address.
  const config = { scope: 'read' } as const
  app.post('/v1/resolve', { schema: resolveSchema, config }, async (request, reply) => {
    const { names, type } = request.body as { names: string[]; type?: string }
    const resolutions = await resolveNames(database, names, resourcesNamed(type))
    const data = resolutions.map(({ name, match, alternatives }) => ({
      name,
      match: match && typed<NamedSo>(match),
      alternatives: alternatives.map(typed<NamedSo>),
    }))
    return reply.type('application/json; charset=utf-8').send(JSON.stringify({ data }))
  })
}
