// What a read costs as the registry grows: `node bench/growth.mjs`. A size is measured alone, over one connection, by a
// service that keeps no answers.
import { mkdir, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { openServer, prepareDatabase, questionsOf } from './database.mjs'
import { generator } from './load-generator.mjs'
import { measured, requestsOf, timed } from './measure.mjs'
import { median } from './median.mjs'
import { machine } from './proc.mjs'
import { scales } from './records.mjs'
import { startServer } from './servers.mjs'
import { check, paths, reads, workloads } from './workloads.mjs'

const { values: given } = parseArgs({
  options: {
    scales: { type: 'string', default: '1e3,1e4,M,L' },
    // Of the scales, in their order, where they are there under other names.
    databases: { type: 'string', default: '' },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
  },
})
const options = { seconds: Number(given.seconds), rounds: Number(given.rounds), connections: 1, generator }
const databases = given.databases.split(',')

/** The median cost of one read of a workload. */
async function costOf(workload, { pid, port, sql }) {
  const template = paths.openrmat[workload]
  const questions = await questionsOf(sql, workloads[workload])
  await check(port, workload, template, questions)
  const requests = await requestsOf(port, workload, template, questions)
  const run = (seconds) =>
    measured({ pid, sql }, () => timed(port, { requests, template, connections: 1, seconds }))
  await run(1)
  const runs = []
  for (let round = 0; round < options.rounds; round++) runs.push(await run(options.seconds))
  const of = (figure) => median(runs.map(figure))
  // CPU seconds for a thousand requests are milliseconds for one.
  return { cpu: of(({ serverCpu, postgresCpu }) => serverCpu + postgresCpu), p50: of(({ p50 }) => p50) }
}

async function costsAt(server, scale, database) {
  const { url, sql } = await prepareDatabase(server, scale, database)
  const { pid, port, stop } = await startServer('unkept', url)
  try {
    const costs = {}
    for (const workload of reads) {
      costs[workload] = await costOf(workload, { pid, port, sql })
      console.error(scale, workload, costs[workload])
    }
    return costs
  } finally {
    await stop()
    await sql.end()
  }
}

const server = await openServer()
try {
  const sizes = []
  for (const [index, scale] of given.scales.split(',').entries())
    sizes.push({
      size: scales[scale].designations,
      reads: await costsAt(server, scale, databases[index] || undefined),
    })
  const result = { at: new Date().toISOString(), options, machine: machine(), sizes }
  await mkdir(new URL('results', import.meta.url), { recursive: true })
  await writeFile(new URL('results/growth.json', import.meta.url), `${JSON.stringify(result, null, 1)}\n`)
} finally {
  await server.stop()
}
