// Brings the rows of the shared harness's database into ours: `node bench/adopt.mjs bench_s bench_s_openrmat`. Which
// server it is comes from PGHOST, PGPORT and PGUSER, as the harness sets them.
import { readFile } from 'node:fs/promises'
import postgres from 'postgres'
import { textOf } from '../dist/domain/partial-date.js'
import { allowWriting } from './database.mjs'
import { load } from './loader.mjs'

const [from, to] = process.argv.slice(2)
const { PGHOST = '127.0.0.1', PGPORT = '5432', PGUSER = 'postgres' } = process.env
const urlOf = (name) => `postgres://${PGUSER}@${PGHOST}:${PGPORT}/${name}`
const batch = 1000

/** How many made-up sources there are, which the evidence of the events cites. */
const sourcesPerTherapy = 0.2

/** A number that follows from an id, for what the harness does not have. */
const numberOf = (id) => Number.parseInt(id.slice(0, 8), 16)

/** The partial date of a range as PostgreSQL writes it. */
function dateOf(range) {
  const [start, end] = range.slice(1, -1).split(',')
  return textOf({ start, end })
}

const evidenceOf = (id, sources) => [
  {
    source: `source-${numberOf(id) % sources}`,
    quote: `the designation was announced under ${id.slice(0, 8)}`,
  },
]

/** What happened to a designation, so that its status and its dates follow from it. */
function eventsOf({ id, status, granted_on, announced_on }, sources) {
  const evidence = evidenceOf(id, sources)
  const told = { announcedOn: announced_on, evidence }
  if (status === 'requested') return [{ status, ...told }]
  if (status === 'denied') return [{ status: 'requested' }, { status, ...told }]
  const on = dateOf(granted_on)
  const grant = { status: 'granted', on, ...told }
  if (status === 'granted') return [grant]
  return [grant, { status, on: String(Number(on.slice(0, 4)) + 1), evidence }]
}

const designationOf = (row, sources) => ({
  slug: `designation-${row.id.replaceAll('-', '').slice(0, 16)}`,
  therapy: row.therapy,
  program: row.program,
  indication: row.indication,
  organization: row.organization,
  cycle: Number(row.cycle),
  events: eventsOf(row, sources),
})

const therapyOf = ({ slug, name, modality, cell_origin, stage, summary, names, targets, sponsor }) => ({
  slug,
  name,
  modality,
  cellOrigin: cell_origin,
  stage,
  summary,
  names,
  targets,
  organizations: sponsor === null ? [] : [{ organization: sponsor, role: 'sponsor' }],
})

const sourceOf = (index) => ({
  slug: `source-${index}`,
  url: `https://www.example.com/releases/${index}`,
  title: `Release ${index}: designation announced`,
  publisher: 'Example',
  publishedOn: String(1998 + (index % 28)),
  kind: ['press-release', 'news', 'regulator', 'article'][index % 4],
})

const programSlug = `a.code || ':' || p.code`

const therapies = `
  select t.slug, t.name, t.modality, t.cell_origin, t.stage, t.summary,
    (select coalesce(json_agg(json_build_object('name', n.name, 'type', n.type) order by n.id), '[]')
      from therapy_names n where n.therapy_id = t.id) as names,
    (select coalesce(json_agg(lower(g.symbol) order by g.id), '[]')
      from therapy_targets x join targets g on g.id = x.target_id where x.therapy_id = t.id) as targets,
    (select o.slug from designations d join organizations o on o.id = d.organization_id
      where d.therapy_id = t.id order by d.id limit 1) as sponsor
  from therapies t order by t.id`

const designations = `
  select d.id, t.slug as therapy, ${programSlug} as program, i.slug as indication, o.slug as organization, d.status,
    d.granted_on::text, d.announced_on::text,
    row_number() over (partition by d.therapy_id, d.program_id, d.indication_id order by d.id) as cycle
  from designations d join therapies t on t.id = d.therapy_id join programs p on p.id = d.program_id
    join authorities a on a.id = p.authority_id join indications i on i.id = d.indication_id
    join organizations o on o.id = d.organization_id
  order by d.id`

/** The harness's rows as bodies of ours, in the order in which they can be stored. */
async function* batchesFrom(source) {
  yield [
    'authorities',
    await source.unsafe(`select code as slug, name, upper(code) as abbreviation, country as jurisdiction
      from authorities order by id`),
  ]
  yield [
    'programs',
    await source.unsafe(`select ${programSlug} as slug, a.code as authority, p.name
      from programs p join authorities a on a.id = p.authority_id order by p.id`),
  ]
  // Its names repeat; ours are unique.
  yield [
    'indications',
    await source.unsafe(`select i.slug, i.name || ' ' || i.id as name, u.slug as parent
      from indications i left join indications u on u.id = i.parent_id order by i.id`),
  ]
  yield [
    'organizations',
    await source.unsafe(`select slug, case when count(*) over (partition by name) = 1 then name
      else name || ' ' || id end as name, country, kind from organizations order by id`),
  ]
  yield [
    'targets',
    await source.unsafe('select lower(symbol) as slug, symbol, name from targets order by id'),
  ]
  const [{ count }] = await source.unsafe('select count(*)::int from therapies')
  const sources = Math.round(count * sourcesPerTherapy)
  for (let start = 0; start < sources; start += batch)
    yield [
      'sources',
      Array.from({ length: Math.min(batch, sources - start) }, (_, index) => sourceOf(start + index)),
    ]
  for await (const rows of source.unsafe(therapies).cursor(batch)) yield ['therapies', rows.map(therapyOf)]
  for await (const rows of source.unsafe(designations).cursor(batch))
    yield ['designations', rows.map((row) => designationOf(row, sources))]
}

/** What the harness asks for, by slug where it has ids: the same questions are put to every server. */
const questions = {
  W1: `select slug as text, slug from therapies order by md5(id::text || 'w1') limit 4000`,
  W4c: `select distinct q as text, null as slug from (select substr(name, 2, 6) as q from therapy_names
    where type = 'inn' order by md5(id::text || 'w4') limit 300) n where q ~ '^[a-z]+$'`,
  W4p: `select distinct q as text, null as slug from (select substr(name, 1, 6) as q from therapy_names
    where type = 'inn' order by md5(id::text || 'w4p') limit 300) n where q ~ '^[a-z]+$'`,
  W4t: `select overlay(w placing case when substr(w, 5, 1) = 'x' then 'y' else 'x' end from 5 for 1) as text, slug
    from (select t.slug, split_part(n.name, ' ', 1) as w from therapy_names n join therapies t on t.id = n.therapy_id
      where n.type = 'inn' order by md5(n.id::text || 'w4t') limit 200) n where length(w) > 10`,
}

/** What both databases must say of the designations: how many, and sums of hashes of what stands in each. */
const fingerprints = {
  theirs: `select count(*)::int, sum(hashtextextended(concat_ws('|', 'designation-' || left(replace(d.id::text, '-', ''), 16),
      t.slug, ${programSlug}, d.status, d.granted_on::daterange, case when d.granted_on is not null then d.announced_on end), 0))::text as sum
    from designations d join therapies t on t.id = d.therapy_id join programs p on p.id = d.program_id
      join authorities a on a.id = p.authority_id`,
  ours: `select count(*)::int, sum(hashtextextended(concat_ws('|', d.slug, t.slug, p.slug, d.status, d.granted_on::daterange,
      lower(d.announced_on::daterange)), 0))::text as sum
    from designations d join therapies t on t.id = d.therapy_id join programs p on p.id = d.program_id`,
}

async function checkEqual(theirs, ours) {
  const [[expected], [found]] = [
    await theirs.unsafe(fingerprints.theirs),
    await ours.unsafe(fingerprints.ours),
  ]
  if (expected.count !== found.count || expected.sum !== found.sum)
    throw new Error(`The designations differ: ${JSON.stringify({ expected, found })}`)
}

/** Whatever the questions and the expected answers need, in a schema of its own. */
async function prepareQuestions(theirs, ours) {
  await ours.unsafe('create schema if not exists bench')
  await ours.unsafe('create table if not exists bench.questions (workload text, text text, slug text)')
  await ours.unsafe('truncate bench.questions')
  for (const [workload, question] of Object.entries(questions)) {
    const rows = await theirs.unsafe(question)
    await ours`insert into bench.questions
      select ${workload}, * from jsonb_to_recordset(${ours.json(rows)}) q (text text, slug text)`
  }
  await ours.unsafe(await readFile(new URL('expected.sql', import.meta.url), 'utf8'))
}

const started = Date.now()
const say = (what) => console.log(`${((Date.now() - started) / 1000).toFixed(0)} s: ${what}`)
const admin = postgres(urlOf('postgres'), { max: 1 })
const isThere = (await admin`select from pg_database where datname = ${to}`).length > 0
if (!isThere) await admin`create database ${admin(to)}`
await admin.end()

const theirs = postgres(urlOf(from), { max: 2 })
const ours = postgres(urlOf(to), { max: 1, onnotice() {} })
if (!isThere) await load(urlOf(to), batchesFrom(theirs), say)
await allowWriting(urlOf(to))
await checkEqual(theirs, ours)
await prepareQuestions(theirs, ours)
await theirs.end()
await ours.end()
say('done')
