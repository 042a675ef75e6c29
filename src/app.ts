import { randomUUID } from 'node:crypto'
import Fastify, {
  type FastifyInstance,
  type FastifyServerOptions,
  LogController,
  type RawRequestDefaultExpression,
} from 'fastify'
import type { Database } from './db/connection.js'
import { validatorCompiler } from './http/validation.js'
import keyRoutes from './keys/routes.js'
import pagesRoutes from './pages/routes.js'
import { type AuthOptions, authPlugin } from './plugins/auth.js'
import { bodiesPlugin } from './plugins/bodies.js'
import { cachingPlugin } from './plugins/caching.js'
import { compressionPlugin } from './plugins/compression.js'
import { contractPlugin } from './plugins/contract.js'
import { corsPlugin } from './plugins/cors.js'
import { databasePlugin } from './plugins/database.js'
import { deprecationPlugin } from './plugins/deprecation.js'
import { errorsPlugin } from './plugins/errors.js'
import { healthPlugin } from './plugins/health.js'
import { keptAnswersPlugin } from './plugins/kept-answers.js'
import { type LimitsOptions, limitsPlugin } from './plugins/limits.js'
import { methodsPlugin } from './plugins/methods.js'
import { type MetricsOptions, metricsPlugin } from './plugins/metrics.js'
import { negotiationPlugin } from './plugins/negotiation.js'
import { openapiPlugin } from './plugins/openapi.js'
import { overloadPlugin } from './plugins/overload.js'
import { requestLogPlugin } from './plugins/request-log.js'
import { requestMetricsPlugin } from './plugins/request-metrics.js'
import { securityPlugin } from './plugins/security.js'
import { serverTimingPlugin } from './plugins/server-timing.js'
import { answerBadHttp, answerBadPath, queriesPlugin } from './plugins/unreadable.js'
import { loadRoutes } from './resources/index.js'
import searchRoutes from './search/routes.js'
import statsRoutes from './stats/routes.js'

export interface AppOptions {
  database: Database
  logger?: FastifyServerOptions['logger']
  /** Whether reading needs a key, too; it does not when left out. */
  readAccess?: AuthOptions['readAccess']
  /** Whether reading what is measured needs a key; it does when left out. */
  metricsAccess?: MetricsOptions['metricsAccess']
  /** How often who may ask; as the settings have it by default when left out. */
  rateLimit?: Partial<LimitsOptions>
  /** The addresses and networks of proxies before the service, which say for whom they ask. */
  trustProxy?: string[]
  /** The origins whose pages may use the service from a browser; every one when left out. */
  corsOrigins?: readonly string[]
  /** How many requests are worked on at once; 500 when left out. */
  mostAtOnce?: number
  /** How many bytes of answers are kept in memory; 8 MB when left out, none when it is 0. */
  keptBytes?: number
}

/** Limits where nothing is said of them. */
const usualLimits: LimitsOptions = { address: 600, key: 6000, loopback: false }

/** Bodies, in bytes: a record with all that it owns is far below. */
const bodyLimit = 1024 * 1024

/** The id that a client or proxy gave a request, where it is a harmless one, else a new one. */
function requestIdOf({ headers }: RawRequestDefaultExpression): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID()
}

/** The path and query of an address, of which clients may send all (RFC 9112, section 3.2.2). */
const originForm = ({ url = '/' }: RawRequestDefaultExpression): string =>
  url.replace(/^https?:\/\/[^/?]*\/?/i, '/')

/** The whole service without a process or a port: plugins, then the routes of every resource. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const {
    database,
    logger = false,
    readAccess = 'public',
    metricsAccess = 'key',
    rateLimit,
    trustProxy = [],
    corsOrigins = ['*'],
    mostAtOnce = 500,
    keptBytes = 8_000_000,
  } = options
  const app = Fastify({
    logger,
    bodyLimit,
    trustProxy,
    // Whoever takes longer to say what they want, or to read the answer, keeps others waiting.
    // Node.js itself would answer a request without Host, but with nothing.
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 1000, requireHostHeader: false },
    requestTimeout: 30_000,
    connectionTimeout: 120_000,
    // Longer than any address that Node.js takes: how long an id may be is for its schema to say.
    routerOptions: { maxParamLength: 20_000 },
    rewriteUrl: originForm,
    frameworkErrors: answerBadPath,
    clientErrorHandler: answerBadHttp,
    // One line a request, written by the log plugin.
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    genReqId: requestIdOf,
  })
  app.setValidatorCompiler(validatorCompiler)
  // Records are served as the text that is kept of them; only small documents are written here.
  app.setSerializerCompiler(() => JSON.stringify)
  const routes = await loadRoutes()
  await app.register(requestMetricsPlugin)
  await app.register(serverTimingPlugin)
  await app.register(requestLogPlugin)
  await app.register(securityPlugin)
  await app.register(errorsPlugin)
  await app.register(corsPlugin, { corsOrigins })
  await app.register(overloadPlugin, { mostAtOnce })
  await app.register(queriesPlugin)
  await app.register(bodiesPlugin)
  await app.register(compressionPlugin)
  await app.register(databasePlugin, { database })
  await app.register(keptAnswersPlugin, { keptBytes })
  await app.register(openapiPlugin)
  // From here on routes are seen by the contract, keys asked for, and their other methods answered.
  await app.register(limitsPlugin, { ...usualLimits, ...rateLimit })
  await app.register(authPlugin, { readAccess })
  await app.register(negotiationPlugin)
  await app.register(cachingPlugin)
  await app.register(deprecationPlugin)
  await app.register(methodsPlugin)
  await app.register(contractPlugin)
  await app.register(pagesRoutes, { showsNumbers: readAccess === 'public' })
  await app.register(healthPlugin)
  await app.register(metricsPlugin, { metricsAccess })
  for (const plugin of routes) await app.register(plugin)
  await app.register(searchRoutes)
  await app.register(statsRoutes)
  await app.register(keyRoutes)
  app.answerOtherMethods()
  await app.ready()
  return app
}
