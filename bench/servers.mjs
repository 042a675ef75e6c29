// Starts and stops the servers that are compared.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = fileURLToPath(new URL('..', import.meta.url))

/** Limits count but refuse nobody. */
const openrmatSettings = {
  LOG_LEVEL: 'silent',
  RATE_LIMIT_ADDRESS: '1000000000',
  RATE_LIMIT_KEY: '1000000000',
}

const openrmat = {
  label: 'openRMAT, all of it on',
  command: [
    '--max-old-space-size=768',
    '--max-semi-space-size=4',
    '--single-threaded-gc',
    `${root}bin/start.mjs`,
  ],
  settings: openrmatSettings,
  ready: '/readyz',
  port: 4310,
}

/** What there is to start, besides pgbench. */
export const servers = {
  openrmat,
  unkept: {
    ...openrmat,
    label: 'openRMAT without kept answers',
    settings: { ...openrmatSettings, KEPT_ANSWERS: '0' },
    port: 4313,
  },
  floor: {
    label: 'node:http and postgres.js, JSON made in SQL',
    command: [`${here}floor.mjs`],
    ready: '/ready',
    port: 4311,
  },
  hello: {
    label: 'Fastify with a text of the same length',
    command: [`${here}hello.mjs`],
    ready: '/static/20',
    port: 4312,
  },
}

const patienceMs = 60_000
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function answers(port, path) {
  try {
    return (await fetch(`http://127.0.0.1:${port}${path}`)).ok
  } catch {
    return false
  }
}

/** Starts a server on a database. Answers its process, its port, how long the first answer took and how it is stopped. */
export async function startServer(
  name,
  url,
  { parameters = [], stdio = ['ignore', 'ignore', 'inherit'], port = servers[name].port } = {},
) {
  const { command, settings, ready } = servers[name]
  const env = { ...process.env, NODE_ENV: 'production', DATABASE_URL: url, PORT: String(port), ...settings }
  const started = performance.now()
  const child = spawn(process.execPath, [...parameters, ...command], { env, stdio })
  const ended = new Promise((resolve) => {
    child.on('exit', resolve)
  })
  while (!(await answers(port, ready))) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`)
    if (performance.now() - started > patienceMs) throw new Error(`${name} does not answer`)
    await pause(20)
  }
  const stop = () => {
    child.kill('SIGTERM')
    return ended
  }
  return { child, pid: child.pid, port, firstAnswerMs: performance.now() - started, stop }
}
