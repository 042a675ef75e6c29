// The plan and the time of each filter alone and of common questions, as a table in Markdown: `node bench/plans.mjs`.
import { sql } from 'drizzle-orm'
import { readDimensions } from '../dist/crud/dimensions.js'
import { listItems } from '../dist/crud/list.js'
import { readFilters } from '../dist/crud/list-parameters.js'
import { allDefinitions } from '../dist/crud/registry.js'
import { connect } from '../dist/db/connection.js'
import { compiled } from '../dist/db/fixed.js'
import { eventsList } from '../dist/resources/events/list.js'
import { loadRoutes } from '../dist/resources/index.js'
import { bearersOf } from '../dist/search/names.js'
import { resolveNames } from '../dist/search/resolve.js'
import { search } from '../dist/search/search.js'
import { suggest } from '../dist/search/suggest.js'
import { others, questions } from './questions.mjs'

const database = connect({ url: process.env.DATABASE_URL, max: 1 })
await loadRoutes()

const nodesOf = (plan) => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

/** Answers statements as the database does, and keeps their plans. */
function explaining(plans) {
  const explain = async (statement) => {
    const { sql: text, params } = compiled(statement)
    const [row] = await database.rows({ sql: `explain (analyze, buffers, format json) ${text}`, params })
    plans.push(row['QUERY PLAN'][0])
  }
  return {
    async rows(statement) {
      const rows = await database.rows(statement)
      await explain(statement)
      return rows
    },
    async written(statement, read) {
      const result = await database.written(statement, read)
      await explain(statement)
      return result
    },
  }
}

const sizes = new Map(
  (await database.rows(sql`select relname, reltuples from pg_class where relkind = 'r'`)).map((row) => [
    row.relname,
    Number(row.reltuples),
  ]),
)

/** Indexes that are told of a plan; the first of them do the work. */
const mostTold = 4

/** What a plan reads whole of a large table, and the index scans that it rests on. */
function told({ Plan }) {
  const nodes = nodesOf(Plan)
  const whole = nodes
    .filter((node) => node['Node Type'] === 'Seq Scan' && sizes.get(node['Relation Name']) > 50_000)
    .map((node) => `**${node['Relation Name']} whole**`)
  const indexes = nodes.flatMap((node) => node['Index Name'] ?? [])
  const read = [...new Set([...whole, ...indexes])]
  return [...read.slice(0, mostTold), ...(read.length > mostTold ? ['…'] : [])].join(', ')
}

/** What a statement costs when what it reads is in memory: the last of three runs of whatever `work` asks the database. */
async function measured(work) {
  const plans = []
  for (let run = 0; run < 3; run++) await work(explaining(plans))
  const last = plans.slice(-plans.length / 3)
  const sum = (of) => last.reduce((total, plan) => total + of(plan), 0)
  return {
    time: sum((plan) => plan['Planning Time'] + plan['Execution Time']),
    execution: sum((plan) => plan['Execution Time']),
    buffers: sum(({ Plan }) => Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks']),
    told: last.map(told).join('; '),
  }
}

const lists = new Map([...allDefinitions(), eventsList].map((listable) => [listable.name, listable]))

/** One question of a list. */
function askList(resource, text) {
  const listable = lists.get(resource)
  const {
    sort = listable.defaultSort,
    total,
    facets,
    ...filters
  } = Object.fromEntries(new URLSearchParams(text))
  const query = {
    meant: readFilters(listable, filters),
    sort,
    after: null,
    limit: 20,
    total: total === 'true',
    facets: facets === undefined ? [] : readDimensions(listable, 'facets', facets, 8),
    include: [],
  }
  return measured((db) => listItems(db, listable, query, () => null))
}

const [sample] = await database.rows(sql`
  select array(select name from therapy_names where type = 'inn' order by md5(name) limit 1000) as names`)
const names = sample.names
const [inn] = names
const code = (await database.rows(sql`select name from therapy_names where type = 'code' limit 1`))[0].name
const withTypo = (name) => `${name.slice(0, 4)}${name[4] === 'x' ? 'y' : 'x'}${name.slice(5)}`
const word = inn.split(' ')[0]
const everything = allDefinitions()
const resources = everything.map(({ name }) => name)

/** What crosses the lists. */
const searches = [
  ['search', inn],
  ['search', code],
  ['search', withTypo(word)],
  ['search', 'RMAT'],
  ['search', 'CD19 lymphoma RMAT'],
  ['search', 'allogeneic leukemia'],
  ['search', 'announces designation'],
].map(([kind, text]) => [kind, text, (db) => search(db, text, everything, 20)])
const suggestions = [inn.slice(0, 1), inn.slice(0, 3), inn.slice(0, 6)].map((text) => [
  'suggest',
  text,
  (db) => suggest(db, text, resources, 10),
])
const resolutions = [
  ['resolve', '1,000 names', (db) => resolveNames(db, names, ['therapies'])],
  ['resolve', '1,000 names with a typo each', (db) => resolveNames(db, names.map(withTypo), ['therapies'])],
  ['path', code, (db) => bearersOf(db, 'therapies', code)],
]
const filters = [
  ['therapies', `name=${code}`],
  ['therapies', `name=${inn.slice(0, 6)}*`],
  ['therapies', 'name=b*'],
  ['therapies', `name=*${inn.slice(1, 7)}*`],
  ['therapies', `q=${withTypo(word)}`],
  ['designations', 'q=CD19 lymphoma RMAT'],
  ['designations', `therapy=${code}`],
]

const [only = ''] = process.argv.slice(2)
const isWanted = ([kind, text]) => `${kind}?${text}`.includes(only)
console.log(
  '| of | asked | planned and run, ms | run, ms | pages read | by |\n| --- | --- | --: | --: | --: | --- |',
)
const tell = ([kind, text], { time, execution, buffers, told: by }) =>
  console.log(`| ${kind} | \`${text}\` | ${time.toFixed(2)} | ${execution.toFixed(2)} | ${buffers} | ${by} |`)
for (const question of [...questions, ...others, ...filters].filter(isWanted))
  tell(question, await askList(...question))
for (const question of [...searches, ...suggestions, ...resolutions].filter(isWanted)) {
  tell(question, await measured(question[2]))
}
await database.close()
