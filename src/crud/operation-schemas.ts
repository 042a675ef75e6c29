import { type TObject, type TSchema, Type } from '@sinclair/typebox'
import type { FastifySchema } from 'fastify'
import { currentTag, Namesakes, problemResponses } from '../http/responses.js'
import { component, noParameters, ref } from '../http/schema.js'
import type { Definition, Item, Listable } from './definition.js'
import { referencePaths } from './dependents.js'
import { createdLinks, pageLinks, recordLinks } from './links.js'
import { asOfParameters, contentParameters, exportParameters, listParameters } from './list-parameters.js'
import { mayRefer } from './references.js'

/** The examples of a resource in the contract; real ones. */
export interface Examples {
  /** The slug of a record of the curated data. */
  slug: string
  /** A body that creates a record which the curated data do not hold. */
  create: Item
  /** A merge patch of the record of that slug. */
  patch: Item
}

/** What a header of an answer says, in the contract. */
export const responseHeaders = {
  etag: currentTag,
  lastModified: {
    type: 'string',
    description: 'When the record last changed; absent with related lists and with `asOf`.',
  },
  location: { type: 'string', description: 'The address of the record.' },
  replayed: {
    type: 'string',
    description:
      '`true` where this is the answer to an earlier request of the same `Idempotency-Key`; else absent.',
  },
  link: {
    type: 'string',
    description: 'The address of the next page, `rel="next"`; absent on the last one.',
  },
}

export const answer = (description: string, schema: TSchema, headers: object) => ({
  description,
  headers,
  content: { 'application/json': { schema: ref(schema) } },
})

export const notModified = {
  304: {
    description: 'The client has this version already.',
    headers: { ETag: currentTag },
    type: 'null',
  },
}

export const renamed = {
  308: {
    description: 'The slug was renamed: `Location` has the new address.',
    headers: { Location: responseHeaders.location },
    type: 'null',
  },
}

/** Where a read leads that says a record by something else than its slug or id. */
export const elsewhere = {
  300: {
    description: 'Several records bear this name: choose one of them.',
    content: { 'application/json': { schema: ref(Namesakes) } },
  },
  307: {
    description: 'This is a name of one record: `Location` has its address.',
    headers: { Location: responseHeaders.location },
    type: 'null',
  },
  ...renamed,
}

export const conditionalRead = Type.Object({
  'If-None-Match': Type.Optional(
    Type.String({ description: 'ETags that the client has: 304 when one of them is still right.' }),
  ),
})

export const conditionalWrite = Type.Object({
  'If-Match': Type.Optional(
    Type.String({
      description: 'The ETag of the version that the change is meant for: 412 when it is another.',
    }),
  ),
})

const idempotencyKey = {
  'Idempotency-Key': Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{1,255}$',
      description:
        'A text of your choice, such as a UUID: who sends it again within 24 hours with the same request gets the first answer again, and nothing is created twice. With another request it is a 422. Failures are not kept.',
      examples: ['8e03978e-40d5-43dd-bc93-6894a57f9324'],
    }),
  ),
}

/** The headers of what creates something, also below a record. */
export const creation = Type.Object(idempotencyKey)
export const conditionalCreation = Type.Object({ ...conditionalWrite.properties, ...idempotencyKey })

/** The parameter of a path that names a record. */
export function idParameter({ singular }: Definition, slug: string) {
  return Type.Object({
    id: Type.String({
      minLength: 1,
      maxLength: 300,
      description: `The slug or the id of the ${singular}. Reads take any of its names as well, in any case, with or without hyphens, spaces, accents and Greek letters.`,
      examples: [slug],
    }),
  })
}

/** The parameters of a single record: what is answered of it, and as of when. */
function getParameters(definition: Definition): TObject {
  const embedded = Object.entries(definition.related ?? {}).filter(([, { byDefault }]) => byDefault)
  const names = embedded.map(([name]) => `\`${name}\``).join(', ')
  const byDefault = names === '' ? 'none when left out' : `${names} when left out, none when empty`
  return Type.Object(
    { ...contentParameters(definition, byDefault), ...asOfParameters(definition) },
    { additionalProperties: false },
  )
}

/** An export as a table. */
const Table = component(
  'Table',
  Type.String({
    description:
      'CSV (RFC 4180) with a header, a row each: a reference has a column for its slug and one for its name (`therapy`, `therapy.name`), several values are joined by semicolons, what is deeper stands as JSON. Texts that a spreadsheet would take for a formula have an apostrophe before them.',
    examples: [
      'slug,name,status\r\nlasme-cel-fda-rmat-r-r-b-all,Lasmecabtagene timgedleucel: FDA RMAT,granted\r\n',
    ],
  }),
)

/** How a merge patch is sent: as JSON, or as what RFC 7396 calls it. */
export const patchTypes = ['application/json', 'application/merge-patch+json']

/** 422 where a filter of a list may name a record that there is not. */
const whereReferring = ({ filters }: Listable): number[] =>
  Object.values(filters).some(({ refersTo }) => refersTo !== undefined) ? [422] : []

/** 422 where a body can be well-formed but wrong. */
const whereFallible = (definition: Definition): number[] =>
  mayRefer(definition) || definition.faults !== undefined ? [422] : []

/** 409 where other records may still refer to one that is deleted. */
const whereReferred = (definition: Definition): number[] =>
  referencePaths(definition).length > 0 ? [409] : []

const stillReferred = (definition: Definition): string =>
  whereReferred(definition).length > 0
    ? ' While other records refer to it this answers 409 and says how many of each kind.'
    : ''

const withRelated = ({ related = {} }: Definition): string =>
  Object.keys(related).length > 0 ? ', and by `include` with what belongs to it' : ''

/** The schema of the operation that lists. */
export function listSchema(listable: Listable): FastifySchema {
  const { name, noun, description, page, record } = listable
  return {
    operationId: `list${noun.many}`,
    'x-links': pageLinks(listable),
    summary: `List ${name}`,
    description,
    tags: [name],
    querystring: listParameters(listable),
    headers: conditionalRead,
    response: {
      200: {
        description: `A page of ${name}.`,
        headers: { ETag: responseHeaders.etag, Link: responseHeaders.link },
        content: {
          'application/json': { schema: ref(page) },
          'application/x-ndjson': { schema: ref(record) },
          'text/csv': { schema: ref(Table) },
        },
      },
      ...notModified,
      ...problemResponses(400, ...whereReferring(listable), 503),
    },
  }
}

/** The schema of the operation that exports. */
export function exportSchema(listable: Listable): FastifySchema {
  const { name, noun, record } = listable
  return {
    operationId: `export${noun.many}`,
    summary: `Export ${name}`,
    description: `All that match the filters, in one stream: as lines (NDJSON), or by \`Accept\` as one JSON document or CSV.`,
    tags: [name],
    querystring: exportParameters(listable),
    response: {
      200: {
        description: `All ${name} that match.`,
        content: {
          'application/x-ndjson': { schema: ref(record) },
          'application/json': { schema: ref(listable.whole) },
          'text/csv': { schema: ref(Table) },
        },
      },
      ...problemResponses(400, ...whereReferring(listable), 503),
    },
  }
}

/** The schemas of the operations on single records of a resource. */
export function schemasOf(definition: Definition, examples: Examples): Record<string, FastifySchema> {
  const { singular, name, noun, record, input, patch } = definition
  const tags = [name]
  const { etag, lastModified, location, replayed } = responseHeaders
  const one = {
    200: answer(`The ${singular} as it is now.`, record, { ETag: etag, 'Last-Modified': lastModified }),
  }
  return {
    create: {
      operationId: `create${noun.one}`,
      'x-links': createdLinks(definition),
      summary: `Create ${articleOf(singular)}`,
      description: `Stores a new ${singular} whole, in one transaction. References are slugs or ids.`,
      tags,
      querystring: noParameters,
      headers: creation,
      body: ref(input),
      'x-example': examples.create,
      response: {
        201: answer(`The new ${singular}.`, record, {
          ETag: etag,
          'Last-Modified': lastModified,
          Location: location,
          'Idempotency-Replayed': replayed,
        }),
        ...problemResponses(400, 409, 413, 415, 422, 503),
      },
    },
    get: {
      operationId: `get${noun.one}`,
      'x-links': recordLinks(definition),
      summary: `Get ${articleOf(singular)}`,
      description: `One ${singular} by its slug, its id or any of its names${withRelated(definition)}.`,
      tags,
      params: idParameter(definition, examples.slug),
      querystring: getParameters(definition),
      headers: conditionalRead,
      response: {
        ...one,
        ...notModified,
        ...elsewhere,
        ...problemResponses(400, 404, 410, 503),
      },
    },
    replace: {
      operationId: `replace${noun.one}`,
      'x-links': recordLinks(definition),
      summary: `Replace ${articleOf(singular)}`,
      description: `Puts a whole new body in place of the ${singular}'s; what is left out goes back to its default, but the slug stays.`,
      tags,
      params: idParameter(definition, examples.slug),
      querystring: noParameters,
      headers: conditionalWrite,
      body: ref(input),
      response: {
        ...one,
        ...renamed,
        ...problemResponses(400, 404, 409, 410, 412, 413, 415, ...whereFallible(definition), 503),
      },
    },
    update: {
      operationId: `update${noun.one}`,
      'x-links': recordLinks(definition),
      summary: `Update ${articleOf(singular)}`,
      description: `Changes the fields that the body names (JSON merge patch, RFC 7396). Lists are replaced whole.`,
      tags,
      params: idParameter(definition, examples.slug),
      querystring: noParameters,
      headers: conditionalWrite,
      consumes: patchTypes,
      body: ref(patch),
      'x-example': examples.patch,
      response: {
        ...one,
        ...renamed,
        ...problemResponses(400, 404, 409, 410, 412, 413, 415, ...whereFallible(definition), 503),
      },
    },
    delete: {
      operationId: `delete${noun.one}`,
      summary: `Delete ${articleOf(singular)}`,
      description: `Deletes the ${singular} with all that is part of it.${stillReferred(definition)}`,
      tags,
      params: idParameter(definition, examples.slug),
      querystring: Type.Object(
        {
          cascade: Type.Optional(
            Type.Boolean({ default: false, description: 'Whether to delete what lies below as well.' }),
          ),
        },
        { additionalProperties: false },
      ),
      headers: conditionalWrite,
      response: {
        204: { description: 'It is deleted.', type: 'null' },
        ...renamed,
        ...problemResponses(400, 404, ...whereReferred(definition), 410, 412, 503),
      },
    },
  }
}

export const articleOf = (noun: string) => (/^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`)
