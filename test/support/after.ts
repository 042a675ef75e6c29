import { readFile, rm } from 'node:fs/promises'
import { sql } from 'drizzle-orm'
import { connect } from '../../src/db/connection.js'
import { stopEmbeddedPostgres } from '../../src/db/embedded/index.js'
import { dataDir, runFile, type TestRun } from './run.js'

const { server, templates }: TestRun = JSON.parse(await readFile(runFile, 'utf8'))
if (process.env.TEST_DATABASE_URL === undefined) {
  await stopEmbeddedPostgres({ dataDir })
  await rm(dataDir, { recursive: true, force: true })
} else {
  const admin = connect({ ...server, max: 1 })
  for (const name of Object.values(templates)) await admin.rows(sql`drop database ${sql.identifier(name)}`)
  await admin.close()
}
await rm(runFile)
