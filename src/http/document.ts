import { isDeepStrictEqual } from 'node:util'
import { arrangedSchema, parameterSchema, type Schema, textsOf } from './document-schemas.js'
import { headerNameOf, parameterNamesOf, responseNames, type Shelf, shelf } from './shelf.js'

declare module 'fastify' {
  interface FastifySchema {
    /** The example of a body: it cannot stand beside the `$ref` of the body and is put in its place here. */
    'x-example'?: unknown
    /** What can be asked next with what a successful answer holds: links, by their names. */
    'x-links'?: Record<string, Link>
  }
}

/** An operation that can be asked next, and which of its parameters an answer holds. */
export interface Link {
  operationId: string
  parameters: Record<string, string>
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

interface Parameter {
  in: 'path' | 'query' | 'header'
  name: string
  required?: boolean
  description?: string
  schema: Schema
}

interface Media {
  schema?: { $ref?: string }
}

interface Answer {
  description: string
  headers?: Record<string, unknown>
  content?: Record<string, Media>
  links?: Record<string, Link>
}

interface Operation {
  operationId: string
  summary: string
  description: string
  tags: string[]
  deprecated?: boolean
  security?: object[]
  parameters?: Parameter[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, Answer>
  'x-example'?: unknown
  'x-links'?: Record<string, Link>
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

/**
 * Arranges the document that Fastify's plugin makes of the routes for those who read it: what operations share
 * stands once, paths stand in the order of the tags, components in that of their names, and examples in place.
 */
export function arranged(document: Document, examples: Examples): Document {
  const { openapi, info, servers, security, tags, components } = document
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item))
  const desk: Desk = {
    security,
    examples,
    repeated: repeatedAnswers(operations),
    usual: usualParameters(operations),
    texts: textsOf(components.schemas),
    schemas: shelf('schemas'),
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
      ...(components.securitySchemes && { securitySchemes: components.securitySchemes }),
      parameters: byName(desk.parameters.components),
      headers: byName(desk.headers.components),
      responses: byName(desk.responses.components),
      examples: byName(desk.answers.components),
      schemas: byName({
        ...(desk.schemas.components as Record<string, Schema>),
        ...eachOf(components.schemas, (schema, name) => arrangedSchema(schema, isShown(name, examples))),
      }),
    },
  }
}

/** What the operations are arranged with. */
interface Desk {
  /** What operations need that say nothing else. */
  security: object[]
  examples: Examples
  repeated: ReadonlySet<string>
  /** What most operations mean by the names of their parameters. */
  usual: ReadonlySet<string>
  texts: ReadonlyMap<string, string>
  schemas: Shelf
  parameters: Shelf
  headers: Shelf
  responses: Shelf
  answers: Shelf
}

function arrangedOperation(operation: Operation, desk: Desk): Operation {
  const { operationId, summary, description, tags, deprecated, security } = operation
  const { parameters = [], requestBody, responses } = operation
  const example = operation['x-example'] ?? desk.examples.bodies[operationId]
  return {
    operationId,
    summary,
    description,
    tags,
    deprecated,
    ...(isDeepStrictEqual(security, desk.security) ? {} : { security }),
    ...(parameters.length > 0 && { parameters: arrangedParameters(parameters, operationId, desk) }),
    ...(requestBody && {
      requestBody: {
        ...requestBody,
        content: eachOf(requestBody.content, (media) => ({ ...media, example })),
      },
    }),
    responses: eachOf(responses, (answer, status) => arrangedAnswer(answer, status, operation, desk)),
  }
}

const parameterOrder = ['path', 'query', 'header']

function arrangedParameters(parameters: Parameter[], operationId: string, desk: Desk): Parameter[] {
  const inOrder = [...parameters].sort((a, b) => parameterOrder.indexOf(a.in) - parameterOrder.indexOf(b.in))
  return inOrder.map((parameter) => {
    const { name, in: place, required, ...rest } = parameter
    const names = parameterNamesOf(parameter, operationId, desk.usual.has(JSON.stringify(parameter)))
    return desk.parameters.keep(names, {
      name,
      in: place,
      // Parameters are optional where nothing is said.
      ...(required && { required }),
      ...rest,
      schema: parameterSchema(rest.schema, rest.description, desk),
    })
  })
}

/** The parameters that mean what most operations mean by their names. */
function usualParameters(operations: Operation[]): Set<string> {
  const parameters = operations.flatMap(({ parameters = [] }) => parameters)
  const times = new Map<string, number>()
  for (const parameter of parameters) {
    for (const key of [parameter.name, JSON.stringify(parameter)]) times.set(key, (times.get(key) ?? 0) + 1)
  }
  const texts = parameters.map((parameter) => [parameter.name, JSON.stringify(parameter)] as const)
  const isUsual = ([name, text]: readonly [string, string]) =>
    2 * Number(times.get(text)) > Number(times.get(name))
  return new Set(texts.filter(isUsual).map(([, text]) => text))
}

function arrangedAnswer(answer: Answer, status: string, operation: Operation, desk: Desk): Answer {
  const { headers, content } = answer
  const { operationId, 'x-links': links } = operation
  const name = responseNames[status]
  const component = componentOf(content)
  const arranged = {
    ...answer,
    ...(headers && {
      headers: eachOf(headers, (header, key) => desk.headers.keep(headerNameOf(key), header)),
    }),
    ...(content && { content: withExample(content, name ?? operationId, desk) }),
    ...(links && status.startsWith('2') && { links }),
  }
  const isRepeated = desk.repeated.has(JSON.stringify([answer, links]))
  const isOwn = name === undefined && (operationId in desk.examples.answers || !isRepeated)
  return isOwn ? arranged : desk.responses.keep(name ?? `${component}Answer`, arranged)
}

/** The successes that several operations answer with. */
function repeatedAnswers(operations: Operation[]): Set<string> {
  const texts = operations.flatMap(({ responses, 'x-links': links }) =>
    Object.values(responses).map((answer) => JSON.stringify([answer, links])),
  )
  return new Set(texts.filter((text, index) => texts.indexOf(text) !== index))
}

const componentOf = (content: Record<string, Media> = {}): string =>
  String(Object.values(content)[0]?.schema?.$ref?.split('/').at(-1))

/** An example where the answer has one: of its first media type, since the others hold the same. */
function withExample(content: Record<string, Media>, name: string, desk: Desk): Record<string, Media> {
  const { answers } = desk.examples
  const key = name in answers ? name : componentOf(content)
  const example = answers[key]
  if (example === undefined) return content
  const [first] = Object.keys(content)
  // A line of a stream is a record, which other answers show.
  if (first === 'application/x-ndjson') return content
  // What only one answer shows stands there.
  const shown = { examples: { [key]: name in answers ? example : desk.answers.keep(key, example) } }
  return eachOf(content, (media, type) => (type === first ? { ...media, ...shown } : media))
}

/** Whether a real example shows a component, or what its patch becomes, as a whole. */
const isShown = (name: string, { answers }: Examples): boolean => name.replace(/Patch$/, '') in answers

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
