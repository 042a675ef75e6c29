import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import type { ConnectionSettings } from '../connection.js'

/** Any number will do, as long as it stays: it names the lock in the maintenance database. */
const lockKey = 7_261_728
const retryMs = 20
/** A service that was killed holds the lock until its server has noticed. */
const patienceMs = 500

/** A lock in the server itself: it ends with the process that holds it, in whatever way that ends. */
export interface Lock {
  /** The connection that holds it, as the superuser. */
  client: postgres.Sql
  /** Closes the connection. */
  release(): Promise<void>
}

/**
 * Takes the lock of the service that uses a server; undefined when another service holds it. Throws when the
 * server does not answer within `answerMs`.
 */
export async function takeLock(settings: ConnectionSettings, answerMs: number): Promise<Lock | undefined> {
  let released = false
  const client = postgres({
    ...settings,
    max: 1,
    max_lifetime: null,
    connect_timeout: answerMs / 1000,
    fetch_types: false,
    onclose: () => {
      // The server closes all connections when one of its processes crashes, and goes on.
      if (!released) setTimeout(() => tryLock(client).catch(() => {}), retryMs).unref()
    },
  })
  const release = async () => {
    released = true
    await client.end({ timeout: 0 })
  }
  try {
    const deadline = Date.now() + patienceMs
    while (Date.now() < deadline) {
      if (await tryLock(client)) return { client, release }
      await sleep(retryMs)
    }
  } catch (error) {
    await release()
    throw error
  }
  await release()
  return undefined
}

async function tryLock(client: postgres.Sql): Promise<boolean> {
  const [row] = await client<[{ held: boolean }]>`select pg_try_advisory_lock(${lockKey}) as held`
  return row.held
}
