// Fills the database of DATABASE_URL with made-up records: `node bench/load.mjs L`.
import { sql } from 'drizzle-orm'
import { definitionOf } from '../dist/crud/registry.js'
import { writeRecords } from '../dist/crud/write.js'
import { connect } from '../dist/db/connection.js'
import { migrate } from '../dist/db/migrate.js'
import { validateBody } from '../dist/http/validation.js'
import { loadRoutes } from '../dist/resources/index.js'
import { recordsOf } from './records.mjs'

const [scale = 'S'] = process.argv.slice(2)
const database = connect({ url: process.env.DATABASE_URL, max: 4 })
await migrate(database)
await loadRoutes()

const started = Date.now()
let [count, last] = [0, '']
/** Batches of one resource may be written side by side; those of the next refer to them. */
const running = new Set()
for (const [resource, bodies] of recordsOf(scale)) {
  if (resource !== last || running.size > 1)
    await (resource === last ? Promise.race(running) : Promise.all(running))
  if (resource !== last) console.log(`${((Date.now() - started) / 1000).toFixed(0)} s: ${resource}`)
  last = resource
  const definition = definitionOf(resource)
  const entries = bodies.map((body) => ({ input: validateBody(definition.input, body) }))
  const writing = database.transaction((transaction) => writeRecords(transaction, definition, entries))
  running.add(writing)
  writing.then(() => running.delete(writing))
  count += bodies.length
}
await Promise.all(running)
await database.rows(sql`vacuum analyze`)
console.log(`${count} records in ${((Date.now() - started) / 1000).toFixed(0)} s`)
await database.close()
