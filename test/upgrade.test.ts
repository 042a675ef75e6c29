import { sql } from 'drizzle-orm'
import t from 'tap'
import { findInvalidRecords } from '../src/crud/check.js'
import { allDefinitions } from '../src/crud/registry.js'
import { findStaleEntries } from '../src/search/check.js'
import { upgrade } from '../src/upgrade.js'
import { testApp } from './support/app.js'

t.test('what an older version wrote gets what this one keeps of it', async (t) => {
  const { ask, database } = await testApp(t)
  t.equal(await upgrade(database), 0, 'nothing is left to do')
  for (const table of ['search_state', 'search_names', 'search_entries', 'search_words']) {
    await database.rows(sql`delete from ${sql.identifier(table)}`)
  }
  await database.rows(sql`delete from designation_states`)
  await database.rows(sql`delete from application_states`)
  t.equal((await ask('GET', '/v1/therapies/UCART22')).status, 404)
  t.ok((await upgrade(database)) > 2000)
  t.equal((await ask('GET', '/v1/therapies/UCART22')).status, 307)
  t.same(await findStaleEntries(database, allDefinitions()), [])
  t.same(await findInvalidRecords(database), [])
})
