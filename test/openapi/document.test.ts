import t from 'tap'
import { arranged, type Document } from '../../src/http/document.js'
import { laidOut } from '../../src/http/layout.js'

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
  t.same(Object.keys(paths), ['/a', '/b'], 'paths come in the order of their tags')
  t.same(components.parameters?.Limit, limit(20))
  t.same(paths['/a']?.get?.parameters, [
    { $ref: '#/components/parameters/AId' },
    { $ref: '#/components/parameters/Limit' },
  ])
  t.same(paths['/b']?.get?.parameters, [{ $ref: '#/components/parameters/AId' }, limit(10)])
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

t.test('the file has on a line what fits on it', async (t) => {
  const long = 'x'.repeat(100)
  t.equal(laidOut({ a: [1, null, {}], b: undefined }), '{ "a": [1, null, {}] }')
  t.equal(
    laidOut({ a: long, b: [long, { c: true }] }),
    ['{', `  "a": "${long}",`, '  "b": [', `    "${long}",`, '    { "c": true }', '  ]', '}'].join('\n'),
  )
  const value = { a: { b: [long, long, { c: [] }] }, d: 'ü"\n' }
  t.same(JSON.parse(laidOut(value)), value)
})
