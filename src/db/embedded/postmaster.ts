import { type ChildProcess, spawn } from 'node:child_process'
import { type FileHandle, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.js'
import { type Cluster, socketPort } from './cluster.js'
import { programError } from './errors.js'
import { hasUnixSockets, type PlatformFacts, type ServerUser } from './platform.js'
import { run, spawnError, spawnOptions } from './programs.js'

/** What a running server says of itself in `postmaster.pid`. */
export interface Postmaster {
  pid: number
  /** The folder of its data, as it was started with. */
  data: string
  port: number
  /** The folder of its Unix socket; empty when it listens on a port only. */
  socketDir: string
  /** `starting`, `ready`, `stopping`, or empty before the first of these. */
  status: string
}

/** Where a server listens: on a Unix socket in a folder, or on a port of this machine alone. */
export type Listen = { socketDir: string } | { port: number }

/** A server that this process started. */
export interface Server {
  child: ChildProcess
  pid: number
  /** Resolves when it has ended; with an error when it could not even be spawned. */
  ended: Promise<Error | undefined>
}

/** Above the highest process id of every system. */
const noProcess = 2 ** 31 - 1

const pollMs = 10
const largestLog = 10_000_000

/** Another server was there first, or processes of one that was killed are still about to end. */
const heldByAnother = /lock file "[^"]*" already exists|shared memory block .* still in use/

/** Settings of a small registry that is always there; nothing here gives durability away. */
const serverSettings: Record<string, string> = {
  shared_buffers: '128MB',
  max_connections: '50',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
}

/** What `postmaster.pid` says, or undefined when no server runs (or it has only begun to write that file). */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  const [pid = '', folder = '', , port = '', socketDir = '', , , status = ''] = text.split('\n')
  if (!/^-?\d+$/.test(pid)) return undefined
  return { pid: Math.abs(Number(pid)), data: folder, port: Number(port), socketDir, status: status.trim() }
}

/** For how many milliseconds a running server has been in the state that it is in. */
export async function ageOf({ data }: Postmaster): Promise<number> {
  const { mtimeMs } = await stat(join(data, 'postmaster.pid')).catch(() => ({ mtimeMs: 0 }))
  return Date.now() - mtimeMs
}

/** Where a running server listens. */
export function listenOf({ socketDir, port }: Postmaster): Listen {
  return socketDir === '' ? { port } : { socketDir }
}

/** Whether a process of this id is there, of whatever program. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/**
 * Whether the process that `postmaster.pid` names is that server, and not another program that was given the
 * same id since. Where the system does not say what a process runs, it counts as the server.
 */
export async function isServer({ pid, data }: Postmaster, { os }: PlatformFacts): Promise<boolean> {
  if (!isAlive(pid)) return false
  const command = await commandOf(pid, os)
  return command === undefined || command.includes(data)
}

/** What a process was started with, or undefined where the system does not tell. */
export async function commandOf(pid: number, os: NodeJS.Platform): Promise<string | undefined> {
  const unknown = () => undefined
  if (os === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(unknown)
  if (os === 'darwin')
    return run('/bin/ps', ['-ww', '-o', 'args=', '-p', String(pid)], undefined).catch(unknown)
  return undefined
}

/**
 * Clears the process id that a server left behind which ended without a word, where PostgreSQL would take the
 * program that has the id now for the server. The file stays, as it also tells PostgreSQL whose shared memory
 * must be free before it starts.
 */
export async function disown({ data, socketDir, port }: Postmaster): Promise<void> {
  const file = join(data, 'postmaster.pid')
  await writeFile(file, (await readFile(file, 'utf8')).replace(/^.*/, String(noProcess)))
  if (socketDir !== '') await rm(join(socketDir, `.s.PGSQL.${port}.lock`), { force: true })
}

/** Waits while a server says nothing or `starting`; answers what it is then, undefined when it has ended. */
export async function whenStarted(data: string, platform: PlatformFacts): Promise<Postmaster | undefined> {
  for (;;) {
    const found = await readPostmaster(data)
    if (found === undefined || !(await isServer(found, platform))) return undefined
    if (found.status === 'ready' || found.status === 'stopping') return found
    await sleep(pollMs)
  }
}

/** Asks a server to stop at once but in order: statements under way are broken off, nothing committed is lost. */
export async function askToStop(options: {
  server: Postmaster
  binaries: Binaries
  platform: PlatformFacts
  user: ServerUser | undefined
}): Promise<void> {
  const { server, binaries, platform, user } = options
  if (platform.os === 'win32')
    await run(binaries.pgCtl, ['stop', '-W', '-m', 'fast', '-D', server.data], user)
  else signal(server.pid, 'SIGINT')
}

/** Signals a server, which may have ended by itself in the same moment. */
export function signal(pid: number, name: NodeJS.Signals): void {
  if (isAlive(pid)) process.kill(pid, name)
}

/** Waits for a server to end: true when it did, false when patience ran out first. */
export async function whenStopped(data: string, pid: number, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs
  // PostgreSQL removes the file as its very last act, and a server that was killed leaves it behind.
  while ((await readPostmaster(data))?.pid === pid && isAlive(pid)) {
    if (Date.now() > deadline) return false
    await sleep(pollMs)
  }
  return true
}

/** A place for a new server to listen at. */
export async function choosePlace(
  platform: PlatformFacts,
  openSocketDir: () => Promise<string>,
): Promise<Listen> {
  return hasUnixSockets(platform) ? { socketDir: await openSocketDir() } : { port: await freePort() }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

/** Starts the server and waits until it is ready; undefined when another server has the data. */
export async function launch(options: {
  cluster: Cluster
  binaries: Binaries
  listen: Listen
  user: ServerUser | undefined
  settings: Record<string, string>
}): Promise<Server | undefined> {
  const { cluster, binaries, user } = options
  const log = await openLog(cluster.log)
  const { size: before } = await log.stat()
  const child = spawn(binaries.postgres, parametersOf(options), {
    ...spawnOptions(binaries.postgres, user),
    stdio: ['ignore', log.fd, log.fd],
  })
  const ended = new Promise<Error | undefined>((resolve) => {
    child.once('error', (error) => resolve(spawnError(error)))
    child.once('exit', () => resolve(undefined))
  })
  await log.close()
  if (await isReady(child, cluster.data)) return { child, pid: child.pid as number, ended }
  const error = await ended
  if (error !== undefined) throw error
  const output = (await readFile(cluster.log)).subarray(before).toString()
  if (heldByAnother.test(output)) return undefined
  throw programError('server', output)
}

/** Whether a started server got ready, rather than ending first. */
async function isReady(child: ChildProcess, data: string): Promise<boolean> {
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const found = await readPostmaster(data)
    if (found?.pid === child.pid && found.status === 'ready') return true
    await sleep(pollMs)
  }
  return false
}

/** Keeps the log of the last starts, and one file before it. */
async function openLog(path: string): Promise<FileHandle> {
  const size = await stat(path).then(
    (stats) => stats.size,
    () => 0,
  )
  if (size > largestLog) await rename(path, `${path}.old`)
  return open(path, 'a', 0o600)
}

function parametersOf({ cluster, listen, settings }: Parameters<typeof launch>[0]): string[] {
  const all: Record<string, string> = {
    ...serverSettings,
    ...('port' in listen
      ? { listen_addresses: '127.0.0.1', port: String(listen.port), unix_socket_directories: '' }
      : {
          listen_addresses: '',
          port: String(socketPort),
          unix_socket_directories: `"${listen.socketDir.replaceAll('"', '""')}"`,
        }),
    ...settings,
  }
  return ['-D', cluster.data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}
