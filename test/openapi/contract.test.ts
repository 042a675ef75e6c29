import { readFile, stat } from 'node:fs/promises'
import { Validator } from '@seriousme/openapi-schema-validator'
import t from 'tap'
import { buildApp } from '../../src/app.js'
import { main } from '../../src/cli/openapi.js'
import { connect } from '../../src/db/connection.js'
import { makeFolder } from '../support/process.js'
import {
  contractFile,
  follow,
  type Media,
  type Operation,
  operationsOf,
  readContract,
  type Schema,
  valueChecker,
} from './contract.js'

const contract = await readContract()
const operations = operationsOf(contract)
const check = valueChecker(contract)
const text = await readFile(contractFile, 'utf8')
const { schemas } = contract.components

/** Every schema in a schema, with the way to it. */
function* within(schema: Schema, path: string): Generator<[path: string, schema: Schema]> {
  yield [path, schema]
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    yield* within(property, `${path}.${name}`)
  if (schema.items !== undefined) yield* within(schema.items, `${path}[]`)
  for (const [index, choice] of (schema.anyOf ?? []).entries()) yield* within(choice, `${path}|${index}`)
  if (typeof schema.additionalProperties === 'object') yield* within(schema.additionalProperties, `${path}.*`)
}

const allSchemas = Object.entries(schemas).flatMap(([name, schema]) => [...within(schema, name)])
const fields = allSchemas.flatMap(([path, { properties = {} }]) =>
  Object.entries(properties).map(([name, field]) => [`${path}.${name}`, field] as const),
)
const typesOf = ({ type = [] }: Schema) => [type].flat()

t.test('the committed contract is what the routes make', async (t) => {
  const file = `${makeFolder(t)}/openapi.json`
  t.equal(await main([file]), 0)
  t.equal(await readFile(file, 'utf8'), text, 'write it again: npm run openapi')
})

t.test('it is served as it is kept', async (t) => {
  const database = connect({})
  const app = await buildApp({ database })
  t.teardown(() => app.close())
  const json = await app.inject('/openapi.json')
  t.equal(json.headers['content-type'], 'application/json; charset=utf-8')
  t.same(json.json(), JSON.parse(text))
  t.equal((await app.inject('/openapi.json')).body, json.body)
  const yaml = await app.inject('/openapi.yaml')
  t.equal(yaml.headers['content-type'], 'application/yaml; charset=utf-8')
  t.match(yaml.body, /^openapi: 3\.1\.0\n/)
  t.match(yaml.body, 'operationId: listDesignations')
})

t.test('it is OpenAPI 3.1, and small enough to read', async (t) => {
  const { valid, errors } = await new Validator().validate(JSON.parse(text))
  t.ok(valid, JSON.stringify(errors))
  t.ok((await stat(contractFile)).size < 400_000)
})

t.test('every operation says what it is', async (t) => {
  const ids = operations.map(({ operationId }) => operationId)
  t.equal(new Set(ids).size, ids.length)
  const tags = contract.tags.map(({ name }) => name)
  for (const { operationId, summary, description, tags: own, responses, parameters } of operations) {
    t.match(
      operationId,
      /^(?:list|get|create|revoke|replace|update|delete|append|export|search|suggest|resolve|count|find|measure)(?:[A-Z][A-Za-z]+)?$/,
    )
    t.ok(summary.length > 5 && description.length > 20, `${operationId} has a summary and a description`)
    t.equal(own.length, 1)
    t.ok(
      own.every((tag) => tags.includes(tag)),
      `${operationId} has a known tag`,
    )
    t.ok('default' in responses && '400' in responses, `${operationId} says how it fails`)
    for (const { name, description } of parameters) t.ok(description, `${operationId} describes ${name}`)
  }
  for (const { name, description } of contract.tags) t.ok(description, `${name} has a description`)
})

t.test('every body and answer is a named component', async (t) => {
  t.notMatch(text, /def-\d/)
  for (const { operationId, requestBody, responses } of operations) {
    const contents = [
      requestBody?.content ?? {},
      ...Object.values(responses).map(({ content = {} }) => content),
    ]
    for (const { schema } of contents.flatMap((content): Media[] => Object.values(content)))
      t.match(schema.$ref, /^#\/components\/schemas\/[A-Z][A-Za-z]+$/, operationId)
    for (const [status, { description, content = {} }] of Object.entries(responses)) {
      t.ok(description, `${operationId} describes ${status}`)
      const isProblem = status === 'default' || Number(status) >= 400
      if (isProblem) t.same(Object.keys(content), ['application/problem+json'], `${operationId} ${status}`)
    }
  }
  const anonymous = allSchemas.filter(
    ([path, schema]) => /[.[|]/.test(path) && schema.properties !== undefined,
  )
  t.same(
    anonymous.map(([path]) => path),
    [],
  )
})

t.test('patches are sent as JSON or as what RFC 7396 calls them', async (t) => {
  const types = ['application/json', 'application/merge-patch+json']
  for (const { method, requestBody } of operations)
    if (requestBody !== undefined)
      t.same(Object.keys(requestBody.content), method === 'PATCH' ? types : types.slice(0, 1))
})

t.test('every field is described, closed words are enums, and nulls are said', async (t) => {
  for (const [path, schema] of Object.entries(schemas)) t.ok(schema.description, `${path} has a description`)
  for (const [path, field] of fields) {
    t.ok(follow(contract, field).description, `${path} has a description`)
    const isTyped = typesOf(field).length > 0 || field.$ref !== undefined || field.anyOf !== undefined
    t.ok(isTyped, `${path} has a type`)
    if (field.anyOf !== undefined) t.same(field.anyOf[1], { type: 'null' }, `${path} is something or null`)
  }
  t.notMatch(text, '"nullable"')
  for (const name of ['Modality', 'DesignationStatus', 'ApplicationType', 'TrialPhase', 'EventStatus'])
    t.ok((schemas[name]?.enum?.length ?? 0) > 3, `${name} is an enum`)
})

const mediaOf = ({ content = {} }: { content?: Record<string, Media> }): Media[] => Object.values(content)
const answersOf = ({ responses }: Operation): Media[] => Object.values(responses).flatMap(mediaOf)

interface Shown extends Record<string, unknown> {
  schema?: Schema
  example?: unknown
  examples?: unknown
}

/** Every example below a part of the contract, with the schema that it is an example of and the way to it. */
function* examplesIn(part: unknown, path = '#'): Generator<[path: string, schema: Schema, example: unknown]> {
  if (typeof part !== 'object' || part === null) return
  const { schema, example, examples, ...rest } = part as Shown
  if (example !== undefined) yield [path, schema as Schema, example]
  if (Array.isArray(examples)) for (const each of examples) yield [path, part as Schema, each]
  else if (schema !== undefined)
    for (const each of Object.values(examples ?? {}))
      yield [path, schema, follow(contract, each as { value: unknown }).value]
  for (const [key, value] of Object.entries({ ...rest, ...(schema && { schema }) }))
    yield* examplesIn(value, `${path}/${key}`)
}

t.test('every example is valid, wherever it stands, and none is left over', async (t) => {
  const { examples, ...components } = contract.components
  const shown = [...examplesIn({ paths: contract.paths, components })]
  t.ok(shown.length > 250, `${shown.length} examples`)
  for (const [path, schema, example] of shown) t.same(check(schema, example), [], path)
  for (const name of Object.keys(examples))
    t.ok(text.includes(`"#/components/examples/${name}"`), `${name} is shown somewhere`)
})

t.test('every body and every address has an example', async (t) => {
  for (const { operationId, pathParameters, requestBody = {} } of operations)
    for (const { example } of [...mediaOf(requestBody), ...pathParameters])
      t.not(example, undefined, `${operationId} has an example`)
})

t.test('every operation has an example', async (t) => {
  for (const operation of operations) {
    const { operationId, pathParameters, requestBody } = operation
    const isShown = answersOf(operation).some(
      ({ examples, schema }) => examples ?? follow(contract, schema).examples,
    )
    t.ok(pathParameters.length > 0 || requestBody || isShown, operationId)
  }
})

t.test('the parameters of a list are those of a form', async (t) => {
  const lists = operations.filter(
    ({ operationId, pathParameters }) => operationId.startsWith('list') && pathParameters.length === 0,
  )
  t.ok(lists.length >= 10)
  for (const { operationId, parameters } of lists) {
    for (const { name, required, style, explode, example } of parameters) {
      t.notOk(required, `${operationId} does not need ${name}`)
      t.equal(example, undefined, `documentation fills in no ${name}, which would narrow the list`)
      t.same([style, explode], [undefined, undefined], 'a list is a repeated parameter, as OpenAPI means it')
    }
  }
  const designations = lists.find(({ operationId }) => operationId === 'listDesignations')
  const program = designations?.parameters.find(({ name }) => name === 'program')
  t.match(program, { description: /`fda:rmat`/ })
})
