import { sql } from 'drizzle-orm'
import t from 'tap'
import { exportOf } from '../../src/crud/export.js'
import { listItems } from '../../src/crud/list.js'
import { readFilters } from '../../src/crud/list-parameters.js'
import { getRecord } from '../../src/crud/read.js'
import { allDefinitions, definitionOf } from '../../src/crud/registry.js'
import { connect, type Database } from '../../src/db/connection.js'
import type { Position } from '../../src/db/keyset.js'
import { eventsList } from '../../src/resources/events/list.js'
import { loadRoutes } from '../../src/resources/index.js'
import { search } from '../../src/search/search.js'
import { suggest } from '../../src/search/suggest.js'
import { mostSorted, plansOf } from '../support/plans.js'

// A registry of a million records is not made here: name one, which is only read.
const url = process.env.PLANS_DATABASE_URL
if (url === undefined) t.plan(0, 'PLANS_DATABASE_URL names no large database')
else await hotQueries(url)

/** The most records that a page holds. */
const mostOfPage = 1000

async function hotQueries(url: string): Promise<void> {
  await loadRoutes()
  const database = connect({ url, max: 1 })
  t.teardown(() => database.close())
  const large = await database.rows<{ name: string }>(
    sql`select relname as name from pg_class where relkind = 'r' and reltuples > 10000`,
  )
  for (const [what, ask] of Object.entries(questionsOf(await knownIn(database)))) {
    t.test(what, async (t) => {
      const nodes = await plansOf(database, ask)
      const whole = nodes.filter(
        (node) =>
          node['Node Type'] === 'Seq Scan' && large.some(({ name }) => name === node['Relation Name']),
      )
      t.same(whole, [], 'no large table is read whole')
      t.ok(mostSorted(nodes) <= mostOfPage, `no more than a page is sorted, here ${mostSorted(nodes)} rows`)
    })
  }
}

/** What a database holds most of, to ask for. */
interface Known {
  program: string
  therapy: string
  name: string
  deep: Position
}

async function knownIn(database: Database): Promise<Known> {
  const [known] = await database.rows<Known>(sql`
    with largest as (
      select program_id as id, count(*) from designations where status = 'granted' group by 1 order by 2 desc limit 1),
    therapy as (select slug, name from therapies order by id offset 100 limit 1)
    select (select slug from programs join largest using (id)) as program,
      (select slug from therapy) as therapy, (select name from therapy) as name,
      (select array[granted_on::text, d.id::text] from designations d
        where program_id = (select id from largest) and status = 'granted' and granted_on is not null
        order by granted_on desc, d.id desc offset (select count / 2 from largest) limit 1) as deep`)
  return known as Known
}

type Ask = (db: Database) => Promise<unknown>

function questionsOf({ program, therapy, name, deep }: Known): Record<string, Ask> {
  const designations = definitionOf('designations')
  const therapies = definitionOf('therapies')
  const resources = allDefinitions()
  const part = name.slice(1, 7)
  const granted = { program, status: 'granted' }
  const newest = '-grantedOn'
  const query = { after: null, limit: 20, total: false, facets: [], include: [] }
  const page =
    (list: typeof eventsList, sort: string, filters: Record<string, string>, more: object = {}): Ask =>
    (db) =>
      listItems(db, list, { ...query, sort, meant: readFilters(list, filters), ...more }, () => null)
  const exported =
    (sort: string, filters: Record<string, string>): Ask =>
    async (db) => {
      const meant = readFilters(designations, filters)
      const texts = exportOf(db, designations, { ...query, sort, meant, limit: 500 }, 'lines')
      for await (const _ of texts);
    }
  return {
    'a record with what belongs to it': (db) =>
      getRecord(db, therapies, therapy, { content: { include: ['designations', 'applications', 'trials'] } }),
    'a list': page(designations, newest, granted),
    'a page deep in it': page(designations, newest, granted, { after: deep }),
    'a list without filters': page(designations, 'slug', {}),
    'a part of a name': page(therapies, 'name', { name: `*${part}*` }),
    'the beginning of a name': page(therapies, 'name', { name: `${name.slice(0, 5)}*` }),
    'a search with a typing mistake': (db) =>
      search(db, `${name.slice(0, 4)}${name.slice(5)}`, resources, 20),
    suggestions: (db) =>
      suggest(
        db,
        name.slice(0, 4),
        resources.map((resource) => resource.name),
        10,
      ),
    'a count': page(designations, 'slug', granted, { limit: 1, total: true }),
    'an export': exported('slug', {}),
    'an export of a list': exported(newest, granted),
    'the events of all': page(eventsList, '-when', {}),
    'the events of a therapy': page(eventsList, '-when', { therapy }),
  }
}
