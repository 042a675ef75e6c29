// Writes the tables of README.md and the plots from results: `node bench/report.mjs`.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { barChart, lineChart } from './chart.mjs'
import { median } from './median.mjs'
import { workloads } from './workloads.mjs'

const at = (name) => new URL(name, import.meta.url)
const readResult = (name) =>
  existsSync(at(`results/${name}.json`))
    ? JSON.parse(readFileSync(at(`results/${name}.json`), 'utf8'))
    : undefined

function shown(figure, digits = 3) {
  if (figure === undefined) return '–'
  return figure >= 1000 ? Math.round(figure).toLocaleString('en') : String(Number(figure.toPrecision(digits)))
}

const table = (head, rows) =>
  [head, ['---', ...head.slice(1).map(() => '--:')], ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')

const figureOf = ({ runs }, workload, server, name) =>
  median((runs[workload]?.[server] ?? []).map((run) => run[name]))

const shareOf = (result, workload, server, of) =>
  figureOf(result, workload, server, 'rate') / figureOf(result, workload, of, 'rate')

const spreadOf = ({ runs }, workload, server) => {
  const rates = (runs[workload]?.[server] ?? []).map(({ rate }) => rate)
  const spread = (Math.max(...rates) - Math.min(...rates)) / 2 / median(rates)
  return rates.length > 1 ? ` ±${Math.round(spread * 100)} %` : ''
}

function ratesTable(result, names) {
  const cell = (workload, name) => {
    const rate = figureOf(result, workload, name, 'rate')
    if (rate === undefined) return '–'
    const share = shareOf(result, workload, name, 'floor')
    const cut = result.runs[workload][name].some(({ isWhole }) => isWhole === false) ? ' (cut off)' : ''
    return `${shown(rate)}${spreadOf(result, workload, name)}${name !== 'floor' && share > 0 ? ` (${shown(share, 2)})` : ''}${cut}`
  }
  const rows = Object.keys(result.runs).map((workload) => [
    `${workload} ${workloads[workload].title}`,
    ...names.map((name) => cell(workload, name)),
  ])
  return table(['a second (share of floor)', ...names], rows)
}

const pairs = {
  'p50 / p99, ms': ['p50', 'p99'],
  'CPU s for 1,000: server / PostgreSQL': ['serverCpu', 'postgresCpu'],
  'memory, MiB: median / peak': ['memory', 'memoryPeak'],
}

function pairTable(result, names, [title, [one, other]]) {
  const cell = (workload, name) => {
    const figures = [one, other].map((figure) => shown(figureOf(result, workload, name, figure)))
    return figures.every((figure) => figure === '–') ? '–' : figures.join(' / ')
  }
  const rows = Object.keys(result.runs).map((workload) => [
    workload,
    ...names.map((name) => cell(workload, name)),
  ])
  return table([title, ...names], rows)
}

const machineOf = ({ machine, options, at: time }) =>
  `${time.slice(0, 16)}Z; ${machine.cpu}, ${machine.cores} cores, ${machine.memory}, ${machine.system}; Node.js ${machine.node}${machine.postgres ? `, PostgreSQL ${machine.postgres}` : ''}; ${options.generator}, ${options.connections} connections, medians of ${options.rounds} rounds of ${options.seconds} s.`

function comparison(result) {
  const names = Object.keys(result.servers)
  const starts = names.flatMap((name) => {
    const { firstAnswerMs } = result.servers[name]
    return firstAnswerMs === undefined ? [] : [`${name} ${Math.round(firstAnswerMs)} ms`]
  })
  return [
    machineOf(result),
    ratesTable(result, names),
    ...Object.entries(pairs).map((pair) => pairTable(result, names, pair)),
    `From start to first answer: ${starts.join(', ')}. Failed requests: ${failed(result)}.`,
  ].join('\n\n')
}

const failed = ({ runs }) => {
  const told = Object.entries(runs).flatMap(([workload, servers]) =>
    Object.entries(servers).flatMap(([name, list]) => {
      const errors = list.reduce((sum, run) => sum + run.errors, 0)
      return errors > 0 ? [`${errors} of ${name} in ${workload}`] : []
    }),
  )
  return told.length > 0 ? told.join(', ') : 'none'
}

function ratios(result) {
  const names = Object.keys(result.servers).filter((name) => name !== 'floor')
  const rows = Object.keys(result.runs)
    .filter((workload) => result.runs[workload].floor !== undefined)
    .map((workload) => [
      workload,
      Object.fromEntries(names.map((name) => [name, shareOf(result, workload, name, 'floor')])),
    ])
  return barChart(`Rates as shares of the floor, scale ${result.scale}`, names, rows)
}

/** What a read costs at each size: CPU of server and PostgreSQL, in milliseconds, and p50 alone on one connection. */
function growthTable({ sizes }) {
  const names = Object.keys(sizes[0].reads)
  const rows = names.map((name) => [
    `${name} ${workloads[name].title}`,
    ...sizes.map(({ reads }) => `${shown(reads[name].cpu)} / ${shown(reads[name].p50)}`),
  ])
  return table(['CPU ms / p50 ms', ...sizes.map(({ size }) => size.toLocaleString('en'))], rows)
}

const growthChart = ({ sizes }) =>
  lineChart(
    'Cost of a read against the size of the registry',
    { up: 'CPU of server and PostgreSQL, ms a request', across: 'designations' },
    Object.fromEntries(
      Object.keys(sizes[0].reads).map((name) => [
        name,
        sizes.flatMap(({ size, reads }) => (reads[name].cpu > 0 ? [[size, reads[name].cpu]] : [])),
      ]),
    ),
  )

/** Puts text between the markers of a part of README.md. */
function fill(readme, name, content) {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [readme.indexOf(start), readme.indexOf(end)]
  if (from < 0 || to < 0) throw new Error(`README.md has no place for ${name}`)
  return `${readme.slice(0, from + start.length)}\n${content}\n${readme.slice(to)}`
}

let readme = readFileSync(at('README.md'), 'utf8')
for (const scale of ['S', 'M', 'L']) {
  const result = readResult(scale)
  if (result === undefined) continue
  readme = fill(readme, `results ${scale}`, comparison(result))
  writeFileSync(at('ratios.svg'), ratios(result))
}
const growth = readResult('growth')
if (growth !== undefined) {
  readme = fill(readme, 'growth', `${machineOf(growth)}\n\n${growthTable(growth)}`)
  writeFileSync(at('growth.svg'), growthChart(growth))
}
const soak = readResult('soak')
if (soak !== undefined) readme = fill(readme, 'soak', soak.text)
writeFileSync(at('README.md'), readme)
