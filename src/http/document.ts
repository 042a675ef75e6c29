import { isDeepStrictEqual } from 'node:util'

declare module 'fastify' {
  interface FastifySchema {
    /** The example of a body: it cannot stand beside the `$ref` of the body and is put in its place here. */
    'x-example'?: unknown
  }
}

/** A real answer of the service, and what it is about. */
export interface Example {
  summary: string
  value: unknown
}

/** Real examples for the contract. */
export interface Examples {
  /** Answers, by the operation that gives them, the kind of problem or the component that describes them. */
  answers: Record<string, Example>
  /** Bodies of operations that do not bring their own. */
  bodies: Record<string, unknown>
}

interface Schema {
  description?: string
  default?: unknown
  properties?: Record<string, Schema>
}

interface Parameter {
  in: 'path' | 'query' | 'header'
  name: string
  schema: { type?: unknown }
}

interface Media {
  schema?: { $ref?: string }
}

interface Answer {
  description: string
  headers?: Record<string, unknown>
  content?: Record<string, Media>
}

interface Operation {
  operationId: string
  summary: string
  description: string
  tags: string[]
  parameters?: Parameter[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, Answer>
  'x-example'?: unknown
}

type PathItem = Record<string, Operation>

/** An OpenAPI document, as far as it is arranged here. */
export interface Document {
  openapi: string
  info: object
  servers: object[]
  security: object[]
  tags: { name: string }[]
  paths: Record<string, PathItem>
  components: { schemas: Record<string, Schema> } & Record<string, Record<string, unknown>>
}

/** The parameters, headers and answers that many operations share, with their names among the components. */
const parameterNames: Record<string, string> = {
  limit: 'Limit',
  cursor: 'Cursor',
  total: 'Total',
  cascade: 'Cascade',
  'If-Match': 'IfMatch',
  'If-None-Match': 'IfNoneMatch',
}
const headerNames: Record<string, string> = {
  ETag: 'ETag',
  'Last-Modified': 'LastModified',
  Location: 'Location',
  Link: 'Link',
  'Retry-After': 'RetryAfter',
  'WWW-Authenticate': 'WWWAuthenticate',
}
const responseNames: Record<string, string> = {
  300: 'Several',
  304: 'NotModified',
  307: 'Called',
  308: 'Renamed',
  400: 'Malformed',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Gone',
  412: 'PreconditionFailed',
  413: 'TooLarge',
  415: 'UnsupportedMediaType',
  422: 'Unprocessable',
  429: 'TooManyRequests',
  503: 'Unavailable',
  default: 'Failure',
}

/**
 * Arranges the document that Fastify's plugin makes of the routes for those who read it: what operations share
 * stands once, paths stand in the order of the tags, components in that of their names, and examples in place.
 */
export function arranged(document: Document, examples: Examples): Document {
  const { openapi, info, servers, security, tags, components } = document
  const desk: Desk = {
    examples,
    parameters: shelf('parameters'),
    headers: shelf('headers'),
    responses: shelf('responses'),
    answers: shelf('examples'),
  }
  const paths = inOrderOfTags(document).map(([path, item]) => [
    path,
    eachOf(item, (operation) => arrangedOperation(operation, desk)),
  ])
  return {
    openapi,
    info,
    servers,
    security,
    tags,
    paths: Object.fromEntries(paths),
    components: {
      parameters: byName(desk.parameters.components),
      headers: byName(desk.headers.components),
      responses: byName(desk.responses.components),
      examples: byName(desk.answers.components),
      schemas: byName(eachOf(components.schemas, withoutDefaults)),
    },
  }
}

/** What the operations are arranged with. */
interface Desk {
  examples: Examples
  parameters: Shelf
  headers: Shelf
  responses: Shelf
  answers: Shelf
}

interface Shelf {
  components: Record<string, unknown>
  /** Under the first of the names that is free or says the same; without a name it stays where it is. */
  keep<Value>(names: string | undefined | readonly string[], value: Value): Value
}

/** Keeps what has a name once, and answers a reference to it; what differs from its namesake stays where it is. */
function shelf(kind: string): Shelf {
  const components: Record<string, unknown> = {}
  return {
    components,
    keep<Value>(names: string | undefined | readonly string[], value: Value): Value {
      if (names === undefined) return value
      const same = Object.keys(components).find((other) => isDeepStrictEqual(components[other], value))
      const name = same ?? [names].flat().find((candidate) => !(candidate in components))
      if (name === undefined) return value
      components[name] = value
      return { $ref: `#/components/${kind}/${name}` } as Value
    },
  }
}

function arrangedOperation(operation: Operation, desk: Desk): Operation {
  const { operationId, summary, description, tags, parameters = [], requestBody, responses } = operation
  const example = operation['x-example'] ?? desk.examples.bodies[operationId]
  return {
    operationId,
    summary,
    description,
    tags,
    ...(parameters.length > 0 && { parameters: arrangedParameters(parameters, operationId, desk) }),
    ...(requestBody && {
      requestBody: {
        ...requestBody,
        content: eachOf(requestBody.content, (media) => ({ ...media, example })),
      },
    }),
    responses: eachOf(responses, (answer, status) => {
      const name = responseNames[status]
      return desk.responses.keep(name, arrangedAnswer(answer, name ?? operationId, desk))
    }),
  }
}

const parameterOrder = ['path', 'query', 'header']

function arrangedParameters(parameters: Parameter[], operationId: string, desk: Desk): Parameter[] {
  const inOrder = [...parameters].sort((a, b) => parameterOrder.indexOf(a.in) - parameterOrder.indexOf(b.in))
  return inOrder.map(({ schema, ...parameter }) => {
    // A list in a query is a repeated parameter, which OpenAPI means anyway: readers see it said.
    const isList = parameter.in === 'query' && schema.type === 'array'
    return desk.parameters.keep(namesOf(parameter, operationId), {
      ...parameter,
      ...(isList && { style: 'form', explode: true }),
      schema,
    })
  })
}

/** What a parameter may be called among the components: by its own name, else by that of its operation as well. */
function namesOf(parameter: Pick<Parameter, 'in' | 'name'>, operationId: string): string[] {
  const subject = operationId.replace(/^[a-z]+/, '')
  if (parameter.in === 'path') return [`${subject}Id`]
  const known = parameterNames[parameter.name]
  if (known !== undefined) return [known]
  // Generators make types of parameters, too, which must not be called as the schemas are.
  const name = `${parameter.name.charAt(0).toUpperCase()}${parameter.name.slice(1)}Parameter`
  return [name, `${subject}${name}`]
}

function arrangedAnswer(answer: Answer, name: string, desk: Desk): Answer {
  const { headers, content } = answer
  return {
    ...answer,
    ...(headers && {
      headers: eachOf(headers, (header, key) => desk.headers.keep(headerNames[key], header)),
    }),
    ...(content && { content: eachOf(content, (media) => withExample(media, name, desk)) }),
  }
}

function withExample(media: Media, name: string, { examples: { answers }, ...desk }: Desk): Media {
  const component = media.schema?.$ref?.split('/').at(-1) ?? ''
  const key = name in answers ? name : component
  const example = answers[key]
  return example === undefined
    ? media
    : { ...media, ...{ examples: { [key]: desk.answers.keep(key, example) } } }
}

/** Defaults in words: generators take a field that has one for a field that is always there. */
function withoutDefaults(schema: Schema): Schema {
  if (schema.properties === undefined) return schema
  const properties = eachOf(schema.properties, ({ default: value, ...field }) => {
    const isEmpty = value === undefined || value === null || isDeepStrictEqual(value, [])
    return isEmpty ? field : { ...field, description: `${field.description} \`${value}\` when left out.` }
  })
  return { ...schema, properties }
}

function inOrderOfTags({ tags, paths }: Document): [path: string, item: PathItem][] {
  const names = tags.map(({ name }) => name)
  const rank = (item: PathItem) =>
    Math.min(...Object.values(item).map((operation) => names.indexOf(operation.tags[0] as string)))
  return Object.entries(paths).sort(([, a], [, b]) => rank(a) - rank(b))
}

const byName = <Value>(components: Record<string, Value>): Record<string, Value> =>
  Object.fromEntries(Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1)))

const eachOf = <Value, Result>(
  values: Record<string, Value>,
  change: (value: Value, key: string) => Result,
): Record<string, Result> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value, key)]))
