import { sql } from 'drizzle-orm'
import pLimit from 'p-limit'
import postgres from 'postgres'
import { compiled, type Statement } from './fixed.js'
import { socketFor } from './messages.js'

/** Where a PostgreSQL server is: a URL, or the parts of one (`host` may be the folder of a Unix socket). */
export interface ConnectionSettings {
  url?: string
  host?: string
  port?: number
  user?: string
  password?: string
  database?: string
  /** Connections in the pool; 10 when not given. */
  max?: number
  /** How long a statement that is not part of a transaction may take; 20 seconds when not given. */
  statementTimeoutMs?: number
}

/** What PostgreSQL wrote of the columns of a row, in memory that is used again as soon as this was read. */
export type Written = readonly (Buffer | null)[]

/** Something that answers statements: the pool, or one transaction. */
export interface Queryable {
  /** The rows that a statement answers. Each statement is prepared once a connection. */
  rows<Row extends object>(statement: Statement): Promise<Row[]>
}

/** A transaction: all of its statements take effect together, or none does. */
export interface Transaction extends Queryable {
  /** Runs `work` so that its failure undoes only its own statements. */
  attempt<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>
  /** Sees to it that no other transaction runs beside this one, for which it may begin again from its start. */
  alone(): void
}

/** What a pool has to do: how many connections it may have, how many are in use, and what waits for one. */
export interface Load {
  size: number
  busy: number
  waiting: number
}

/** A pool of connections to one PostgreSQL database. */
export interface Database extends Queryable {
  /**
   * Runs `work` in one transaction; again from its start, and then alone, when PostgreSQL broke a deadlock on it or
   * when it asks to be alone.
   */
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>
  /**
   * What `read` makes of the one row that a statement answers; undefined where it answers none. For long texts that are
   * passed on as they are: of these nothing is made before they are sent.
   */
  written<Result>(statement: Statement, read: (columns: Written) => Result): Promise<Result | undefined>
  /** Hands on each row that a statement answers. For what is much and only passed on. */
  each(statement: Statement, take: (columns: Written) => void): Promise<void>
  /** What the pool has to do at this moment. */
  load(): Load
  /** Finishes statements under way and closes every connection. */
  close(): Promise<void>
}

/** PostgreSQL's codes for "try the same transaction again": serialization failure and deadlock. */
const retryable = new Set(['40001', '40P01'])
const mostTries = 5

type Client = Pick<postgres.Sql, 'unsafe'>
type Arguments = NonNullable<Parameters<Client['unsafe']>[1]>

async function run<Row extends object>(client: Client, statement: Statement): Promise<Row[]> {
  const { sql: text, params } = compiled(statement)
  // Sent at once, so that statements called one after the other run in that order without waiting for each other.
  return client.unsafe<Row[]>(text, params as Arguments, { prepare: true }).execute()
}

async function runForEach(
  client: Client,
  statement: Statement,
  take: (columns: Written) => void,
): Promise<void> {
  const { sql: text, params } = compiled(statement)
  // The driver's types know rows only as objects.
  const onRow = (row: unknown) => take(row as Written)
  await client
    .unsafe(text, params as Arguments, { prepare: true })
    .raw()
    .forEach(onRow)
}

async function runForOne<Result>(
  client: Client,
  statement: Statement,
  read: (columns: Written) => Result,
): Promise<Result | undefined> {
  let result: Result | undefined
  await runForEach(client, statement, (columns) => {
    result = read(columns)
  })
  return result
}

/** A transaction has to begin again, alone. */
class NotAlone extends Error {}

function transactionOn(client: postgres.TransactionSql, isAlone: boolean): Transaction {
  return {
    rows: (statement) => run(client, statement),
    attempt: async (work) => {
      const result = await client.savepoint(
        async (inner) => [await work(transactionOn(inner, isAlone))] as const,
      )
      return result[0]
    },
    alone: () => {
      if (!isAlone) throw new NotAlone()
    },
  }
}

/** What is written may take as long as it takes: a migration, or the index of the search. */
const unhurried = sql`select set_config('statement_timeout', '0', true)`
const beside = sql`select pg_advisory_xact_lock_shared(hashtext('openrmat.write'))`
const alone = sql`select pg_advisory_xact_lock(hashtext('openrmat.write'))`

/** Connections of what is only passed on, opened when they are needed: exports take none from those who want little. */
const passingConnections = 2

/** Opens a pool. Nothing is connected before the first statement. */
export function connect(settings: ConnectionSettings): Database {
  const { url, max = 10, statementTimeoutMs = 20_000, ...parts } = settings
  const options: NonNullable<Parameters<typeof postgres>[1]> = {
    ...parts,
    max,
    // Seconds; a host that does not answer is away, and the client is told so.
    connect_timeout: 10,
    onnotice: () => {},
    // Every read here is a short index scan, and the sections of a page must come in their written order.
    // As texts, since the driver drops what is false or 0.
    connection: {
      application_name: 'openrmat',
      TimeZone: 'UTC',
      jit: 'off',
      max_parallel_workers_per_gather: '0',
      statement_timeout: statementTimeoutMs,
    },
  }
  const open = (own: typeof options) => (url === undefined ? postgres(own) : postgres(url, own))
  // One that never connects tells how the driver understands the settings.
  const socket = socketFor(open(options).options)
  const client = open({ ...options, ...socket })
  const passing = open({ ...options, ...socket, max: passingConnections, idle_timeout: 60 })
  const onPassing = pLimit(passingConnections)
  // Whatever waits, waits here for a connection that is free: the driver would send it behind a statement under way, which
  // may be a slow one.
  const onConnection = pLimit(max)

  async function tryTransaction<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    attempt: number,
  ): Promise<Result> {
    try {
      return await transactionOnce(work, attempt > 1)
    } catch (error) {
      if (attempt === mostTries || !isRetryable(error)) throw error
      return tryTransaction(work, attempt + 1)
    }
  }

  /** The lock is not waited for here: it is among the first that the connection runs. */
  function transactionOnce<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    isAlone: boolean,
  ): Promise<Result> {
    return client
      .begin(async (inner) => {
        const locked = [run(inner, unhurried), run(inner, isAlone ? alone : beside)]
        const [result] = await Promise.all([work(transactionOn(inner, isAlone)), ...locked])
        return [result] as const
      })
      .then(([result]) => result)
  }

  return {
    rows: (statement) => onConnection(() => run(client, statement)),
    transaction: (work) => onConnection(() => tryTransaction(work, 1)),
    written: (statement, read) => onConnection(() => runForOne(client, statement, read)),
    each: (statement, take) => onPassing(() => runForEach(passing, statement, take)),
    load: () => ({ size: max, busy: onConnection.activeCount, waiting: onConnection.pendingCount }),
    close: async () => {
      await Promise.all([client.end({ timeout: 5 }), passing.end({ timeout: 5 })])
    },
  }
}

function isRetryable(error: unknown): boolean {
  return error instanceof NotAlone || (error instanceof postgres.PostgresError && retryable.has(error.code))
}
