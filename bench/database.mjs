// The PostgreSQL that is measured on: that of DATABASE_URL, whose user may create databases, or an embedded one.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { connect } from '../dist/db/connection.js'
import { startEmbeddedPostgres } from '../dist/db/embedded/index.js'
import { readToken } from '../dist/keys/key.js'
import { keepKey } from '../dist/keys/store.js'
import { load } from './loader.mjs'
import { recordsOf } from './records.mjs'

/** The key that openrmat.json sends; it opens nothing but databases that are made for measuring. */
export const benchmarkKey = 'rmat_benchmarking_OnlyForBenchmarksWithDataThatAreMadeUp00000'

const embedded = {
  dataDir: fileURLToPath(new URL('data', import.meta.url)),
  // All of the data in memory, as on a machine that is a database's own.
  settings: { shared_buffers: '1GB', max_wal_size: '8GB', random_page_cost: '1.1', max_connections: '60' },
}

/** Opens the server: how a database of it is addressed, and how it is left. */
export async function openServer() {
  const { DATABASE_URL } = process.env
  if (DATABASE_URL !== undefined)
    return {
      urlOf: (name) => Object.assign(new URL(DATABASE_URL), { pathname: `/${name}` }).href,
      stop: async () => {},
    }
  const { settings, stop } = await startEmbeddedPostgres({ ...embedded, log: console.error })
  const { host, port, user, password } = settings
  // Where a URL names no server, these do, here and in the processes that are started.
  Object.assign(process.env, { PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password })
  return { urlOf: (name) => `postgres:///${name}`, stop }
}

const seconds = (since) => ((Date.now() - since) / 1000).toFixed(0)

async function createDatabase(urlOf, name) {
  const admin = postgres(urlOf('postgres'), { max: 1 })
  const [found] = await admin`select from pg_database where datname = ${name}`
  if (found === undefined) await admin`create database ${admin(name)}`
  await admin.end()
  return found === undefined
}

/** Lets the benchmark's key write, once. */
export async function allowWriting(url) {
  const database = connect({ url, max: 1 })
  const plan = { name: 'Benchmark', scope: 'write', expiresAt: null }
  // 23505: it is there.
  await keepKey(database, readToken(benchmarkKey), plan).catch((error) => {
    if (error.code !== '23505') throw error
  })
  await database.close()
}

const sqlFile = (name) => readFile(new URL(name, import.meta.url), 'utf8')

/** Makes the database of a scale with its made-up records where it is missing, and what is asked of them. */
export async function prepareDatabase({ urlOf }, scale, name = `openrmat_bench_${scale.toLowerCase()}`) {
  const url = urlOf(name)
  if (await createDatabase(urlOf, name)) {
    const started = Date.now()
    await load(url, recordsOf(scale), (what) => console.error(`${seconds(started)} s: ${what}`))
  }
  await allowWriting(url)
  const sql = postgres(url, { max: 2, onnotice() {} })
  await sql.unsafe(await sqlFile('questions.sql'))
  await sql.unsafe(await sqlFile('expected.sql'))
  return { url, sql }
}

/** The processes of PostgreSQL that work for this database, where they run on this machine. */
export async function backendsOf(sql) {
  const rows = await sql`
    select pid from pg_stat_activity
    where datname = current_database() and coalesce(inet_server_addr() <<= '127.0.0.0/8', true)`
  return rows.map(({ pid }) => pid)
}

/** The questions of a workload with their answers; one without parameters where it needs none. */
export async function questionsOf(sql, { view }) {
  if (view === null) return [{}]
  const rows = await sql.unsafe(`select * from bench.${view}`)
  return rows.map((row) => Object.values(row)[0])
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Looks in a row that find nothing under way: between two statements of a request there is nothing either. */
const quietLooks = 4

/** Waits until nothing is under way, so that what one run left behind does not count against the next. */
export async function whenIdle(sql) {
  for (let quiet = 0; quiet < quietLooks; ) {
    await pause(150)
    const [{ busy }] = await sql`
      select count(*)::int as busy from pg_stat_activity
      where state <> 'idle' and backend_type = 'client backend' and pid <> pg_backend_pid()
        and datname = current_database()`
    quiet = busy === 0 ? quiet + 1 : 0
  }
}
