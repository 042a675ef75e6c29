import fp from 'fastify-plugin'
import { Counter, Gauge, Registry } from 'prom-client'
import { RequestDurations } from './request-durations.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** What is measured of this service, for Prometheus. */
    metrics: Registry
    /** Counts a request: as one under way until its answer is over, then as one that took so long. */
    measure(request: FastifyRequest, reply: FastifyReply): void
  }
}

/** The status of an answer that nobody waited for, as nginx and others log it. */
const clientGone = 499

/** Counts every request that could be read, also one that is refused by whatever comes next. */
export const requestMetricsPlugin = fp(
  async (app) => {
    const metrics = new Registry()
    const durations = new RequestDurations()
    let underWay = 0

    app.decorate('metrics', metrics)
    app.decorate('measure', (request, reply) => {
      underWay += 1
      // Unlike the hook for answers, this comes also where the client is gone.
      reply.raw.once('close', () => {
        underWay -= 1
        const status = reply.raw.writableEnded ? reply.statusCode : clientGone
        const route = request.routeOptions.url ?? 'unknown'
        durations.observe(request.method, route, status, reply.elapsedTime / 1000)
      })
    })
    app.addHook('onRequest', (request, reply, done) => {
      app.measure(request, reply)
      done()
    })

    const registers = [metrics]
    metrics.registerMetric(durations.asMetric())
    new Counter({
      name: 'http_requests_total',
      help: `Requests that were answered; status ${clientGone} where the client was gone before that.`,
      labelNames: ['method', 'route', 'status'],
      registers,
      collect() {
        this.reset()
        for (const { labels, count } of durations.totals()) this.inc(labels, count)
      },
    })
    new Gauge({
      name: 'http_requests_in_flight',
      help: 'Requests that are being worked on, the one that reads this included.',
      registers,
      collect() {
        this.set(underWay)
      },
    })
  },
  { name: 'request-metrics', fastify: '5.x' },
)
