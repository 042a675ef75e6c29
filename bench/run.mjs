// Compares openRMAT with what limits it: `npm run bench -- --scale S`. README.md says what is measured and how.
import { mkdir, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { openServer, prepareDatabase, questionsOf, whenIdle } from './database.mjs'
import { generator } from './load-generator.mjs'
import { exported, measured, requestsOf, timed } from './measure.mjs'
import { hasPgbench, pgbenchOf } from './pgbench.mjs'
import { machine } from './proc.mjs'
import { servers, startServer } from './servers.mjs'
import { check, paths, workloads } from './workloads.mjs'

const { values: options } = parseArgs({
  options: {
    scale: { type: 'string', default: 'S' },
    database: { type: 'string' },
    servers: { type: 'string', default: 'hello,pgbench,floor,openrmat,unkept' },
    workloads: { type: 'string', default: Object.keys(workloads).join() },
    seconds: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '32' },
    check: { type: 'boolean', default: false },
  },
})
const [seconds, rounds, connections] = [options.seconds, options.rounds, options.connections].map(Number)
const warmSeconds = 2
const say = (...words) => console.error(new Date().toISOString().slice(11, 19), ...words)

/** Takes out what a workload wrote, so that the next finds what there was. */
async function cleanUp(sql, workload) {
  if (workload !== 'W5') return
  await sql.unsafe(paths.openrmat.W5.cleanup)
  await sql.unsafe(paths.openrmat.W5.vacuum)
}

/** Checks the answers of those servers that give any; answers how long they are. */
async function checkAll(sql, running, workload, questions) {
  let length = 0
  for (const [name, { port }] of running) {
    const template = paths[name]?.[workload]
    if (template === undefined) continue
    const bytes = await check(port, workload, template, questions)
    await cleanUp(sql, workload)
    say(workload, name, 'answers right', bytes > 0 ? `${bytes} bytes` : '')
    if (name === 'openrmat') length = bytes
  }
  return length
}

/** The workloads with whose answers a static text is compared. */
const ofHello = ['W1', 'W2', 'livez']

const templateOf = (name, { workload, length }) =>
  name !== 'hello' ? paths[name][workload] : ofHello.includes(workload) && { path: `/static/${length}` }

/** What a run of a workload by a server is; undefined where the server has no such thing. */
async function workOf(name, server, context) {
  const { workload, questions, url } = context
  if (name === 'pgbench') return pgbenchOf(workload, questions, url)
  const template = templateOf(name, context)
  if (!template) return undefined
  if (workload === 'W7') return (time) => exported(server.port, template, 2 * time)
  const requests = await requestsOf(server.port, workload, template, name === 'hello' ? [{}] : questions)
  return (time) => timed(server.port, { requests, template, connections, seconds: time })
}

async function runOnce(work, server, { sql, workload }, time) {
  const pid = server?.pid ?? null
  const result = await measured({ pid, sql }, () => work(time))
  await whenIdle(sql)
  await cleanUp(sql, workload)
  return result
}

const figures = ({ rate, p50, p99, serverCpu, postgresCpu, errors }) =>
  [
    `${rate.toFixed(rate < 100 ? 1 : 0).padStart(7)}/s`,
    `p50 ${p50?.toFixed(1)} p99 ${p99?.toFixed(1)} ms`,
    `CPU s per 1,000: ${serverCpu?.toFixed(3) ?? '–'} and ${postgresCpu?.toFixed(3) ?? '–'} of PostgreSQL`,
    errors > 0 ? `ERRORS ${errors}` : '',
  ].join('  ')

/** All rounds of a workload, the servers taking turns. */
async function compare(names, running, context) {
  const runs = {}
  const works = new Map()
  for (const name of names) {
    const work = await workOf(name, running.get(name), context)
    if (work !== undefined) works.set(name, work)
  }
  for (let round = 0; round < rounds; round++) {
    for (const [name, work] of works) {
      if (round === 0 && context.workload !== 'W7')
        await runOnce(work, running.get(name), context, warmSeconds)
      const result = await runOnce(work, running.get(name), context, seconds)
      runs[name] = [...(runs[name] ?? []), result]
      say(context.workload, name.padEnd(9), figures(result))
    }
  }
  return runs
}

const server = await openServer()
const { url, sql } = await prepareDatabase(server, options.scale, options.database)
const names = options.servers.split(',').filter((name) => name !== 'pgbench' || hasPgbench)
const running = new Map()
try {
  for (const name of names) if (name in servers) running.set(name, await startServer(name, url))
  const [{ version }] = await sql`select current_setting('server_version') as version`
  const result = {
    scale: options.scale,
    at: new Date().toISOString(),
    options: { seconds, rounds, connections, generator },
    machine: { ...machine(), postgres: version },
    servers: Object.fromEntries(
      names.map((name) => [
        name,
        {
          label: servers[name]?.label ?? "pgbench: the floor's SQL",
          firstAnswerMs: running.get(name)?.firstAnswerMs,
        },
      ]),
    ),
    lengths: {},
    runs: {},
  }
  await mkdir(new URL('results', import.meta.url), { recursive: true })
  for (const workload of options.workloads.split(',')) {
    const questions = await questionsOf(sql, workloads[workload])
    const length = await checkAll(sql, running, workload, questions)
    result.lengths[workload] = length
    if (options.check) continue
    const context = { workload, questions, length, url, sql }
    result.runs[workload] = await compare(names, running, context)
    await writeFile(
      new URL(`results/${options.scale}.json`, import.meta.url),
      `${JSON.stringify(result, null, 1)}\n`,
    )
  }
} finally {
  for (const { stop } of running.values()) await stop()
  await sql.end()
  await server.stop()
}
