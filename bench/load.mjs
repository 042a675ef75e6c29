// Fills the empty database of DATABASE_URL with made-up records: `node bench/load.mjs L`.
import { load } from './loader.mjs'
import { recordsOf } from './records.mjs'

const [scale = 'S'] = process.argv.slice(2)
const started = Date.now()
const seconds = () => ((Date.now() - started) / 1000).toFixed(0)
const count = await load(process.env.DATABASE_URL, recordsOf(scale), (what) =>
  console.log(`${seconds()} s: ${what}`),
)
console.log(`${count} records in ${seconds()} s`)
