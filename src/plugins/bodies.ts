import fp from 'fastify-plugin'

/** Bodies are JSON, on PATCH also under the name that RFC 7396 gives them; anything else is a 415. */
export const bodiesPlugin = fp(
  async (app) => {
    app.removeContentTypeParser('text/plain')
    app.addContentTypeParser(
      'application/merge-patch+json',
      { parseAs: 'string' },
      app.getDefaultJsonParser('error', 'error'),
    )
  },
  { name: 'bodies', fastify: '5.x' },
)
