import t from 'tap'
import { arranged, type Document } from '../../src/http/document.js'
import { airy, dense, laidOut } from '../../src/http/layout.js'

const limit = (maximum: number) =>
  ({ in: 'query', name: 'limit', schema: { type: 'integer', maximum } }) as const

const operation = (operationId: string, tag: string, maximum: number) => ({
  operationId,
  summary: operationId,
  description: operationId,
  tags: [tag],
  parameters: [limit(maximum), { in: 'path', name: 'id', schema: { type: 'string' } } as const],
  responses: { 200: { description: 'It is fine.', content: { 'text/plain': {} } } },
})

const document: Document = {
  openapi: '3.1.0',
  info: {},
  servers: [],
  security: [],
  tags: [{ name: 'first' }, { name: 'second' }],
  paths: {
    '/b': { get: operation('getB', 'second', 10) },
    '/c': { get: operation('getB', 'second', 30) },
    '/a': { get: operation('getA', 'first', 20) },
  },
  components: {
    schemas: {
      Word: { description: 'A word.' },
      Thing: {
        properties: {
          none: { description: 'None.', default: null },
          many: { description: 'Many.', default: [] },
          one: { description: 'One.', default: 1 },
        },
      },
    },
  },
}

t.test('what says something else under the same name stays where it is', async (t) => {
  const { paths, components } = arranged(document, { answers: {}, bodies: {} })
  t.same(Object.keys(paths), ['/a', '/b', '/c'], 'paths come in the order of their tags')
  t.match(components.parameters?.ALimit, limit(20))
  t.same(paths['/a']?.get?.parameters, [
    { $ref: '#/components/parameters/AId' },
    { $ref: '#/components/parameters/ALimit' },
  ])
  t.same(paths['/b']?.get?.parameters, [
    { $ref: '#/components/parameters/AId' },
    { $ref: '#/components/parameters/BLimit' },
  ])
  t.same(paths['/c']?.get?.parameters, [{ $ref: '#/components/parameters/AId' }, limit(30)])
})

t.test('what most operations mean by a name has that name alone', async (t) => {
  const paths = {
    '/a': { get: operation('getA', 'first', 20) },
    '/b': { get: operation('getB', 'second', 10) },
    '/d': { get: operation('getD', 'first', 20) },
  }
  const { components } = arranged({ ...document, paths }, { answers: {}, bodies: {} })
  t.same(Object.keys(components.parameters ?? {}), ['AId', 'BLimit', 'Limit'])
})

t.test('defaults of fields are told in words', async (t) => {
  const { components } = arranged(document, { answers: {}, bodies: {} })
  t.same(Object.keys(components.schemas), ['Thing', 'Word'])
  t.same(components.schemas.Thing?.properties, {
    none: { description: 'None.' },
    many: { description: 'Many.' },
    one: { description: 'One. `1` when left out.' },
  })
})

t.test('what several operations answer stands once, and refers to its example', async (t) => {
  const record = (operationId: string) => ({
    ...operation(operationId, 'first', 10),
    responses: {
      200: {
        description: 'A thing.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
      },
      404: { description: 'There is none.' },
    },
    'x-links': { deleteThing: { operationId: 'deleteThing', parameters: { id: '$response.body#/id' } } },
  })
  const paths = { '/things/{id}': { get: record('getThing'), put: record('replaceThing') } }
  const answers = { Thing: { summary: 'A thing', value: { one: 2 } } }
  const { paths: arrangedPaths, components } = arranged({ ...document, paths }, { answers, bodies: {} })
  for (const { responses } of Object.values(arrangedPaths['/things/{id}'] ?? {}))
    t.same(responses, {
      200: { $ref: '#/components/responses/ThingAnswer' },
      404: { $ref: '#/components/responses/NotFound' },
    })
  t.match(components.responses?.ThingAnswer, {
    links: { deleteThing: { operationId: 'deleteThing' } },
    content: { 'application/json': { examples: { Thing: { $ref: '#/components/examples/Thing' } } } },
  })
})

t.test('the file has on a line what fits on it, and fills its lines', async (t) => {
  const long = 'x'.repeat(170)
  t.equal(laidOut({ a: [1, null, {}], b: undefined }, dense), '{"a":[1,null,{}]}')
  t.equal(
    laidOut({ paths: { get: { a: long, b: [long, { c: true }, 1], d: 1, e: [2] } } }, dense),
    [
      '{',
      '"paths":{',
      '"get":{',
      `\t"a":"${long}",`,
      '\t"b":[',
      `\t\t"${long}",`,
      '\t\t{"c":true}, 1',
      '\t],',
      '\t"d":1, "e":[2]',
      '}',
      '}',
      '}',
    ].join('\n'),
  )
  const value = { a: { b: [long, long, { c: [] }] }, d: 'ü"\n' }
  t.same(JSON.parse(laidOut(value, dense)), value)
})

t.test('an answer in a text has an item a line, where it needs several', async (t) => {
  const value = { a: [1, null, {}], b: { c: 'x'.repeat(100), d: [] }, e: undefined }
  const text = `{\n  "a": [1, null, {}],\n  "b": {\n    "c": "${value.b.c}",\n    "d": []\n  }\n}`
  t.equal(laidOut(value, airy), text)
})
