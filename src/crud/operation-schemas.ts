import { type TSchema, Type } from '@sinclair/typebox'
import type { FastifySchema } from 'fastify'
import { maxSlugLength } from '../domain/slug.js'
import { currentTag, problemResponses } from '../http/responses.js'
import { noParameters, ref } from '../http/schema.js'
import type { Definition, Item } from './definition.js'
import { filterParameters } from './filters.js'
import { sortsOf } from './list.js'

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
  lastModified: { type: 'string', description: 'When the record last changed.' },
  location: { type: 'string', description: 'The address of the record.' },
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

/** The parameters of a list: its filters, its sort and its place. */
export function listParameters(definition: Definition) {
  const keys = Object.keys(sortsOf(definition)).sort()
  const key = `-?(?:${keys.join('|')})`
  return Type.Object(
    {
      ...filterParameters(definition.filters),
      sort: Type.Optional(
        Type.String({
          pattern: `^${key}(?:,${key}){0,3}$`,
          default: definition.defaultSort,
          description: `What to sort by: ${keys.map((name) => `\`${name}\``).join(', ')}; several with commas, \`-\` before one for descending, such as \`-${keys[0]}\`. What has none comes last.`,
        }),
      ),
      limit: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 1000,
          default: 20,
          description: 'The most records a page holds.',
        }),
      ),
      cursor: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 4000,
          description: 'The `page.next` of the page before, with the same filters and sort.',
        }),
      ),
      total: Type.Optional(
        Type.Boolean({ default: false, description: 'Whether to count all that match, as `total`.' }),
      ),
    },
    { additionalProperties: false },
  )
}

export function idParameter({ singular }: Definition, slug: string) {
  return Type.Object({
    id: Type.String({
      minLength: 1,
      maxLength: maxSlugLength,
      description: `The slug or the id of the ${singular}.`,
      examples: [slug],
    }),
  })
}

function includeParameter({ related = {} }: Definition) {
  const names = Object.keys(related)
  if (names.length === 0) return noParameters
  const name = `(?:${names.join('|')})`
  return Type.Object(
    {
      include: Type.Optional(
        Type.String({
          pattern: `^(?:${name}(?:,${name})*)?$`,
          description: `Which related lists to embed, with commas: ${names.map((each) => `\`${each}\``).join(', ')}; all of them when left out, none when empty.`,
        }),
      ),
    },
    { additionalProperties: false },
  )
}

/** How a merge patch is sent: as JSON, or as what RFC 7396 calls it. */
export const patchTypes = ['application/json', 'application/merge-patch+json']

/** The schemas of the standard operations of a resource. */
export function schemasOf(definition: Definition, examples: Examples): Record<string, FastifySchema> {
  const { singular, name, noun, record, page, input, patch } = definition
  const tags = [name]
  const { etag, lastModified, location, link } = responseHeaders
  const one = (description: string) => ({
    200: answer(description, record, { ETag: etag, 'Last-Modified': lastModified }),
  })
  return {
    list: {
      operationId: `list${noun.many}`,
      summary: `List ${name}`,
      description: `${definition.description}\n\nA page at a time; filters combine with AND, a repeated one with OR, \`!\` negates a value, \`none\` finds what has none.`,
      tags,
      querystring: listParameters(definition),
      headers: conditionalRead,
      response: {
        200: answer(`A page of ${name}.`, page, { ETag: etag, Link: link }),
        ...notModified,
        ...problemResponses(400, 503),
      },
    },
    create: {
      operationId: `create${noun.one}`,
      summary: `Create ${articleOf(singular)}`,
      description: `Stores a new ${singular} whole, in one transaction. References are slugs or ids.`,
      tags,
      querystring: noParameters,
      body: ref(input),
      'x-example': examples.create,
      response: {
        201: answer(`The new ${singular}.`, record, {
          ETag: etag,
          'Last-Modified': lastModified,
          Location: location,
        }),
        ...problemResponses(400, 409, 413, 415, 422, 503),
      },
    },
    get: {
      operationId: `get${noun.one}`,
      summary: `Get ${articleOf(singular)}`,
      description: `One ${singular} by its slug or id. A slug that was renamed answers 308 with the new address.`,
      tags,
      params: idParameter(definition, examples.slug),
      querystring: includeParameter(definition),
      headers: conditionalRead,
      response: {
        ...one(`The ${singular}.`),
        ...notModified,
        ...renamed,
        ...problemResponses(400, 404, 410, 503),
      },
    },
    replace: {
      operationId: `replace${noun.one}`,
      summary: `Replace ${articleOf(singular)}`,
      description: `Puts a whole new body in place of the ${singular}'s; what is left out goes back to its default, but the slug stays.`,
      tags,
      params: idParameter(definition, examples.slug),
      querystring: noParameters,
      headers: conditionalWrite,
      body: ref(input),
      response: {
        ...one(`The ${singular} as it is now.`),
        ...renamed,
        ...problemResponses(400, 404, 409, 410, 412, 413, 415, 422, 503),
      },
    },
    update: {
      operationId: `update${noun.one}`,
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
        ...one(`The ${singular} as it is now.`),
        ...renamed,
        ...problemResponses(400, 404, 409, 410, 412, 413, 415, 422, 503),
      },
    },
    delete: {
      operationId: `delete${noun.one}`,
      summary: `Delete ${articleOf(singular)}`,
      description: `Deletes the ${singular}. While other records refer to it this answers 409 and says which; \`cascade=true\` deletes what lies below it, too.`,
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
        ...problemResponses(400, 404, 409, 410, 412, 503),
      },
    },
  }
}

export const articleOf = (noun: string) => (/^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`)
