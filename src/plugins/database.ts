import fp from 'fastify-plugin'
import type { Database } from '../db/connection.js'
import { notingWaits } from '../db/waits.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** The registry's database; whoever built the app closes it. */
    database: Database
  }
}

export const databasePlugin = fp<{ database: Database }>(
  async (app, { database }) => {
    app.decorate('database', notingWaits(database))
  },
  { name: 'database', fastify: '5.x' },
)
