import { sql } from 'drizzle-orm'
import t from 'tap'
import { fixed, quoted } from '../../src/db/fixed.js'
import { testDatabase } from '../support/database.js'

t.test('what is put together once has no parameters', async (t) => {
  const { database } = await testDatabase(t, { template: 'empty', max: 1 })
  const part = fixed(sql`select ${quoted("it's")} as text`)
  t.same(await database.rows(part), [{ text: "it's" }])
  t.throws(() => fixed(sql`select ${1}`), { message: 'Not the same each time: select $1' })
})
