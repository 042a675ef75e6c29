// Mixed load for a while, to see whether memory and delays stay level: `node bench/soak.mjs --minutes 10`.
import { mkdir, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { openServer, prepareDatabase, questionsOf, whenIdle } from './database.mjs'
import { ask } from './load-generator.mjs'
import { median } from './median.mjs'
import { startServer } from './servers.mjs'
import { paths, reads, requestOf, workloads } from './workloads.mjs'

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    scale: { type: 'string', default: 'M' },
    database: { type: 'string' },
  },
})
const seconds = Math.round(Number(options.minutes) * 60)

/** Of every hundred reads, so many are of each workload. */
const mix = { W1: 45, W2: 20, W3k: 5, W4c: 5, W4p: 5, W4t: 5, W6: 15 }

/** Rounds of the mix that are written out before they repeat. */
const rounds = 200

async function mixedReads(sql) {
  const requests = []
  for (const workload of reads) {
    const questions = await questionsOf(sql, workloads[workload])
    for (let index = 0; index < rounds * mix[workload]; index++)
      requests.push(requestOf(paths.openrmat[workload], questions[index % questions.length]))
  }
  return requests
}

const units = {
  resident: 'memory, MiB',
  heap: 'heap, MiB',
  delay: 'delay p50, ms',
  delayP99: 'delay p99, ms',
}

/** How much more of each there may be at the end than at the beginning. */
const tolerance = { resident: 1.1, heap: 1.15, delay: 1.5, delayP99: 1.5 }
/** Differences that are none, whatever they are in percent. */
const negligible = { resident: 5, heap: 5, delay: 2, delayP99: 20 }

function judge(samples) {
  const third = Math.floor(samples.length / 3)
  return Object.entries(units).map(([name, unit]) => {
    const of = (some) => median(some.map((sample) => sample[name]))
    const [first, last] = [of(samples.slice(0, third)), of(samples.slice(-third))]
    const isLevel = last <= first * tolerance[name] || last - first <= negligible[name]
    return { unit, first, last, most: Math.max(...samples.map((sample) => sample[name])), isLevel }
  })
}

function textOf(judged, { read, written }) {
  const row = ({ unit, first, last, most, isLevel }) =>
    `| ${[unit, ...[first, last, most].map((figure) => figure.toFixed(1)), isLevel ? 'level' : '**rises**'].join(' | ')} |`
  return [
    `${options.minutes} minutes at scale ${options.scale}: ${read.requests.toLocaleString('en')} reads over 32 connections beside ${(written.requests / 2).toLocaleString('en')} creations over 2, each read again; ${read.errors + written.errors} failed.`,
    '',
    '| medians of a third | first | last | most | |',
    '| --- | --: | --: | --: | --- |',
    ...judged.map(row),
  ].join('\n')
}

const server = await openServer()
const { url, sql } = await prepareDatabase(server, options.scale, options.database)
const { child, port, stop } = await startServer('openrmat', url, {
  parameters: ['--import', new URL('probe.mjs', import.meta.url).href],
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
})
try {
  const { create, read: readPath, cleanup, vacuum } = paths.openrmat.W5
  const creations = (await questionsOf(sql, workloads.W5)).map((question) => requestOf(create, question))
  const requests = await mixedReads(sql)
  const samples = []
  let isLoaded = false
  // What it is before it is asked anything says nothing.
  child.on('message', (sample) => {
    if (isLoaded) samples.push(sample)
    console.error(
      Object.entries(sample)
        .map(([name, figure]) => `${name} ${figure.toFixed(1)}`)
        .join('  '),
    )
  })
  isLoaded = true
  const [read, written] = await Promise.all([
    ask({ port, requests, connections: 32, seconds }),
    ask({ port, requests: creations, read: readPath.path, connections: 2, seconds }),
  ])
  isLoaded = false
  await whenIdle(sql)
  await sql.unsafe(cleanup)
  await sql.unsafe(vacuum)
  const judged = judge(samples)
  const text = textOf(judged, { read, written })
  console.log(text)
  await mkdir(new URL('results', import.meta.url), { recursive: true })
  await writeFile(
    new URL('results/soak.json', import.meta.url),
    `${JSON.stringify({ samples, text }, null, 1)}\n`,
  )
  process.exitCode = judged.every(({ isLevel }) => isLevel) ? 0 : 1
} finally {
  await stop()
  await sql.end()
  await server.stop()
}
