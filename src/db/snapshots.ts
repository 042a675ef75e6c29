import { sql } from 'drizzle-orm'
import type { Queryable } from './connection.js'
import { waitFor } from './waits.js'

/**
 * The transactions that a statement sees: two statements with equal snapshots read the same. PostgreSQL tells one by the
 * least transaction under way, the next one to come and those between that are under way, so that each commit makes
 * another and none comes back. The start of the server stands for a database that was set back to an earlier day.
 */
const present = sql`select pg_current_snapshot()::text || ' ' || pg_postmaster_start_time()::text as snapshot`

/**
 * Asks for the present snapshot. Each call is answered by a statement that is sent after it, and all calls that come while
 * one is under way share the next: so it costs next to nothing where there is much to do.
 */
export function snapshotsOf(db: Queryable): () => Promise<string> {
  let underWay: Promise<unknown> = Promise.resolve()
  let next: Promise<string> | undefined

  async function ask(): Promise<string> {
    await underWay
    next = undefined
    const answered = db.rows<{ snapshot: string }>(present)
    underWay = answered.catch(() => {})
    const [row] = await answered
    return String(row?.snapshot)
  }

  return () => {
    next ??= ask()
    return waitFor(next)
  }
}
