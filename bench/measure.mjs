// One run of one workload: how fast, and at what cost to the server and to PostgreSQL.
import http from 'node:http'
import { backendsOf } from './database.mjs'
import { ask } from './load-generator.mjs'
import { cpuOf, cpuOfEach, residentOf, spentBetween } from './proc.mjs'
import { askedAgain, requestOf } from './workloads.mjs'

const everyMs = 500

/** Looks at the memory of a process again and again; `stop` answers what was seen. */
function watchMemory(pid) {
  const seen = [residentOf(pid)]
  const timer = setInterval(() => seen.push(residentOf(pid)), everyMs)
  return {
    stop() {
      clearInterval(timer)
      return [...seen, residentOf(pid)].filter((size) => size !== null)
    },
  }
}

/**
 * Does some work; answers what it answers and what it cost for each thousand of what was done. Without a server, as with
 * pgbench, the connections are gone afterwards and nobody tells what they took.
 */
export async function measured({ pid, sql }, work) {
  const lookAtPostgres = async () => (pid === null ? null : cpuOfEach(await backendsOf(sql)))
  const [server, postgres] = [cpuOf(pid), await lookAtPostgres()]
  const memory = watchMemory(pid)
  const result = await work()
  const seen = memory.stop().sort((a, b) => a - b)
  const each = (seconds) => (seconds === null ? null : (seconds / result.operations) * 1000)
  return {
    ...result,
    rate: result.operations / result.seconds,
    serverCpu: each(server === null ? null : cpuOf(pid) - server),
    postgresCpu: each(spentBetween(postgres, await lookAtPostgres())),
    ...(seen.length > 0 && { memory: seen[seen.length >> 1], memoryPeak: seen.at(-1) }),
  }
}

/** The most requests that are asked for again by their tags. */
const mostTags = 500

/** What the generator sends for a workload. */
export async function requestsOf(port, workload, template, questions) {
  if (workload !== 'W1n') return questions.map((question) => requestOf(template.create ?? template, question))
  const requests = []
  for (const question of questions.slice(0, mostTags))
    requests.push(await askedAgain(port, requestOf(template, question)))
  return requests
}

/** Asks a server for some seconds; a creation and its reading are one operation. */
export async function timed(port, { requests, template, connections, seconds }) {
  const read = template.read && requestOf(template.read, { p: { id: '{id}' } }).path
  const unescaped = read === undefined ? {} : { read: decodeURIComponent(read) }
  const result = await ask({ port, requests, connections, seconds, ...unescaped })
  return { ...result, operations: result.requests / (read === undefined ? 1 : 2) }
}

const lineFeed = 10

/** Reads an export for some seconds at most; answers how many rows came. */
export function exported(port, { path }, mostSeconds) {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    let [operations, bytes, first] = [0, 0, null]
    const done = (isWhole) => {
      const seconds = (performance.now() - started) / 1000
      resolve({ operations, seconds, isWhole, megabytes: bytes / 1e6, p50: first, p99: null, errors: 0 })
    }
    const request = http.get({ host: '127.0.0.1', port, path }, (response) => {
      response.on('data', (chunk) => {
        first ??= performance.now() - started
        bytes += chunk.length
        for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, at + 1)) operations++
        if (performance.now() - started < mostSeconds * 1000) return
        response.removeAllListeners('end')
        response.on('error', () => {})
        done(false)
        request.destroy()
      })
      response.on('end', () => done(true))
      response.on('error', reject)
    })
    request.on('error', reject)
  })
}
