import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectionSettings } from '../connection.js'
import type { Binaries } from './binaries.js'
import { type Cluster, openSocketDir } from './cluster.js'
import { EmbeddedPostgresError } from './errors.js'
import { type Guard, guardServer } from './guard.js'
import { type Lock, takeLock } from './lock.js'
import type { PlatformFacts, ServerUser } from './platform.js'
import {
  ageOf,
  askToStop,
  choosePlace,
  disown,
  isAlive,
  isServer,
  type Listen,
  launch,
  listenOf,
  type Postmaster,
  readPostmaster,
  type Server,
  signal,
  whenStarted,
  whenStopped,
} from './postmaster.js'
import { provision, serviceName } from './provision.js'

/** How to start the embedded server; all but the data folder is for tests and for messages. */
export interface EmbeddedPostgresOptions {
  /** The folder that holds everything; made when missing. */
  dataDir: string
  /** Called with each line that a person may want to know. */
  log?: (line: string) => void
  /** Called when the server ends that should be running. */
  onExit?: (error: EmbeddedPostgresError) => void
  /** Leaves the server running when this process ends; `stopEmbeddedPostgres` stops it. */
  detached?: boolean
  /** Settings of PostgreSQL beyond this module's own. */
  settings?: Record<string, string>
  /** The folder of the npm package with the binaries. */
  packageDir?: string
  platform?: PlatformFacts
  /** How long a server may take to answer, and to stop in order; 30 s. */
  patienceMs?: number
}

/** A running embedded server. */
export interface EmbeddedPostgres {
  /** Where the service's database is. */
  settings: ConnectionSettings
  /** Stops the server: connections are closed, what was committed is on disk. */
  stop(): Promise<void>
}

/** What the steps of a start have in common. */
export interface Context {
  cluster: Cluster
  binaries: Binaries
  platform: PlatformFacts
  user: ServerUser | undefined
  patienceMs: number
}

/** Two starts at once can stop each other's server once; processes of a killed one take a moment to end. */
const mostStarts = 10
const pauseMs = 50
const firstMomentMs = 500

const wrongPassword = '28P01'

/** Starts the server of a cluster, after whatever still runs on it is dealt with. */
export async function startServer(
  context: Context,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { cluster, platform, user } = context
  for (let attempt = 0; attempt < mostStarts; attempt++) {
    await clearTheWay(context)
    const listen = await choosePlace(platform, () => openSocketDir(cluster, platform, user))
    const server = await launch({ ...context, listen, settings: options.settings ?? {} })
    const lock = server && (await lockServer(context, listen))
    if (server !== undefined && typeof lock === 'object')
      return serve(context, options, { server, lock, listen })
    await sleep(pauseMs)
  }
  throw inUse(cluster)
}

/** Deals with a server that already runs on the data: one of a killed service is stopped, one in use is not. */
async function clearTheWay(context: Context): Promise<void> {
  const { cluster, platform, patienceMs } = context
  const found = await readPostmaster(cluster.data)
  if (found === undefined || !isAlive(found.pid)) return
  if (!(await isServer(found, platform))) return disown(found)
  const server = await whenStarted(cluster.data, platform)
  if (server === undefined) return
  // Another start may have launched it, and be just about to take its lock.
  await sleep(Math.max(0, firstMomentMs - (await ageOf(server))))
  const lock = await lockServer(context, listenOf(server))
  if (lock === undefined) throw inUse(cluster)
  if (lock !== 'unreachable') {
    await lock.release()
    return stopServer(context, server)
  }
  if (await whenStopped(cluster.data, server.pid, patienceMs)) return
  throw new EmbeddedPostgresError(
    'failed',
    `PostgreSQL (process ${server.pid}) has ${cluster.data} but does not answer: end it, ` +
      'or remove postmaster.pid there when that process is another program',
  )
}

/** The lock of a server; undefined when another service has it, `unreachable` when the server is about to end. */
async function lockServer(
  { cluster, patienceMs }: Context,
  listen: Listen,
): Promise<Lock | undefined | 'unreachable'> {
  try {
    return await takeLock(superuserSettings(cluster, listen), patienceMs)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== wrongPassword) return 'unreachable'
    throw new EmbeddedPostgresError(
      'failed',
      `PostgreSQL does not accept the password that is kept in ${cluster.dir}: restore that file`,
      { cause: error },
    )
  }
}

async function serve(
  context: Context,
  { detached = false, onExit }: EmbeddedPostgresOptions,
  { server, lock, listen }: { server: Server; lock: Lock; listen: Listen },
): Promise<EmbeddedPostgres> {
  const { cluster, platform } = context
  let stopping = false
  let guard: Guard | undefined
  void server.ended.then(async () => {
    // Or it would go on trying, and take the lock of the next server here.
    await lock.release()
    if (!stopping)
      onExit?.(new EmbeddedPostgresError('failed', `PostgreSQL ended: ${cluster.log} may say why`))
  })
  if (!detached && platform.os !== 'win32') guard = guardServer(server.pid)
  await provision(lock.client, cluster.password)
  if (detached) {
    await lock.release()
    server.child.unref()
  }
  return {
    settings: serviceSettings(cluster, listen),
    stop: async () => {
      stopping = true
      await guard?.dismiss()
      await lock.release()
      const running = await readPostmaster(cluster.data)
      if (running?.pid === server.pid) await stopServer(context, running)
    },
  }
}

/** Stops a server that is known to be one; the last resort is an end without a checkpoint. */
export async function stopServer(context: Context, server: Postmaster): Promise<void> {
  const { cluster, patienceMs } = context
  await askToStop({ ...context, server })
  if (await whenStopped(cluster.data, server.pid, patienceMs)) return
  signal(server.pid, 'SIGQUIT')
  await whenStopped(cluster.data, server.pid, patienceMs)
}

function inUse({ dir }: Cluster): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'in-use',
    `Another openRMAT uses the data in ${dir}: stop it, or set DATA_DIR to another folder`,
  )
}

function superuserSettings({ password }: Cluster, listen: Listen): ConnectionSettings {
  return { ...address(listen), user: 'postgres', password, database: 'postgres' }
}

/** Where the service's database is. */
export function serviceSettings({ password }: Cluster, listen: Listen): ConnectionSettings {
  return { ...address(listen), user: serviceName, password, database: serviceName }
}

function address(listen: Listen): ConnectionSettings {
  return 'port' in listen ? { host: '127.0.0.1', port: listen.port } : { host: listen.socketDir, port: 5432 }
}
