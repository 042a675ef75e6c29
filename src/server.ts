import { join } from 'node:path'
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import { type DestinationStream, destination, type Logger, pino } from 'pino'
import { buildApp } from './app.js'
import {
  type Config,
  type ConfigError,
  corsOrigins,
  helpText,
  readConfig,
  readOptions,
  trustedProxies,
} from './config.js'
import { openDatabase, StartError } from './database.js'
import type { Database } from './db/connection.js'
import { EmbeddedPostgresError } from './db/embedded/index.js'
import { ensureAdminKey } from './keys/admin-key.js'
import { hasAdminKey } from './keys/store.js'
import { seedWhenEmpty } from './seed/seed.js'
import { upgrade } from './upgrade.js'

/** The service while it runs. */
export interface Service {
  /** Where it listens, such as `http://127.0.0.1:3000`. */
  url: string
  /** The admin key that this start made, which was the first one. */
  adminKey?: AdminKey
  /** Finishes requests under way, then closes the pool, then stops the embedded server. */
  close(): Promise<void>
}

/** A new admin key, and the file that keeps it. */
export interface AdminKey {
  key: string
  file: string
}

/** Where the service writes its log, and what it does when it cannot go on. */
export interface ServiceOptions {
  stream: DestinationStream
  onFailure: (error: Error) => void
}

/** A little less than the ten seconds after which Docker kills. */
const usualGraceMs = 9_000
const sweepMs = 50

/** Starts the service: database, migrations, data when there is none, HTTP. */
export async function startService(config: Config, options: ServiceOptions): Promise<Service> {
  const closers: (() => Promise<unknown>)[] = []
  const logger = pino({ level: config.LOG_LEVEL }, options.stream)
  try {
    const { database, close } = await openDatabase(config, {
      log: logger.info.bind(logger),
      onFailure: options.onFailure,
    })
    closers.push(close)
    const indexed = await upgrade(database)
    logger.debug({ indexed }, 'The database is what this version keeps')
    const records = await seedWhenEmpty(database)
    if (records > 0) logger.info({ records }, 'The registry was empty: it holds the curated data now')
    const adminKey = await firstAdminKey(database, config, logger)
    const app = await buildApp({
      database,
      logger: { level: config.LOG_LEVEL, stream: options.stream },
      readAccess: config.READ_ACCESS,
      metricsAccess: config.METRICS_ACCESS,
      rateLimit: {
        address: config.RATE_LIMIT_ADDRESS,
        key: config.RATE_LIMIT_KEY,
        loopback: config.NODE_ENV === 'production',
      },
      trustProxy: trustedProxies(config),
      corsOrigins: corsOrigins(config),
      keptBytes: config.KEPT_ANSWERS * 1_000_000,
    })
    closers.push(() => closeApp(app))
    const url = await listen(app, config)
    return { url, ...(adminKey && { adminKey }), close: () => closeAll(closers) }
  } catch (error) {
    await closeAll(closers)
    throw error
  }
}

/**
 * The admin key of a first start on the embedded database, which is this machine's own. Another database may have other
 * services on it, whose files are elsewhere: there it is for a person to make one.
 */
async function firstAdminKey(
  database: Database,
  { DATABASE_URL, DATA_DIR }: Config,
  logger: Logger,
): Promise<AdminKey | undefined> {
  if (DATABASE_URL === undefined) {
    const file = join(DATA_DIR, 'admin.key')
    const key = await ensureAdminKey(database, file)
    return key === undefined ? undefined : { key, file }
  }
  if (!(await hasAdminKey(database))) {
    logger.warn('Nobody can write yet: npm run keys -- create NAME --scope admin makes a key')
  }
}

/** Closes in the reverse order of opening, and all of them even when one fails. */
async function closeAll(closers: (() => Promise<unknown>)[]): Promise<void> {
  const closer = closers.pop()
  if (closer === undefined) return
  try {
    await closer()
  } finally {
    await closeAll(closers)
  }
}

/** Finishes requests under way; their connections, which clients keep for more, are closed after the answer. */
async function closeApp(app: FastifyInstance): Promise<void> {
  const sweep = setInterval(() => app.server.closeIdleConnections(), sweepMs)
  try {
    await app.close()
  } finally {
    clearInterval(sweep)
  }
}

async function listen(app: FastifyInstance, config: Config): Promise<string> {
  try {
    return await app.listen({ host: config.HOST, port: config.PORT })
  } catch (cause) {
    const reason = listenProblem(cause as NodeJS.ErrnoException, config)
    if (reason === undefined) throw cause
    throw new StartError(reason, { cause })
  }
}

function listenProblem({ code = '' }: NodeJS.ErrnoException, { HOST, PORT }: Config): string | undefined {
  const notHere = `HOST ${HOST} is no address of this machine: set HOST to one, or to 0.0.0.0 for all`
  const problems: Record<string, string> = {
    EADDRINUSE: `Port ${PORT} of ${HOST} is taken: stop what listens there, or set PORT (0 picks a free one)`,
    EACCES: `This user may not listen on port ${PORT}: set PORT to one above 1023`,
    EADDRNOTAVAIL: notHere,
    ENOTFOUND: notHere,
    EAI_AGAIN: notHere,
  }
  return problems[code]
}

/** Runs the service as this process: options and settings, signals, messages and exit codes. */
export async function main(argv: string[], env?: NodeJS.ProcessEnv, graceMs = usualGraceMs): Promise<void> {
  const config = readSettings(argv, env)
  if (config === undefined) return
  const isPretty = config.LOG_FORMAT === 'pretty' || (config.LOG_FORMAT === 'auto' && process.stdout.isTTY)
  const stream = isPretty ? await prettyStream() : destination({ fd: 1, sync: true })
  const logger = pino({ level: config.LOG_LEVEL }, stream)
  const starting = startService(config, { stream, onFailure: leave })
  stopOnSignal(starting, logger, graceMs)
  await starting.then((service) => announce(service, isPretty ? undefined : logger), leave)
}

/** The settings, or undefined when there is nothing to start: help was asked for, or something is wrong. */
function readSettings(argv: string[], env?: NodeJS.ProcessEnv): Config | undefined {
  try {
    if (!readOptions(argv).help) return readConfig(env)
    console.log(helpText())
  } catch (error) {
    console.error((error as ConfigError).message)
    process.exitCode = 2
  }
}

/** Loaded where somebody looks on: it would be a part of each start. */
async function prettyStream(): Promise<DestinationStream> {
  const { default: pretty } = await import('pino-pretty')
  return pretty({ colorize: process.stdout.isTTY, ignore: 'pid,hostname', sync: true })
}

function stopOnSignal(starting: Promise<Service>, logger: Logger, graceMs: number): void {
  closeWithGrace(
    {
      delay: graceMs,
      // The end of a second Ctrl-C or of the grace; PostgreSQL's guard sees to its end then.
      onSecondSignal: () => console.error('Stopped at once'),
      onTimeout: () =>
        console.error(`Requests were still under way after ${graceMs / 1000} s: stopped at once`),
      skip: ['beforeExit'],
    },
    async ({ err, signal }) => {
      if (err) logger.fatal(err)
      else logger.info(`Stopping on ${signal}`)
      await (await starting).close()
    },
  )
}

/** Says where everything is: to a person, or where nobody reads along (a logger is given) in one line of the log. */
function announce({ url, adminKey }: Service, logger: Logger | undefined): void {
  const places = { api: `${url}/v1`, docs: `${url}/docs`, contract: `${url}/openapi.json` }
  // Not in the log, which is collected and kept.
  if (adminKey !== undefined) console.error(greeting(adminKey))
  if (logger !== undefined) logger.info(places, 'openRMAT is ready')
  else console.log(welcome(places))
}

const greeting = ({ key, file }: AdminKey) =>
  `The first admin key, which is shown this once and kept in ${file}: ${key}`

function welcome({ api, docs, contract }: Record<'api' | 'docs' | 'contract', string>): string {
  return `
  openRMAT is ready

    API       ${api}
    Docs      ${docs}
    Contract  ${contract}
`
}

/** Says why the service cannot go on, in one line when the reason is known, and ends the process. */
function leave(error: Error): void {
  const isKnown = error instanceof StartError || error instanceof EmbeddedPostgresError
  console.error(isKnown ? error.message : error)
  process.exit(1)
}
