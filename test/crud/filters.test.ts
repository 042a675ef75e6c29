import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import type { Definition } from '../../src/crud/definition.js'
import { type Filter, NONE } from '../../src/crud/filters/filter.js'
import { type Meant, readFilters } from '../../src/crud/list-parameters.js'
import { allDefinitions } from '../../src/crud/registry.js'
import { relationOf } from '../../src/crud/relation.js'
import { whereOf } from '../../src/crud/where.js'
import { type OrderedKey, orderOfAll } from '../../src/db/keyset.js'
import { type Body, testApp } from '../support/app.js'
import { randomFrom } from '../support/random.js'

const { ask, database } = await testApp(t)
const random = randomFrom(Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31))
const { below, chance, oneOf, someOf } = random

const slugs = new Map<string, string[]>()
for (const { name, table } of allDefinitions()) {
  const rows = await database.rows<{ slug: string }>(sql`select slug from ${table} order by slug`)
  slugs.set(
    name,
    rows.map(({ slug }) => slug),
  )
}

const words = ['CAR', 'BCMA', 'leukemia', 'orphan', '2021', 'designation', 'cel', 'phase 1']

/** A value that a filter takes, as a client may write it. */
function someValue(name: string, filter: Filter): string {
  if (name === 'q') return oneOf(words)
  if (filter.refersTo !== undefined) return oneOf(slugs.get(filter.refersTo().name) as string[])
  const [, choice] = /\(\?:([^()]*)\)\$$/.exec(String(filter.schema.pattern)) ?? []
  if (choice !== undefined && /^[\w|/.\\-]+$/.test(choice))
    return oneOf(choice.replaceAll('\\', '').split('|'))
  if (filter.single) return oneOf(['2018', '2021-Q2', '2022-11', '2023-02-11', '2026'])
  return String(oneOf([...(filter.schema.examples ?? []), ...(filter.missing === undefined ? [] : [NONE])]))
}

const signed = (filter: Filter, value: string) =>
  filter.single !== true && chance(0.2) ? `!${value}` : value

/** Some filters of a resource with some values each. */
function someFilters({ filters }: Definition): URLSearchParams {
  const chosen = someOf(Object.entries(filters), 2)
  const query = chosen.flatMap(([name, filter]) => {
    const count = filter.single ? 1 : 1 + below(2)
    return Array.from({ length: count }, (): [string, string] => [
      name,
      signed(filter, someValue(name, filter)),
    ])
  })
  return new URLSearchParams(query)
}

function someSort({ sorts }: Definition): string {
  const chosen = someOf(Object.keys(sorts), 3)
  return (chosen.length > 0 ? chosen : ['slug']).map((key) => (chance(0.5) ? `-${key}` : key)).join(',')
}

/** The slugs of all that is meant, in order, as one plain query has them. */
async function oracle(definition: Definition, sort: string, meant: Meant): Promise<string[]> {
  const keys = sort.split(',').map((key): OrderedKey => {
    const descending = key.startsWith('-')
    const { [descending ? key.slice(1) : key]: known } = definition.sorts
    return { ...(known as OrderedKey), descending }
  })
  const { descending } = keys.at(-1) as OrderedKey
  const id: OrderedKey = {
    expression: sql`${definition.table.id}`,
    type: 'uuid',
    nullable: false,
    descending,
  }
  const rows = await database.rows<{ slug: string }>(sql`
    select slug from ${relationOf(definition, meant.modifiers.asOf)} where ${whereOf(definition, meant)}
    order by ${orderOfAll([...keys, id])}`)
  return rows.map(({ slug }) => slug)
}

/** The slugs of all pages, one after the other; `between` runs between two of them. */
async function walk(address: string, between = async () => {}): Promise<string[]> {
  const found: string[] = []
  let next: string | null = null
  do {
    const cursor: string = next === null ? '' : `&cursor=${next}`
    const { status, body, text } = await ask('GET', `${address}${cursor}`)
    if (status !== 200) throw new Error(`${address}: ${text}`)
    found.push(...body.data.map(({ slug }: { slug: string }) => slug))
    next = body.page.next
    await between()
  } while (next !== null)
  return found
}

const listOf = (query: URLSearchParams): Record<string, unknown> =>
  Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name)]))

/** Parameters that are one value and no list. */
const pick = ({ asOf, dateMatch }: Record<string, string>) => ({
  ...(asOf !== undefined && { asOf }),
  ...(dateMatch !== undefined && { dateMatch }),
})

t.test('pages of any filters in any order are the whole list', async (t) => {
  let told = 0
  for (let run = 0; run < 150; run++) {
    const definition = oneOf(allDefinitions())
    const query = someFilters(definition)
    if (definition.timed && chance(0.2)) query.set('asOf', oneOf(['2019', '2021-Q2', '2023-05-01']))
    if (
      chance(0.2) &&
      Object.values(definition.filters).some(({ modifiedBy }) => modifiedBy?.includes('dateMatch'))
    )
      query.set('dateMatch', 'certain')
    const sort = someSort(definition)
    const single = Object.fromEntries(query)
    const expected = await oracle(
      definition,
      sort,
      readFilters(definition, { ...listOf(query), ...pick(single) }),
    )
    const limit = oneOf([1, 3, 20, 50].filter((size) => expected.length < size * 30) as [number]) ?? 100
    const address = `/v1/${definition.name}?${query}&sort=${sort}&limit=${limit}&fields=slug`
    t.strictSame(await walk(address), expected, `${address} TEST_SEED=${random.seed}`)
    if (expected.length > 0) told++
  }
  t.ok(told > 30, `${told} of the lists are not empty`)
})

/** How many items of a resource a query finds: as many as are listed. */
async function countOf(t: Test, resource: string, query: Record<string, string>): Promise<number> {
  const address = `/v1/${resource}?${new URLSearchParams({ ...query, total: 'true', limit: '1000', fields: 'slug' })}`
  const { body } = await ask('GET', address)
  t.equal(body.data?.length, Math.min(body.total, 1000), address)
  return body.total
}

/** A value of a filter, and that it has none where that can be asked. */
function someValues(name: string, filter: Filter): string[] {
  const value = someValue(name, filter)
  return filter.missing === undefined ? [value] : [...new Set([value, NONE])]
}

t.test('each filter, by itself, divides a list in two', async (t) => {
  for (const { name: resource, filters } of allDefinitions()) {
    const every = await countOf(t, resource, {})
    for (const [name, filter] of Object.entries(filters)) {
      for (const value of someValues(name, filter)) {
        const those = await countOf(t, resource, { [name]: value })
        const others = filter.single ? every - those : await countOf(t, resource, { [name]: `!${value}` })
        t.equal(those + others, every, `${resource}?${name}=${value} TEST_SEED=${random.seed}`)
      }
    }
  }
})

t.test('what is inserted between pages neither hides nor repeats what was there', async (t) => {
  let made = 0
  for (const sort of ['name', '-name', '-updatedAt']) {
    const query = `target=CD19&modality=car-t&sort=${sort}`
    const before = (await ask('GET', `/v1/therapies?${query}&limit=1000&fields=slug`)).body.data
    const pages = await walk(`/v1/therapies?${query}&limit=7&fields=slug`, async () => {
      const name = `${oneOf(['A', 'm', 'Z'])}${made++} cell`
      await ask('POST', '/v1/therapies', { name, modality: 'car-t', targets: ['cd19'] })
    })
    t.equal(new Set(pages).size, pages.length, `nothing twice: ${sort}`)
    const there = new Set(before.map(({ slug }: { slug: string }) => slug))
    t.strictSame(
      pages.filter((slug) => there.has(slug)),
      [...there],
      `nothing missing: ${sort}`,
    )
  }
})

const all = async (resource: string, query = ''): Promise<Body[]> =>
  (await ask('GET', `/v1/${resource}?limit=1000&sort=slug${query}`)).body.data
const names = (list: Body[]) => list.map(({ slug }) => slug).sort()

t.test('each filter means what it says', async (t) => {
  const therapies = (await all('therapies', '&include=designations,applications,trials')) as Body[]
  const designations = await all('designations')
  const bySlug = new Map(therapies.map((therapy) => [therapy.slug, therapy]))
  const indications = await all('indications')
  const parentOf = new Map(indications.map(({ slug, parent }) => [slug, parent?.slug]))
  const isUnder = (slug: string | undefined, root: string): boolean =>
    slug !== undefined && (slug === root || isUnder(parentOf.get(slug), root))
  const depthOf = (slug: string): number =>
    parentOf.get(slug) === undefined ? 0 : 1 + depthOf(parentOf.get(slug) as string)
  const therapyOf = (designation: Body) => bySlug.get(designation.therapy.slug)
  const yearOf = (date: string | null) => (date === null ? Number.NaN : Number(date.slice(0, 4)))
  const cases: [resource: string, list: Body[], query: string, matches: (it: Body) => boolean][] = [
    [
      'therapies',
      therapies,
      'program=fda:orphan-drug&designationStatus=withdrawn',
      (it) =>
        it.designations.some((d: Body) => d.program.slug === 'fda:orphan-drug' && d.status === 'withdrawn'),
    ],
    [
      'therapies',
      therapies,
      'program=!fda:rmat',
      (it) => !it.designations.some((d: Body) => d.program.slug === 'fda:rmat'),
    ],
    ['therapies', therapies, 'program=none', (it) => it.designations.length === 0],
    [
      'therapies',
      therapies,
      'program=none&program=ema:prime',
      (it) =>
        it.designations.length === 0 || it.designations.some((d: Body) => d.program.slug === 'ema:prime'),
    ],
    ['therapies', therapies, 'program=!none', (it) => it.designations.length > 0],
    [
      'therapies',
      therapies,
      'authority=ema',
      (it) => it.designations.some((d: Body) => d.authority.slug === 'ema'),
    ],
    [
      'therapies',
      therapies,
      'organization=novartis&role=licensee',
      (it) => it.organizations.some((o: Body) => o.organization.slug === 'novartis' && o.role === 'licensee'),
    ],
    [
      'therapies',
      therapies,
      'organization=Novartis',
      (it) => it.organizations.some((o: Body) => o.organization.slug === 'novartis'),
    ],
    ['therapies', therapies, 'target=BCMA', (it) => it.targets.some((o: Body) => o.slug === 'tnfrsf17')],
    [
      'therapies',
      therapies,
      'indication=leukemia',
      (it) =>
        [...it.designations, ...it.applications].some((d: Body) => isUnder(d.indication?.slug, 'leukemia')) ||
        it.trials.some((trial: Body) => trial.indications.some((i: Body) => isUnder(i.slug, 'leukemia'))),
    ],
    [
      'therapies',
      therapies,
      'indication=none',
      (it) =>
        [...it.designations, ...it.applications].every((d: Body) => d.indication === null) &&
        it.trials.every((trial: Body) => trial.indications.length === 0),
    ],
    ['designations', designations, 'indication=leukemia', (it) => isUnder(it.indication?.slug, 'leukemia')],
    [
      'designations',
      designations,
      'indication=b-all&indicationExact=true',
      (it) => it.indication?.slug === 'b-all',
    ],
    [
      'designations',
      designations,
      'authority=fda&status=granted',
      (it) => it.authority.slug === 'fda' && it.status === 'granted',
    ],
    [
      'designations',
      designations,
      'modality=car-t&cellOrigin=allogeneic',
      (it) => therapyOf(it).modality === 'car-t' && therapyOf(it).cellOrigin === 'allogeneic',
    ],
    ['designations', designations, 'cellOrigin=none', (it) => therapyOf(it).cellOrigin === null],
    [
      'designations',
      designations,
      'target=CD22',
      (it) => therapyOf(it).targets.some((o: Body) => o.slug === 'cd22'),
    ],
    [
      'designations',
      designations,
      'grantedFrom=2021&grantedTo=2022',
      (it) => [2021, 2022].includes(yearOf(it.grantedOn)),
    ],
    [
      'designations',
      designations,
      'grantedTo=2018-06',
      (it) =>
        it.grantedOn !== null &&
        (it.grantedOn <= '2018-06' ||
          it.grantedOn.startsWith('2018-06') ||
          ['2018', '2018-Q1', '2018-Q2'].includes(it.grantedOn)),
    ],
    [
      'designations',
      designations,
      'grantedTo=2018-06&dateMatch=certain',
      (it) =>
        it.grantedOn !== null &&
        yearOf(it.grantedOn) <= 2018 &&
        it.grantedOn !== '2018' &&
        (it.grantedOn <= '2018-06-30' || ['2018-Q1', '2018-Q2'].includes(it.grantedOn)),
    ],
    [
      'designations',
      designations,
      'grantedFrom=2023-07-01&dateMatch=certain',
      (it) =>
        it.grantedOn !== null &&
        it.grantedOn !== '2023' &&
        (yearOf(it.grantedOn) > 2023 || it.grantedOn >= '2023-07') &&
        !['2023-Q1', '2023-Q2'].includes(it.grantedOn),
    ],
    ['designations', designations, 'identifier=none', (it) => it.identifiers.length === 0],
    ['trials', await all('trials'), 'pivotal=true', (it) => it.pivotal === true],
    ['trials', await all('trials'), 'pivotal=none', (it) => it.pivotal === null],
    [
      'trials',
      await all('trials'),
      'indication=!leukemia',
      (it) => !it.indications.some((i: Body) => isUnder(i.slug, 'leukemia')),
    ],
    [
      'trials',
      await all('trials'),
      'target=CD19',
      (it) => it.therapies.some((x: Body) => bySlug.get(x.slug).targets.some((o: Body) => o.slug === 'cd19')),
    ],
    [
      'indications',
      indications,
      'under=leukemia',
      (it) => it.slug !== 'leukemia' && isUnder(it.slug, 'leukemia'),
    ],
    ['indications', indications, 'depth=0', (it) => depthOf(it.slug) === 0],
    ['indications', indications, 'depth=!1&depth=!0', (it) => depthOf(it.slug) > 1],
    ['indications', indications, 'parent=b-all', (it) => it.parent?.slug === 'b-all'],
    ['programs', await all('programs'), 'jurisdiction=US', (it) => it.authority.slug === 'fda'],
    ['sources', await all('sources'), 'publishedFrom=2024', (it) => yearOf(it.publishedOn) >= 2024],
    [
      'applications',
      await all('applications'),
      'approvedFrom=2017&approvedTo=2017',
      (it) => yearOf(it.approvedOn) === 2017,
    ],
    [
      'applications',
      await all('applications'),
      'modality=!car-t&clearedFrom=2020',
      (it) => bySlug.get(it.therapy.slug).modality !== 'car-t' && yearOf(it.clearedOn) >= 2020,
    ],
  ]
  for (const [resource, list, query, matches] of cases) {
    const expected = names(list.filter(matches))
    t.ok(expected.length > 0 && expected.length < list.length, `${resource}?${query} tells some from others`)
    t.strictSame(names(await all(resource, `&${query}`)), expected, `${resource}?${query}`)
  }
})

t.test('a record is found by what another system calls it', async (t) => {
  const designations = await all('designations', '&identifier=!none')
  const [{ slug, identifiers }] = designations
  const [{ system, value }] = identifiers
  const found = await all('designations', `&identifier=${encodeURIComponent(`${system}:${value}`)}`)
  t.ok(names(found).includes(slug))
  t.ok(found.length < designations.length)
  t.strictSame(await all('designations', `&identifier=other:${encodeURIComponent(value)}`), [])
})

t.test('a source is found by its address, as it stands', async (t) => {
  const [source] = await all('sources')
  t.strictSame(names(await all('sources', `&url=${encodeURIComponent(source.url)}`)), [source.slug])
  t.strictSame(await all('sources', `&url=${encodeURIComponent(source.url.toUpperCase())}`), [])
})

t.test('a source is found by what rests on it', async (t) => {
  const { body: therapy } = await ask('GET', '/v1/therapies/lasme-cel')
  const cited = JSON.stringify([therapy]).match(/"source":\{"id":"[^"]*","slug":"([^"]*)"/g) ?? []
  const expected = [...new Set(cited.map((text) => /"slug":"([^"]*)"/.exec(text)?.[1]))].sort()
  t.ok(expected.length > 2)
  t.strictSame(names(await all('sources', '&cites=UCART22')), expected)
  const [designation] = therapy.designations
  const own = designation.events.flatMap((event: Body) =>
    event.evidence.map(({ source }: Body) => source.slug),
  )
  t.strictSame(names(await all('sources', `&cites=${designation.slug}`)), [...new Set(own)].sort())
  t.ok((await all('sources', '&cites=none')).length < (await all('sources')).length)
})

t.test('a filter that names what there is not is told, with what may be meant', async (t) => {
  const { status, body } = await ask('GET', '/v1/designations?program=fda:rmta&status=granted')
  t.equal(status, 422)
  t.match(body.errors, [
    { parameter: 'program', message: /there is no program "fda:rmta"; did you mean "fda:rmat"/ },
  ])
  for (const query of [
    'program=fda:rmat&program=fda:rmta',
    'program=!fda:rmta',
    'indication=none&indication=b-alll',
  ]) {
    t.equal((await ask('GET', `/v1/designations?${query}`)).status, 422, query)
  }
  const named = await ask('GET', '/v1/designations?program=No+Such+Programme')
  t.match(named.body.errors, [{ parameter: 'program', message: 'there is no program "No Such Programme"' }])
  t.equal(
    (await ask('GET', '/v1/designations?program=fda:rmat&therapy=lasme-cel&status=rescinded')).status,
    200,
  )
})

t.test('a record shows the fields that are asked for, and embeds what is asked for', async (t) => {
  const { body } = await ask('GET', '/v1/therapies/lasme-cel?fields=slug,name,designations.program.slug')
  t.strictSame(Object.keys(body), ['slug', 'name', 'designations'])
  t.strictSame(Object.keys(body.designations[0]), ['program'])
  t.strictSame(Object.keys(body.designations[0].program), ['slug'])
  const list = await ask('GET', '/v1/designations?include=therapies&fields=slug,therapies.modality&limit=3')
  for (const item of list.body.data) {
    t.strictSame(Object.keys(item), ['slug', 'therapies'])
    t.equal(item.therapies.length, 1)
  }
  const authority = await ask('GET', '/v1/authorities?include=programs&name=FDA')
  t.ok(authority.body.data[0].programs.length > 3)
  t.notOk('programs' in (await ask('GET', '/v1/authorities/fda')).body)
  const wrong = await ask('GET', '/v1/therapies?fields=slug,names.nmae')
  t.equal(wrong.status, 400)
  t.match(wrong.body.errors, [{ parameter: 'fields', message: /unknown field "nmae".*did you mean "name"/ }])
  t.equal((await ask('GET', '/v1/therapies?include=sources')).status, 400)
})

t.test('a sample is random, and the same for the same seed', async (t) => {
  const sample = async (query: string) => names((await ask('GET', `/v1/designations?${query}`)).body.data)
  const first = await sample('sample=25&seed=7')
  t.equal(first.length, 25)
  t.strictSame(await sample('sample=25&seed=7'), first)
  t.notSame(await sample('sample=25&seed=8'), first)
  const granted = (await ask('GET', '/v1/designations?sample=30&status=!granted')).body
  t.ok(granted.data.every((it: Body) => it.status !== 'granted'))
  t.equal(granted.page.next, null)
  t.equal((await ask('GET', '/v1/designations?sample=5&cursor=abc')).status, 400)
})

t.test('bounds of moments are moments or partial dates', async (t) => {
  const count = async (query: string) => (await ask('GET', `/v1/targets?total=true&${query}`)).body.total
  const every = await count('limit=1')
  t.equal(await count('updatedFrom=2000'), every)
  t.equal(await count('updatedTo=2000-01-01T00:00:00%2B01:00'), 0)
  t.equal(await count('updatedTo=9998'), every)
  t.equal(await count('updatedFrom=2000-02-29T23:59:59.5Z'), every)
  t.equal(await count('updatedFrom=9000'), 0)
  for (const wrong of [
    'yesterday',
    '2026-13',
    '2026-02-29T00:00:00Z',
    '2026-02-01T25:00:00Z',
    '2026-01-01T00:00:00',
  ]) {
    t.equal((await ask('GET', `/v1/targets?updatedFrom=${wrong}`)).status, 400, wrong)
  }
})
