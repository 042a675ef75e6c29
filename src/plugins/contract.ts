import fp from 'fastify-plugin'

/** The contract as files, and the way to its documentation. */
export const contractPlugin = fp(
  async (app) => {
    app.get('/openapi.json', { schema: { hide: true } }, (_, reply) =>
      reply.type('application/json; charset=utf-8').send(JSON.stringify(app.swagger())),
    )
    app.get('/openapi.yaml', { schema: { hide: true } }, (_, reply) =>
      reply.type('application/yaml; charset=utf-8').send(app.swagger({ yaml: true })),
    )
    app.get('/', { schema: { hide: true } }, (_, reply) => reply.redirect('/docs'))
  },
  { name: 'contract', fastify: '5.x', dependencies: ['openapi'] },
)
