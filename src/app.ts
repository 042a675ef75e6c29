import compress from '@fastify/compress'
import Fastify, {
  type FastifyInstance,
  type FastifyServerOptions,
  LogController,
  type RawRequestDefaultExpression,
} from 'fastify'
import { v7 as uuidv7 } from 'uuid'
import type { Database } from './db/connection.js'
import { validatorCompiler } from './http/validation.js'
import { bodiesPlugin } from './plugins/bodies.js'
import { contractPlugin } from './plugins/contract.js'
import { databasePlugin } from './plugins/database.js'
import { errorsPlugin } from './plugins/errors.js'
import { healthPlugin } from './plugins/health.js'
import { methodsPlugin } from './plugins/methods.js'
import { openapiPlugin } from './plugins/openapi.js'
import { requestLogPlugin } from './plugins/request-log.js'
import { answerBadHttp, answerBadPath, queriesPlugin } from './plugins/unreadable.js'
import { loadRoutes } from './resources/index.js'
import searchRoutes from './search/routes.js'
import statsRoutes from './stats/routes.js'

export interface AppOptions {
  database: Database
  logger?: FastifyServerOptions['logger']
}

/** Bodies, in bytes: a record with all that it owns is far below. */
const bodyLimit = 1024 * 1024

/** The id that a client or proxy gave a request, where it is a harmless one, else a new one. */
function requestIdOf({ headers }: RawRequestDefaultExpression): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : uuidv7()
}

/** The whole service without a process or a port: plugins, then the routes of every resource. */
export async function buildApp({ database, logger = false }: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger,
    bodyLimit,
    requestTimeout: 30_000,
    // Longer than any address that Node.js takes: how long an id may be is for its schema to say.
    routerOptions: { maxParamLength: 20_000 },
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
  await app.register(requestLogPlugin)
  await app.register(errorsPlugin)
  await app.register(queriesPlugin)
  await app.register(bodiesPlugin)
  await app.register(compress, { encodings: ['br', 'gzip'], threshold: 1024 })
  await app.register(databasePlugin, { database })
  await app.register(openapiPlugin)
  // From here on routes are seen by the contract, and their other methods answered.
  await app.register(methodsPlugin)
  await app.register(contractPlugin)
  await app.register(healthPlugin)
  for (const plugin of routes) await app.register(plugin)
  await app.register(searchRoutes)
  await app.register(statsRoutes)
  app.answerOtherMethods()
  await app.ready()
  return app
}
