import { sql } from 'drizzle-orm'
import { type Config, nameOfServer } from './config.js'
import { type ConnectionSettings, connect, type Database } from './db/connection.js'
import { EmbeddedPostgresError, locateEmbeddedPostgres, startEmbeddedPostgres } from './db/embedded/index.js'

/** Why a process cannot do its work, in one line. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/** The database of a process. */
export interface OpenDatabase {
  database: Database
  /** Closes the pool, then stops the embedded server if it was started for it. */
  close(): Promise<void>
}

export interface OpenOptions {
  log: (line: string) => void
  /** Called when the embedded server ends that should be running. */
  onFailure: (error: Error) => void
  /** Whether the server of a service that runs on the same data folder will do. */
  share?: boolean
}

interface Server {
  settings: ConnectionSettings
  stop(): Promise<void>
}

/** Connections of the embedded server: those of the pool and some for other programs, and never few. */
const spareConnections = 10
const fewestConnections = 50

/** Opens the database that the settings name: that of DATABASE_URL, or the embedded one, which is started. */
export async function openDatabase(config: Config, options: OpenOptions): Promise<OpenDatabase> {
  const server = await findServer(config, options)
  const database = connect({ ...server.settings, max: config.DATABASE_POOL })
  const close = async () => {
    try {
      await database.close()
    } finally {
      await server.stop()
    }
  }
  try {
    if (config.DATABASE_URL !== undefined) await checkServer(database, config.DATABASE_URL)
    return { database, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function findServer(
  { DATABASE_URL, DATABASE_POOL, DATA_DIR }: Config,
  { log, onFailure, share = false }: OpenOptions,
): Promise<Server> {
  if (DATABASE_URL !== undefined) return { settings: { url: DATABASE_URL }, stop: async () => {} }
  try {
    return await startEmbeddedPostgres({
      dataDir: DATA_DIR,
      settings: { max_connections: String(Math.max(fewestConnections, DATABASE_POOL + spareConnections)) },
      log,
      onExit: onFailure,
    })
  } catch (error) {
    if (!share || !(error instanceof EmbeddedPostgresError && error.code === 'in-use')) throw error
    return { settings: await locateEmbeddedPostgres({ dataDir: DATA_DIR }), stop: async () => {} }
  }
}

/** Refuses a server that does not answer or is too old; the message does not tell the password. */
async function checkServer(database: Database, url: string): Promise<void> {
  const server = `The PostgreSQL server of DATABASE_URL (${nameOfServer(url)})`
  const [old] = await database.rows<{ version: string }>(tooOld).catch((cause: NodeJS.ErrnoException) => {
    throw new StartError(`${server} cannot be used: ${cause.code} ${cause.message}`, { cause })
  })
  if (old !== undefined)
    throw new StartError(`${server} is PostgreSQL ${old.version}: openRMAT needs 15 or newer`)
}

const tooOld = sql`select current_setting('server_version') as version
  where current_setting('server_version_num')::int < 150000`
