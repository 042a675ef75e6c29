import { readFile } from 'node:fs/promises'
import { sql } from 'drizzle-orm'
import type { Test } from 'tap'
import { type ConnectionSettings, connect, type Database } from '../../src/db/connection.js'
import { databaseName, runFile, type TestRun } from './run.js'

const { server, templates, adminKey }: TestRun = JSON.parse(await readFile(runFile, 'utf8'))

/** A key that may do everything, in every database of a test; as a header, too. */
export { adminKey }
export const authorization = `Bearer ${adminKey}`

/** Where a database of one test file is. */
export interface TestDatabase {
  database: Database
  settings: ConnectionSettings
}

/** Keeps a connection of the pool busy until it is let go. */
export function holdConnection(database: Database): () => Promise<void> {
  let letGo = () => {}
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const over = database.transaction(() => held)
  return () => {
    letGo()
    return over
  }
}

let created = 0

/** A database of the test's own, cloned from one with the curated data or an empty one; dropped at its end. */
export async function testDatabase(
  t: Test,
  { template = 'seeded', max = 4 }: { template?: 'seeded' | 'empty'; max?: number } = {},
): Promise<TestDatabase> {
  const name = databaseName(`${process.pid}_${created++}`)
  const admin = connect({ ...server, max: 1 })
  await admin.rows(
    sql`create database ${sql.identifier(name)} template ${sql.identifier(templates[template])} strategy wal_log`,
  )
  const settings = { ...server, database: name }
  const database = connect({ ...settings, max })
  t.teardown(async () => {
    await database.close()
    // Not "with (force)", which fails where autovacuum is at work: its worker belongs to the superuser. Without it
    // PostgreSQL sends that worker away by itself.
    await admin.rows(
      sql`select pg_terminate_backend(pid, 5000) from pg_stat_activity
        where datname = ${name} and usename = current_user`,
    )
    await admin.rows(sql`drop database ${sql.identifier(name)}`)
    await admin.close()
  })
  return { database, settings }
}
