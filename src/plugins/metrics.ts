import fp from 'fastify-plugin'
import { Gauge, type Registry } from 'prom-client'
import type { Database } from '../db/connection.js'
import { measureProcess } from './process-metrics.js'

export interface MetricsOptions {
  /** Whether reading what is measured needs a key. */
  metricsAccess: 'key' | 'public'
}

/** What is measured of requests, of the database and of the process, as Prometheus reads it. */
export const metricsPlugin = fp<MetricsOptions>(
  async (app, { metricsAccess }) => {
    const { metrics, database } = app
    measurePool(metrics, database)
    const stop = measureProcess(metrics)
    app.addHook('onClose', async () => stop())
    const access = metricsAccess === 'key' ? ({ scope: 'read', needsKey: true } as const) : { scope: null }
    app.get(
      '/metrics',
      {
        logLevel: 'warn',
        config: { rateLimit: false, always: true, ...access },
        schema: { hide: true },
      },
      async (_, reply) => reply.type(metrics.contentType).send(await metrics.metrics()),
    )
  },
  { name: 'metrics', fastify: '5.x', dependencies: ['auth', 'database', 'request-metrics'] },
)

function measurePool(registry: Registry, database: Database): void {
  const readings = [
    ['db_pool_connections_max', 'Connections to the database that may be open.', 'size'],
    ['db_pool_connections_busy', 'Connections that work on statements.', 'busy'],
    ['db_pool_statements_waiting', 'Statements that wait for a connection.', 'waiting'],
  ] as const
  for (const [name, help, part] of readings) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(database.load()[part])
      },
    })
  }
}
