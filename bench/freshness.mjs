// Whether kept answers are ever old: four processes, in which clients write and read the same records as fast as they
// can: `node bench/freshness.mjs --seconds 60`. An answer is stale where a later version was acknowledged to its writer
// before the question was sent.
import { parseArgs } from 'node:util'
import { benchmarkKey, openServer, prepareDatabase } from './database.mjs'
import { startServer } from './servers.mjs'

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, processes: { type: 'string', default: '4' } },
})

const server = await openServer()
const { url } = await prepareDatabase(server, 'S')
const ports = Array.from({ length: Number(options.processes) }, (_, index) => 4320 + index)
const services = []
for (const port of ports) services.push(await startServer('openrmat', url, { port }))

const slugs = ['therapy-1', 'therapy-2', 'therapy-3', 'therapy-4', 'therapy-5']
/** The version that was last acknowledged to its writer. */
const written = new Map(slugs.map((slug) => [slug, 0]))
const told = { writes: 0, reads: 0, notModified: 0, stale: 0 }
const until = Date.now() + Number(options.seconds) * 1000
const place = (index) => `http://127.0.0.1:${ports[index % ports.length]}/v1/therapies`
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Writes in bursts, so that answers are kept in between. */
async function write(slug, start) {
  const headers = { authorization: `Bearer ${benchmarkKey}`, 'content-type': 'application/json' }
  for (let count = start; Date.now() < until; count++) {
    const body = JSON.stringify({ summary: `Written ${count} times` })
    const answer = await fetch(`${place(count)}/${slug}`, { method: 'PATCH', headers, body })
    if (!answer.ok) throw new Error(await answer.text())
    written.set(slug, (await answer.json()).version)
    told.writes += 1
    if (count % 10 === 0) await pause(500)
  }
}

function note(version, least) {
  told.reads += 1
  if (!(version >= least)) told.stale += 1
}

/** Reads one record after the other, by its tag where it was read before. */
async function read(start) {
  const tags = new Map()
  for (let count = start; Date.now() < until; count++) {
    const slug = slugs[count % slugs.length]
    const least = written.get(slug)
    const headers = { 'if-none-match': tags.get(slug) ?? '"none"' }
    const answer = await fetch(`${place(count)}/${slug}?include=`, { headers })
    const body = await answer.text()
    const tag = answer.headers.get('etag')
    tags.set(slug, tag)
    told.notModified += Number(answer.status === 304)
    note(answer.status === 304 ? Number(/\d+/.exec(tag)[0]) : JSON.parse(body).version, least)
  }
}

/** Reads a list in which all of the records stand. */
async function list(start) {
  for (let count = start; Date.now() < until; count++) {
    const least = new Map(written)
    const { data } = await (await fetch(`${place(count)}?limit=1000`)).json()
    for (const { slug, version } of data) if (least.has(slug)) note(version, least.get(slug))
  }
}

await Promise.all([...slugs.map(write), ...[0, 1, 2, 3, 4, 5, 6, 7].map(read), list(0)])
for (const { stop } of services) await stop()
await server.stop()
console.log(
  `${ports.length} processes, ${options.seconds} s: ${told.writes} writes, ${told.reads} reads, of which ${told.notModified} were 304; ${told.stale} stale`,
)
process.exitCode = told.stale === 0 ? 0 : 1
