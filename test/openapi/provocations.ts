/** How each status is brought about: recipes that follow from the parameters, schemas and examples of any operation. */
import { type Answer, type TestApp, withKey, withoutKey } from '../support/app.js'
import { type Contract, follow, type Media, type Operation, operationsOf, type Schema } from './contract.js'
import { addressOf, addressWith, collectionOf, queryOf } from './requests.js'

/** A request that may be answered with the status sought. */
export interface Attempt {
  url: string
  body?: unknown
  headers?: Record<string, string>
}

/** Requests of which one is answered with the status sought. */
export type Recipe = (operation: Operation) => Promise<Attempt[]>

/** What is asked for where nothing is. */
const unknown = { slug: 'no-such-record', id: '00000000-0000-7000-8000-000000000000' }

/** Where resources keep names that several records may bear. */
const namings = (name: string): Record<string, unknown>[] => [
  { aliases: [name] },
  { abbreviations: [name] },
  { abbreviation: name },
  { acronym: name },
  { number: name },
  { identifiers: [{ system: 'shared', value: name }] },
  { title: name },
]

const mediaOf = ({ requestBody }: Operation): Media | undefined =>
  Object.values(requestBody?.content ?? {})[0]

const takes = ({ parameters }: Operation, name: string) => parameters.some((each) => each.name === name)

/** A key of its own for each operation, where it takes one. */
const idempotencyKey = (operation: Operation): Record<string, string> =>
  takes(operation, 'Idempotency-Key') ? { 'idempotency-key': operation.operationId } : {}

const isText = ({ type, items }: Schema) =>
  type === 'string' || (type === 'array' && items?.type === 'string')

const isReference = ({ description = '' }: Schema) => description.endsWith('Its slug or id.')

/** The texts that a record shows: some are names of it. */
const textsOf = (record: object): string[] =>
  Object.values(record)
    .flat()
    .filter((value) => typeof value === 'string' && value.length <= 300)

/** An address with one more parameter, or another value of it. */
function withParameter(address: string, name: string, value: string): string {
  const [path = '', query] = address.split('?')
  const parameters = new URLSearchParams(query)
  parameters.set(name, value)
  return `${path}?${parameters}`
}

/** The recipes, on one service; what they need is made there when it is first needed. */
export async function provocations(contract: Contract, service: TestApp) {
  const { ask, database } = service
  const lesserKeys = [await withKey(database, 'read'), await withKey(database, 'write')]
  const operations = operationsOf(contract)
  /** The slugs, or ids, of the records that the examples made, by their collections. */
  const made = new Map<string, string>()

  /** An operation as its examples have it. */
  async function exampleOf(operation: Operation): Promise<Attempt> {
    const url = `${await addressOf(operation, service)}${queryOf(operation)}`
    const media = mediaOf(operation)
    return media === undefined ? { url } : { url, body: media.example }
  }

  async function withHeaders(operation: Operation, ...each: Record<string, string>[]): Promise<Attempt[]> {
    const example = await exampleOf(operation)
    return each.map((headers) => ({ ...example, headers }))
  }

  /** An operation on other records, where it is one on records. */
  const to = async (operation: Operation, ...ids: string[]): Promise<Attempt[]> => {
    if (operation.pathParameters.length === 0) return []
    const example = await exampleOf(operation)
    return ids.map((id) => ({ ...example, url: addressWith(operation, id) }))
  }

  /** Notes where the record is that the example of its resource made. */
  function remember(operation: Operation, { status, headers }: Answer): void {
    const collection = collectionOf(operation)
    if (status !== 201 || operation.path !== collection) return
    made.set(collection, decodeURIComponent(String(headers.location).split('/').at(-1) as string))
  }

  const madeFor = (operation: Operation) => made.get(collectionOf(operation)) as string

  const recordOf = (operation: Operation, slug: string) =>
    `${collectionOf(operation)}/${encodeURIComponent(slug)}`

  /** Records of the resource of an operation, as its list answers them. */
  async function recordsOf(operation: Operation): Promise<{ slug: string }[]> {
    const { body } = await ask('GET', `${collectionOf(operation)}?limit=20`)
    return body.data ?? []
  }

  /** Every part of a body of a schema that refers to a record which there is not. */
  function unknownReferences(schema: Schema): unknown[] {
    if (isReference(schema)) return [unknown.slug]
    const { anyOf = [], items, properties = {} } = follow(contract, schema)
    const inFields = Object.entries(properties).flatMap(([name, field]) =>
      unknownReferences(field).map((value) => ({ [name]: value })),
    )
    const inItems = items === undefined ? [] : unknownReferences(items).map((value) => [value])
    return [...anyOf.flatMap(unknownReferences), ...inFields, ...inItems]
  }

  const recipes: Record<string, Recipe> = {
    async 200(operation) {
      const example = await exampleOf(operation)
      const answerTypes = Object.keys(operation.responses[200]?.content ?? {})
      const bodyTypes = Object.keys(operation.requestBody?.content ?? {})
      // Lines and tables have no place for a total.
      const url = example.url.replace('&total=true', '')
      return [
        ...answerTypes.map((accept) => ({ ...example, url, headers: { accept } })),
        ...bodyTypes.map((type) => ({ ...example, headers: { 'content-type': type } })),
        ...(takes(operation, 'cursor') ? [{ url: `${operation.path}?limit=1` }] : []),
        ...(takes(operation, 'include') ? [{ url: withParameter(url, 'include', '') }] : []),
      ]
    },
    // The second time as the answer that is kept.
    201: (operation) => withHeaders(operation, idempotencyKey(operation), idempotencyKey(operation)),
    204: async (operation) =>
      made.has(collectionOf(operation)) ? to(operation, madeFor(operation)) : [await exampleOf(operation)],
    async 300(operation) {
      const name = `The same ${operation.operationId}`
      const records = (await recordsOf(operation)).slice(0, 2)
      for (const { slug } of records) {
        for (const naming of namings(name)) await ask('PATCH', recordOf(operation, slug), naming)
      }
      return to(operation, name)
    },
    async 304(operation) {
      const { url } = await exampleOf(operation)
      const { headers } = await ask('GET', url)
      return [{ url, headers: { 'if-none-match': String(headers.etag) } }]
    },
    307: async (operation) => to(operation, ...(await recordsOf(operation)).flatMap(textsOf)),
    async 308(operation) {
      const slug = madeFor(operation)
      const renamed = `renamed-by-${operation.operationId.toLowerCase()}`
      await ask('PATCH', recordOf(operation, slug), { slug: renamed })
      made.set(collectionOf(operation), renamed)
      return to(operation, slug)
    },
    async 400(operation) {
      const example = await exampleOf(operation)
      return [{ ...example, url: withParameter(example.url, 'unheard', 'of') }]
    },
    401: (operation) => withHeaders(operation, { authorization: 'Bearer nobody' }, withoutKey),
    403: async (operation) => withHeaders(operation, ...lesserKeys),
    404: (operation) => to(operation, unknown.slug, unknown.id),
    406: (operation) => withHeaders(operation, { accept: 'image/png' }),
    async 409(operation) {
      const example = await exampleOf(operation)
      if (operation.method === 'DELETE') return [example]
      const records = await recordsOf(operation)
      return records.map(({ slug }) => ({ ...example, body: { ...(example.body as object), slug } }))
    },
    410: (operation) => to(operation, madeFor(operation)),
    412: (operation) => withHeaders(operation, { 'if-match': '"7-000000000000"' }),
    async 413(operation) {
      return [{ ...(await exampleOf(operation)), body: { oversized: 'x'.repeat(2 ** 21) } }]
    },
    415: (operation) => withHeaders(operation, { 'content-type': 'text/plain' }),
    async 422(operation) {
      const own = await ownFaults[operation.operationId]?.(operation)
      return own ?? [...(await wrongFilters(operation)), ...(await wrongBodies(operation))]
    },
    // The first request is the one that is allowed.
    429: (operation) => withHeaders(operation, {}, {}),
  }

  /** What is well-formed but wrong and no reference. */
  const ownFaults: Record<string, Recipe> = {
    async createKey(operation) {
      const { url, body } = await exampleOf(operation)
      return [{ url, body: { ...(body as object), expiresAt: '2020-01-01T00:00:00Z' } }]
    },
    async resolveNames(operation) {
      const { url, body } = await exampleOf(operation)
      return [{ url, body: { ...(body as object), type: unknown.slug } }]
    },
    // Without the first request the grant would stand before the only one.
    async deleteEvent(operation) {
      const [designation] = (await ask('GET', '/v1/designations?limit=1')).body.data
      const events = [
        { status: 'requested', on: '2020' },
        { status: 'granted', on: '2021' },
        { status: 'requested', on: '2022' },
      ]
      const { body } = await ask('PATCH', `/v1/designations/${designation.slug}`, { events })
      return [{ url: addressWith(operation, body.events[0].id) }]
    },
  }

  /** Queries that mean a record which there is not. */
  async function wrongFilters(operation: Operation): Promise<Attempt[]> {
    const { url } = await exampleOf(operation)
    const filters = operation.parameters.filter((each) => each.in === 'query' && isText(each.schema))
    return filters.map(({ name }) => ({ url: withParameter(url, name, unknown.slug) }))
  }

  /** Bodies that refer to a record which there is not; where none can, another request with a key that was used. */
  async function wrongBodies(operation: Operation): Promise<Attempt[]> {
    const media = mediaOf(operation)
    if (media === undefined) return []
    const { url, body } = await exampleOf(operation)
    const bodies = unknownReferences(media.schema).map((part) => ({
      ...(body as object),
      ...(part as object),
    }))
    const other = { url, body: { ...(body as object), slug: 'another' }, headers: idempotencyKey(operation) }
    return [...bodies.map((each) => ({ url, body: each })), other]
  }

  return { recipes, exampleOf, remember, operations }
}
