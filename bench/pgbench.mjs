// The floor's statements without HTTP, asked by PostgreSQL's own pgbench where that is installed.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { statements } from './statements.mjs'

export const hasPgbench = spawnSync('pgbench', ['--version']).error === undefined

/** What follows a colon would be read as a variable. */
const literal = (text) => `'${text.replaceAll(':', "' || chr(58) || '")}'`
const anyOf = (values) => `(array[${values.map(literal).join()}])[:n]`

/** The statement of a workload with parameters of its questions, some of them; undefined where it has none. */
function scriptOf(workload, questions) {
  const some = questions.slice(0, 500).map(({ p }) => p)
  const filled = {
    W1: () => statements.therapyBySlug.replace('$1', anyOf(some.map(({ slug }) => slug))),
    W2: () =>
      statements.list.replace('$1', anyOf(some.map(({ program }) => program))).replace('$2', "'granted'"),
    W6: () =>
      statements.count.replace('$1', anyOf(some.map(({ program }) => program))).replace('$2', "'granted'"),
  }
  const statement = filled[workload]?.()
  return statement && `\\set n random(1, ${some.length})\n${statement.replace(/\s+/g, ' ')};\n`
}

const inMs = (microseconds) => microseconds / 1000

/** How a workload is run for some seconds over ten connections; undefined where it has no statement. */
export function pgbenchOf(workload, questions, url) {
  const script = scriptOf(workload, questions)
  return script && ((seconds) => run(script, { url, seconds }))
}

async function run(script, { url, seconds }) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  try {
    await writeFile(join(folder, 'script.sql'), script)
    const parameters = ['-n', '-M', 'prepared', '-c', '10', '-j', '1', '-T', String(seconds), '-l']
    await runProgram('pgbench', [...parameters, '-f', 'script.sql', url], folder)
    const latencies = await latenciesIn(folder)
    const at = (share) => inMs(latencies[Math.floor(latencies.length * share)])
    return { operations: latencies.length, seconds, p50: at(0.5), p99: at(0.99), errors: 0 }
  } finally {
    await rm(folder, { recursive: true })
  }
}

function runProgram(name, parameters, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(name, parameters, { cwd, stdio: 'ignore' })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${name} ended with ${code}`))))
  })
}

/** How long each transaction took, in microseconds, the shortest first. */
async function latenciesIn(folder) {
  const logs = (await readdir(folder)).filter((name) => name.startsWith('pgbench_log'))
  const texts = await Promise.all(logs.map((name) => readFile(join(folder, name), 'utf8')))
  const lines = texts.join('').trim().split('\n')
  return lines.map((line) => Number(line.split(' ')[2])).sort((a, b) => a - b)
}
