import swagger from '@fastify/swagger'
import Fastify from 'fastify'
import t from 'tap'
import { deprecationPlugin } from '../../src/plugins/deprecation.js'

const deprecation = { since: '2027-01-31', sunset: '2028-01-31', link: '/v2/therapies' }

t.test('a route on its way out says so in its answers and in the contract', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(swagger, { openapi: {} })
  await app.register(deprecationPlugin)
  const schema = { operationId: 'listTherapies', description: 'Advanced therapies.' }
  app.get('/v1/therapies', { schema, config: { deprecation } }, async () => 'all')
  app.get('/v1/pages', { config: { deprecation } }, async (_, reply) =>
    reply.header('link', '</v1/pages?cursor=x>; rel="next"').send('a page'),
  )
  app.get('/v1/targets', { schema: { operationId: 'listTargets' } }, async () => 'all')

  const { headers } = await app.inject('/v1/therapies')
  t.match(headers, {
    deprecation: '@1801353600',
    sunset: 'Mon, 31 Jan 2028 00:00:00 GMT',
    link: '</v2/therapies>; rel="deprecation"',
  })
  const page = await app.inject('/v1/pages')
  t.equal(page.headers.link, '</v1/pages?cursor=x>; rel="next", </v2/therapies>; rel="deprecation"')
  const other = await app.inject('/v1/targets')
  t.notOk('deprecation' in other.headers || 'sunset' in other.headers)

  const { paths = {} } = app.swagger() as { paths?: Record<string, Record<string, unknown>> }
  t.match(paths['/v1/therapies']?.get, {
    deprecated: true,
    description: /^Advanced therapies\.\n\nDeprecated since 2027-01-31, and gone from 2028-01-31 on/,
  })
  t.match(paths['/v1/targets'], { get: { deprecated: undefined } })
})
