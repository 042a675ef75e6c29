// Asks a server as fast as it answers: with wrk where that is installed, else with autocannon (npm install --prefix bench).
import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('wrk.lua', import.meta.url))
const hasWrk = spawnSync('wrk', ['-v']).error === undefined

export const generator = hasWrk ? 'wrk' : 'autocannon'

/** What a program writes to its outputs until it ends. */
function outputOf(command, parameters) {
  return new Promise((resolve, reject) => {
    let text = ''
    const child = spawn(command, parameters)
    child.on('error', reject)
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        text += chunk
      })
    child.on('close', () => resolve(text))
  })
}

const lineOf = ({ method, path, body = '', headers = {} }) => {
  const named = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [method, path, body, named.join('\u001f')].join('\t')
}

async function askWithWrk({ port, requests, read, connections, seconds }) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  try {
    const file = join(folder, 'requests.tsv')
    await writeFile(file, `${requests.map(lineOf).join('\n')}\n`)
    const output = await outputOf('wrk', [
      ...['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '--latency', '-s', script],
      ...[`http://127.0.0.1:${port}`, '--', file, ...(read === undefined ? [] : [read])],
    ])
    const [, result] = /RESULT (\{.*\})/.exec(output) ?? []
    if (result === undefined) throw new Error(`wrk: ${output.slice(-400)}`)
    return JSON.parse(result)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Requests of one connection: its own share of them, from a place of its own. */
const mostOfOne = 500

function shareOf(requests, index, connections) {
  const own = requests.filter((_, place) => place % connections === index % connections)
  return (own.length > 0 ? own : requests).slice(0, mostOfOne)
}

/** A creation and the look at what it made. */
const creation = (request, read) => [
  {
    ...request,
    onResponse(status, body, context) {
      context.id = status === 201 ? JSON.parse(body).id : undefined
    },
  },
  {
    method: 'GET',
    // Where nothing was created, the next creation follows.
    setupRequest: (next, { id }) => id && { ...next, path: read.replace('{id}', id) },
  },
]

async function askWithAutocannon({ port, requests, read, connections, seconds }) {
  const { default: autocannon } = await import('autocannon')
  let clients = 0
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections,
    duration: seconds,
    timeout: 30,
    setupClient(client) {
      const own = shareOf(requests, clients++, connections)
      client.setRequests(own.flatMap((request) => (read === undefined ? [request] : creation(request, read))))
    },
  })
  const unchanged = result.statusCodeStats[304]?.count ?? 0
  return {
    requests: result.requests.total,
    seconds: result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    errors: result.non2xx - unchanged + result.errors,
  }
}

/**
 * Asks for some seconds; with `read`, each id that a request made is then read there. Answers how many requests were
 * answered in how many seconds, half and 99 % of them within how many milliseconds, and how many failed.
 */
export const ask = (work) => (hasWrk ? askWithWrk(work) : askWithAutocannon(work))
