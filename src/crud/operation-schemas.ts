import { type TObject, type TSchema, Type } from '@sinclair/typebox'
import type { FastifySchema } from 'fastify'
import { maxSlugLength } from '../domain/slug.js'
import { Choices, currentTag, problemResponses } from '../http/responses.js'
import { component, noParameters, ref } from '../http/schema.js'
import type { Definition, Item, Listable } from './definition.js'
import { asOfParameters, contentParameters, exportParameters, listParameters } from './list-parameters.js'

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

/** Where a read leads that says a record by something else than its slug or id. */
export const elsewhere = {
  300: {
    description: 'Several records bear this name: choose one of them.',
    content: { 'application/json': { schema: ref(Choices) } },
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

/** The parameter of a path that is only read, which takes any name as well. */
export function nameParameter({ singular }: Definition, slug: string) {
  return Type.Object({
    id: Type.String({
      minLength: 1,
      maxLength: 300,
      description: `The slug or the id of the ${singular}, or any of its names: in any case, with or without hyphens, spaces, accents and Greek letters.`,
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

/** The schema of the operation that lists. */
export function listSchema(listable: Listable): FastifySchema {
  const { name, noun, description, page } = listable
  return {
    operationId: `list${noun.many}`,
    summary: `List ${name}`,
    description: `${description}\n\nA page at a time; filters combine with AND, a repeated one with OR, \`!\` negates a value, \`none\` finds what has none.`,
    tags: [name],
    querystring: listParameters(listable),
    headers: conditionalRead,
    response: {
      200: answer(`A page of ${name}.`, page, {
        ETag: responseHeaders.etag,
        Link: responseHeaders.link,
      }),
      ...notModified,
      ...problemResponses(400, 422, 503),
    },
  }
}

/** The schema of the operation that exports. */
export function exportSchema(listable: Listable): FastifySchema {
  const { name, noun, record } = listable
  return {
    operationId: `export${noun.many}`,
    summary: `Export ${name}`,
    description: `All that match, in one stream: a line of JSON each (NDJSON), or by \`Accept\` one JSON document or CSV, in which references are slugs and lists are joined by semicolons. The same filters as for the list.`,
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
      ...problemResponses(400, 422, 503),
    },
  }
}

/** The schemas of the operations on single records of a resource. */
export function schemasOf(definition: Definition, examples: Examples): Record<string, FastifySchema> {
  const { singular, name, noun, record, input, patch } = definition
  const tags = [name]
  const { etag, lastModified, location } = responseHeaders
  const one = (description: string) => ({
    200: answer(description, record, { ETag: etag, 'Last-Modified': lastModified }),
  })
  return {
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
      description: `One ${singular} by its slug or id. A slug that was renamed answers 308 with the new address; any other name leads to the one that bears it (307), or to a choice (300).`,
      tags,
      params: nameParameter(definition, examples.slug),
      querystring: getParameters(definition),
      headers: conditionalRead,
      response: {
        ...one(`The ${singular}.`),
        ...notModified,
        ...elsewhere,
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
