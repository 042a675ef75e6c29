import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator'
import type { Database, Queryable } from './connection.js'

const migrationsFolder = fileURLToPath(new URL('../../drizzle', import.meta.url))

/** The table in which drizzle-kit looks for what was applied. */
const applied = sql`drizzle.__drizzle_migrations`

/**
 * Brings the database to the newest schema. Drizzle's own migrator takes no lock, and several processes may start at
 * once: here the first one migrates, in one transaction, and the others wait and find it done.
 */
export async function migrate(database: Database): Promise<void> {
  const migrations = readMigrationFiles({ migrationsFolder })
  await database.transaction(async (transaction) => {
    await transaction.rows(sql`select pg_advisory_xact_lock(hashtext('openrmat.migrate'))`)
    await transaction.rows(sql`create schema if not exists drizzle`)
    await transaction.rows(sql`
      create table if not exists ${applied} (id serial primary key, hash text not null, created_at bigint)`)
    const newest = await newestApplied(transaction)
    for (const migration of migrations.filter(({ folderMillis }) => folderMillis > newest)) {
      await apply(transaction, migration)
    }
  })
}

async function newestApplied(db: Queryable): Promise<number> {
  const [row] = await db.rows<{ newest: string | null }>(
    sql`select max(created_at)::text as newest from ${applied}`,
  )
  return Number(row?.newest ?? 0)
}

async function apply(db: Queryable, { sql: statements, hash, folderMillis }: MigrationMeta): Promise<void> {
  for (const statement of statements) await db.rows(sql.raw(statement))
  await db.rows(sql`insert into ${applied} (hash, created_at) values (${hash}, ${folderMillis})`)
}

/** Whether the database has every migration that this version of the service knows. */
export async function isMigrated(db: Queryable): Promise<boolean> {
  const [row] = await db.rows<{ isKnown: boolean }>(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as "isKnown"`,
  )
  if (row?.isKnown !== true) return false
  const newest = readMigrationFiles({ migrationsFolder }).at(-1) as MigrationMeta
  return (await newestApplied(db)) >= newest.folderMillis
}
