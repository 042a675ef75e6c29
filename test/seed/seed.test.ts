import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { sql } from 'drizzle-orm'
import t from 'tap'
import { findInvalidRecords, findStaleDocuments } from '../../src/crud/check.js'
import { createRecord } from '../../src/crud/operations.js'
import { connect } from '../../src/db/connection.js'
import { authoritiesResource } from '../../src/resources/authorities/store.js'
import { seedFolder } from '../../src/seed/files.js'
import { seed, seedWhenEmpty } from '../../src/seed/seed.js'
import { testDatabase } from '../support/database.js'

const { database } = await testDatabase(t)

const nothing = { created: 0, updated: 0 }

t.test('loading the curated data again changes nothing', async (t) => {
  const state = () =>
    database.rows(sql`select md5(string_agg(document, '' order by id)) as documents, sum(version)::int as versions
      from (select id, document, version from therapies union all select id, document, version from designations
        union all select id, document, version from sources) r`)
  const before = await state()
  const report = await seed(database)
  t.match(report, nothing)
  t.ok(report.unchanged > 2000, `${report.unchanged} records`)
  t.strictSame(await state(), before)
})

t.test('the curated data makes right records', async (t) => {
  t.same(await findStaleDocuments(database), [])
  t.same(await findInvalidRecords(database), [])
})

t.test('what the files say anew is replaced, and what is new is created', async (t) => {
  const folder = t.testdir()
  cpSync(fileURLToPath(seedFolder), folder, { recursive: true })
  const path = `${folder}/therapies/lasme-cel.json`
  const content = JSON.parse(readFileSync(path, 'utf8'))
  content.therapy.stage = 'phase-2'
  const [first] = content.designations
  content.designations.push({ ...first, slug: 'lasme-cel-ema-orphan-2', cycle: 2 })
  writeFileSync(path, JSON.stringify(content))
  t.match(await seed(database, pathToFileURL(`${folder}/`)), { created: 1, updated: 1 })
  const [therapy] = await database.rows<{ stage: string; version: number }>(
    sql`select stage, version from therapies where slug = 'lasme-cel'`,
  )
  t.strictSame(therapy, { stage: 'phase-2', version: 2 })
  t.match(await seed(database), { created: 0, updated: 1 }, 'what is not in the files stays')
})

t.test('a registry that holds something is left alone', async (t) => {
  t.equal(await seedWhenEmpty(database), 0)
})

t.test('a registry that somebody emptied stays empty', async (t) => {
  const { database: emptied } = await testDatabase(t, { template: 'empty' })
  const body = { name: 'Swissmedic', abbreviation: 'Swissmedic', jurisdiction: 'CH' }
  const { id } = JSON.parse((await createRecord(emptied, authoritiesResource, body)).body)
  await emptied.rows(sql`delete from authorities`)
  await emptied.rows(sql`
    insert into tombstones (id, resource, slug, deleted_at) values (${id}, 'authorities', 'swissmedic', now())`)
  t.equal(await seedWhenEmpty(emptied), 0)
})

t.test('of two processes that start at once, one loads the data', async (t) => {
  const { database: one, settings } = await testDatabase(t, { template: 'empty', max: 2 })
  const two = connect({ ...settings, max: 2 })
  t.teardown(() => two.close())
  const [first, second] = await Promise.all([seedWhenEmpty(one), seedWhenEmpty(two)])
  const loaded = Math.max(first, second)
  t.ok(loaded > 2000, `${loaded} records`)
  t.equal(Math.min(first, second), 0)
  const [row] = await one.rows<{ count: number }>(sql`select count(*)::int as count from therapies`)
  t.ok(row && row.count > 150)
})
