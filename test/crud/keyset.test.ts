import { sql } from 'drizzle-orm'
import t from 'tap'
import { type ListPage, listItems } from '../../src/crud/list.js'
import type { Position } from '../../src/db/keyset.js'
import { organizationsResource } from '../../src/resources/organizations/store.js'
import { trialsResource } from '../../src/resources/trials/store.js'
import { testDatabase } from '../support/database.js'
import { plansOf } from '../support/plans.js'
import { randomFrom } from '../support/random.js'

const { database } = await testDatabase(t, { template: 'empty' })
const random = randomFrom(Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31))
const { below, chance, oneOf, someOf } = random

let inserted = 0
/** Inserts trials of few different values, many of them null; each has its slug for a document. */
async function insertTrials(count: number): Promise<string[]> {
  const rows = Array.from({ length: count }, () => {
    const slug = `t${(inserted++).toString(36)}-${below(1000)}`
    const dates = [
      null,
      null,
      '[2021-01-01,2022-01-01)',
      '[2021-01-01,2021-04-01)',
      '[2021-11-08,2021-11-09)',
    ]
    return {
      id: crypto.randomUUID(),
      slug,
      document: JSON.stringify(slug),
      updated_at: `2026-11-2${below(2)}T08:00:00.00${below(3)}Z`,
      created_at: '2026-11-20T08:00:00Z',
      version: 1,
      title: slug,
      ...(chance(0.5) && { registry: 'other', registry_id: slug }),
      acronym: oneOf([null, null, 'BALLI-01', 'balli-01', 'ALPHA2', 'Ärzte', 'zuma', 'z-uma', 'd\'Or, "x"']),
      started_on: oneOf(dates),
    }
  })
  await database.rows(sql`
    insert into trials select * from json_populate_recordset(null::trials, ${sql.param(rows)}::json)`)
  return rows.map(({ slug }) => slug)
}

/** One to three keys, each in a direction of its own, as a client writes them. */
function someSort(): string {
  const keys = ['acronym', 'startedOn', 'updatedAt', 'slug', 'registryId']
  const chosen = someOf(keys, 3)
  return (chosen.length > 0 ? chosen : ['acronym']).map((key) => (chance(0.5) ? `-${key}` : key)).join(',')
}

/** The slugs of all trials in order, as one plain query has them. */
async function oracle(sort: string): Promise<string[]> {
  const { sorts } = trialsResource
  const direction = (key: string) => (key.startsWith('-') ? sql`desc` : sql`asc`)
  const keys = sort.split(',')
  const order = keys.map(
    (key) => sql`${sorts[key.replace(/^-/, '')]?.expression} ${direction(key)} nulls last`,
  )
  const last = direction(keys.at(-1) as string)
  const rows = await database.rows<{ slug: string }>(
    sql`select slug from trials order by ${sql.join([...order, sql`id ${last}`], sql`, `)}`,
  )
  return rows.map(({ slug }) => slug)
}

const query = (sort: string, limit: number, after: Position | null) => ({
  meant: { values: {}, modifiers: { dateMatch: 'possible' as const, indicationExact: false } },
  sort,
  after,
  limit,
  total: false,
  facets: [],
  include: [],
})

/** The slugs of all pages, one after the other; `between` runs between two of them. */
async function walk(sort: string, limitOf: () => number, between = async () => {}): Promise<string[]> {
  const slugs: string[] = []
  let after: Position | null = null
  do {
    const limit = limitOf()
    const asked = query(sort, limit, after)
    const { found, end } = await listItems(database, trialsResource, asked, ({ items, end }) => ({
      found: JSON.parse(`[${items}]`) as string[],
      end,
    }))
    if (end !== null && found.length !== limit) throw new Error(`a page of ${found.length}, not ${limit}`)
    slugs.push(...found)
    after = end
    await between()
  } while (after !== null)
  return slugs
}

await insertTrials(120)

t.test('pages one after the other are the whole list in order', async (t) => {
  for (let run = 0; run < 60; run++) {
    const sort = someSort()
    const most = oneOf([1, 2, 7, 30, 119, 120, 121])
    const limitOf = most < 7 ? () => 7 + below(3) : () => 1 + below(most)
    const [pages, whole] = [await walk(sort, limitOf), await oracle(sort)]
    t.same(pages, whole, `sort=${sort} TEST_SEED=${random.seed}`)
  }
  t.same(await walk('-startedOn,acronym', () => 1), await oracle('-startedOn,acronym'), 'one by one')
})

t.test('what is inserted between pages neither hides nor repeats what was there', async (t) => {
  for (let run = 0; run < 12; run++) {
    const sort = someSort()
    const before = await oracle(sort)
    const pages = await walk(
      sort,
      () => 20 + below(20),
      async () => void (await insertTrials(1 + below(3))),
    )
    const told = `sort=${sort} TEST_SEED=${random.seed}`
    t.equal(new Set(pages).size, pages.length, `nothing twice: ${told}`)
    const there = new Set(before)
    t.same(
      pages.filter((slug) => there.has(slug)),
      before,
      `nothing missing: ${told}`,
    )
  }
})

t.test('a page of a large table is a range of an index, at the start and far into it', async (t) => {
  await database.rows(sql`
    insert into organizations (id, slug, name, aliases, country, identifiers, document, updated_at)
    select gen_random_uuid(), 'org-' || n, 'Organization ' || md5(n::text), '{}',
      case when n % 3 > 0 then chr(65 + n % 26) || chr(65 + n / 26 % 26) end, '[]', '"' || n || '"',
      now() - n * interval '1 minute'
    from generate_series(1, 20000) n`)
  await database.rows(sql`analyze organizations`)
  for (const sort of ['name', '-name', 'country', '-country', 'updatedAt', '-updatedAt', 'slug', '-slug']) {
    const endOf = ({ end }: ListPage) => end
    const deep = await listItems(database, organizationsResource, query(sort, 12_000, null), endOf)
    for (const [place, after] of [['start', null] as const, ['deep', deep] as const]) {
      const nodes = await plansOf(database, (db) =>
        listItems(db, organizationsResource, query(sort, 20, after), endOf),
      )
      const types = [...new Set(nodes.map((node) => node['Node Type']))]
      const reads = nodes.filter((node) => node['Relation Name'] === 'organizations')
      t.ok(reads.length > 0, `${sort}, ${place}: ${types}`)
      t.same(
        reads.filter((node) => node['Node Type'] !== 'Index Scan'),
        [],
        `${sort}, ${place}: only an index is read`,
      )
      const sorted = nodes.filter((node) => node['Node Type'] === 'Sort')
      t.ok(
        sorted.every((node) => (node['Actual Rows'] ?? 0) <= 21),
        `${sort}, ${place}: no more than the page is sorted`,
      )
      const rows = reads.reduce((sum, node) => sum + (node['Actual Rows'] ?? 0), 0)
      t.ok(rows <= 50, `${sort}, ${place}: ${rows} rows are read`)
    }
  }
})
