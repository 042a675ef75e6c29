import type { ConnectionSettings } from '../connection.js'
import { findPackage, prepareBinaries } from './binaries.js'
import { checkMajor, createCluster, findCluster, openDataDir, readCluster } from './cluster.js'
import { EmbeddedPostgresError, systemError } from './errors.js'
import { checkReach, mayEnter, openSystemDir, serverUser, thisPlatform } from './platform.js'
import { isServer, listenOf, readPostmaster } from './postmaster.js'
import {
  type Context,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  serviceSettings,
  startServer,
  stopServer,
} from './serve.js'

export { EmbeddedPostgresError } from './errors.js'
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './serve.js'

/**
 * Starts PostgreSQL on the data of a folder, which is initialized first when it is empty. Throws an
 * EmbeddedPostgresError that says in one line what is wrong, also when another service uses the folder.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    return await startServer(await prepare(options), options)
  } catch (error) {
    throw systemError(error)
  }
}

/** Stops the server of a data folder that another process started; nothing happens when none runs. */
export async function stopEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<void> {
  if ((await findCluster(options.dataDir, options.platform ?? thisPlatform())) === undefined) return
  const context = await prepare(options)
  const server = await readPostmaster(context.cluster.data)
  if (server !== undefined && (await isServer(server, context.platform))) await stopServer(context, server)
}

/** The connection settings of the server that runs on a data folder, for other processes than the starting one. */
export async function locateEmbeddedPostgres(
  options: Pick<EmbeddedPostgresOptions, 'dataDir' | 'platform'>,
): Promise<ConnectionSettings> {
  const { dataDir, platform = thisPlatform() } = options
  const dir = await findCluster(dataDir, platform)
  const cluster = dir === undefined ? undefined : await readCluster(dataDir, dir)
  const server = cluster && (await readPostmaster(cluster.data))
  if (cluster === undefined || server === undefined) {
    throw new EmbeddedPostgresError('failed', `No PostgreSQL runs on ${dataDir}`)
  }
  return serviceSettings(cluster, listenOf(server))
}

async function prepare(options: EmbeddedPostgresOptions): Promise<Context> {
  const { platform = thisPlatform(), patienceMs = 30_000, log } = options
  const packageDir = options.packageDir ?? findPackage(platform)
  const dataDir = await openDataDir(options.dataDir, platform)
  const found = await findCluster(dataDir, platform)
  const user = await serverUser(platform, found)
  const systemDir = () => openSystemDir(platform)
  const copiesDir = user === undefined ? async () => dataDir : systemDir
  const elsewhere = user !== undefined && !(await mayEnter(dataDir, user)) ? systemDir : undefined
  const binaries = await prepareBinaries({ packageDir, platform, user, copiesDir, log })
  const dir = found ?? (await createCluster({ dataDir, elsewhere, binaries, platform, user, log }))
  const cluster = await readCluster(dataDir, dir)
  checkMajor(cluster, binaries)
  await checkReach(dir, user)
  return { cluster, binaries, platform, user, patienceMs }
}
