import { writeFile } from 'node:fs/promises'
import { sql } from 'drizzle-orm'
import { type ConnectionSettings, connect } from '../../src/db/connection.js'
import { startEmbeddedPostgres } from '../../src/db/embedded/index.js'
import { makeToken } from '../../src/keys/key.js'
import { keepKey } from '../../src/keys/store.js'
import { seed } from '../../src/seed/seed.js'
import { upgrade } from '../../src/upgrade.js'
import { databaseName, dataDir, runFile, type TestRun } from './run.js'

/** A server of our own, unless TEST_DATABASE_URL names another (its user must be allowed to create databases). */
async function findServer(): Promise<ConnectionSettings> {
  const url = process.env.TEST_DATABASE_URL
  if (url !== undefined) return { url }
  const { settings } = await startEmbeddedPostgres({
    dataDir,
    detached: true,
    // Nothing of a test run has to outlive a power cut.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  })
  return settings
}

const token = makeToken()

async function createTemplate(
  server: ConnectionSettings,
  name: string,
  fill: 'empty' | 'seeded',
): Promise<void> {
  const admin = connect({ ...server, max: 1 })
  await admin.rows(sql`create database ${sql.identifier(name)} template template0 encoding 'UTF8'`)
  await admin.close()
  const database = connect({ ...server, database: name, max: 1 })
  await upgrade(database)
  if (fill === 'seeded') await seed(database)
  await keepKey(database, token, { name: 'Tests', scope: 'admin', expiresAt: null })
  await database.rows(sql`analyze`)
  await database.close()
}

const server = await findServer()
const templates = { empty: databaseName('empty'), seeded: databaseName('seeded') }
await Promise.all([
  createTemplate(server, templates.empty, 'empty'),
  createTemplate(server, templates.seeded, 'seeded'),
])
const run: TestRun = { server, templates, adminKey: token.text }
await writeFile(runFile, JSON.stringify(run), { mode: 0o600 })
