import { sql } from 'drizzle-orm'
import t from 'tap'
import { type Body, testApp } from '../support/app.js'
import { randomFrom } from '../support/random.js'

interface Named {
  slug: string
  name: string
}

const { ask, database } = await testApp(t)

async function get(url: string): Promise<Body> {
  const answer = await ask('GET', url)
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${answer.text}`)
  return answer.body
}

const all = async (list: string, filters = ''): Promise<Body[]> =>
  (await get(`/v1/${list}?limit=1000${filters}`)).data

const bySlug = (items: Named[]) => new Map(items.map((item) => [item.slug, item as Body]))
const therapies = bySlug(await all('therapies'))
const organizations = bySlug(await all('organizations'))
const indications = bySlug(await all('indications'))
const subjects = new Map(
  (await Promise.all(['designations', 'applications', 'trials'].map((list) => all(list)))).flatMap(
    (items) => [...bySlug(items)],
  ),
)

const yearOf = (date: string | null) => date?.slice(0, 4) ?? null
function quarterOf(date: string | null): string | null {
  if (date === null || date.length === 4) return null
  return date.includes('Q') ? date : `${date.slice(0, 4)}-Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`
}
const slugOf = (reference: Named | null | undefined) => reference?.slug ?? null

/** The slugs from the root of an indication down to itself. */
function pathOf(slug: string): string[] {
  const { parent } = indications.get(slug)
  return [...(parent === null ? [] : pathOf(parent.slug)), slug]
}
const ancestorOf = (indication: Named | null, depth: number) =>
  indication === null ? null : (pathOf(indication.slug)[depth] ?? indication.slug)

/** The keys of a record, where those of its therapies are looked at one therapy at a time. */
type Keys = Record<string, (item: Body, therapy: Body) => (string | null) | (string | null)[]>

const ofTherapy: Keys = {
  therapy: (_, therapy) => slugOf(therapy),
  ...Object.fromEntries(
    ['modality', 'cellOrigin', 'cellSource', 'vector', 'stage'].map((name) => [
      name,
      (_: Body, therapy: Body) => therapy?.[name] ?? null,
    ]),
  ),
  target: (_, therapy) =>
    therapy === null || therapy.targets.length === 0 ? null : therapy.targets.map(slugOf),
}
const therapiesOf = (item: Body): Body[] => {
  const named: Named[] = item.therapies ?? [item.therapy]
  return named.length === 0 ? [null] : named.map(({ slug }) => therapies.get(slug))
}
const countryOf = (organization: Named | null) =>
  organization === null ? null : organizations.get(organization.slug).country

/** What an event happened to, and who holds, applied or sponsors it. */
const subjectOf = ({ subject }: Body): Body => subjects.get(subject.slug)
const organizationOf = (event: Body): Named | null => {
  const { holder, organization, sponsor } = subjectOf(event)
  return event.subject.type === 'designation' ? holder : (organization ?? sponsor ?? null)
}

/** The groups of a record by each dimension, told by its document alone. */
const keysOf: Record<string, Keys> = {
  designations: {
    program: ({ program }) => program.slug,
    authority: ({ authority }) => authority.slug,
    indication: ({ indication }) => slugOf(indication),
    'indication:0': ({ indication }) => ancestorOf(indication, 0),
    'indication:2': ({ indication }) => ancestorOf(indication, 2),
    year: ({ grantedOn, announcedOn }) => yearOf(grantedOn ?? announcedOn),
    quarter: ({ grantedOn, announcedOn }) => quarterOf(grantedOn ?? announcedOn),
    grantedYear: ({ grantedOn }) => yearOf(grantedOn),
    announcedYear: ({ announcedOn }) => yearOf(announcedOn),
    status: ({ status }) => status,
    organization: ({ holder }) => slugOf(holder),
    country: ({ holder }) => countryOf(holder),
    ...ofTherapy,
  },
  applications: {
    authority: ({ authority }) => authority.slug,
    type: ({ type }) => type,
    indication: ({ indication }) => slugOf(indication),
    'indication:1': ({ indication }) => ancestorOf(indication, 1),
    year: ({ approvedOn, clearedOn }) => yearOf(approvedOn ?? clearedOn),
    quarter: ({ approvedOn, clearedOn }) => quarterOf(approvedOn ?? clearedOn),
    approvedYear: ({ approvedOn }) => yearOf(approvedOn),
    clearedYear: ({ clearedOn }) => yearOf(clearedOn),
    submittedYear: ({ submittedOn }) => yearOf(submittedOn),
    status: ({ status }) => status,
    organization: ({ organization }) => slugOf(organization),
    country: ({ organization }) => countryOf(organization),
    ...ofTherapy,
  },
  trials: {
    phase: ({ phase }) => phase,
    status: ({ status }) => status,
    pivotal: ({ pivotal }) => (pivotal === null ? null : String(pivotal)),
    registry: ({ registry }) => registry,
    sponsor: ({ sponsor }) => slugOf(sponsor),
    country: ({ sponsor }) => countryOf(sponsor),
    year: ({ startedOn }) => yearOf(startedOn),
    quarter: ({ startedOn }) => quarterOf(startedOn),
    indication: (trial) => (trial.indications.length === 0 ? [null] : trial.indications.map(slugOf)),
    'indication:0': (trial) =>
      trial.indications.length === 0 ? [null] : trial.indications.map((each: Named) => ancestorOf(each, 0)),
    ...ofTherapy,
  },
  events: {
    subjectType: ({ subject }) => subject.type,
    status: ({ status }) => status,
    anticipated: ({ anticipated }) => String(anticipated),
    year: ({ on, announcedOn }) => yearOf(on ?? announcedOn),
    quarter: ({ on, announcedOn }) => quarterOf(on ?? announcedOn),
    program: (event) => slugOf(subjectOf(event).program),
    authority: (event) => slugOf(subjectOf(event).authority),
    type: (event) => subjectOf(event).type ?? null,
    indication: (event) => {
      const { indication = null, indications: several = [indication] } = subjectOf(event)
      return several.length === 0 ? [null] : several.map(slugOf)
    },
    organization: (event) => slugOf(organizationOf(event)),
    country: (event) => countryOf(organizationOf(event)),
    ...ofTherapy,
  },
}

/** How many items are in each group: an item counts once in each that it belongs to. */
function grouped(items: Body[], keys: Keys[string][]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const item of items) {
    const groups = therapiesOf(item).flatMap((therapy) =>
      keys.reduce<(string | null)[][]>(
        (tuples, key) =>
          tuples.flatMap((tuple) => [key(item, therapy)].flat().map((value) => [...tuple, value])),
        [[]],
      ),
    )
    for (const group of new Set(groups.map((tuple) => JSON.stringify(tuple)))) {
      counts[group] = (counts[group] ?? 0) + 1
    }
  }
  return counts
}

/** The counts of an answer, by the values of their groups. */
const answered = (data: Body[], names: string[]): Record<string, number> =>
  Object.fromEntries(
    data.map((row) => [
      JSON.stringify(names.map((name) => row[name.split(':')[0] as string]?.value ?? null)),
      row.count,
    ]),
  )

const filters: Record<string, string[]> = {
  designations: ['', '&program=fda:rmat', '&modality=car-t&authority=fda', '&asOf=2021', '&status=!granted'],
  applications: ['', '&authority=fda', '&type=BLA&modality=gene-therapy', '&asOf=2022-06&dateMatch=certain'],
  trials: ['', '&phase=1&phase=1/2', '&therapy=lasme-cel', '&indication=leukemia'],
  events: ['&therapy=lasme-cel', '&asOf=2020&target=cd22', '&status=approved', '&anticipated=true'],
}

const random = randomFrom(20261122)

/** Every dimension alone, none, and some together. */
function groupingsOf(dimensions: string[]): string[][] {
  const several = Array.from({ length: 8 }, () => random.someOf(dimensions, 3))
  const isOnceEach = (names: string[]) =>
    new Set(names.map((name) => name.split(':')[0])).size === names.length
  return [[], ...dimensions.map((name) => [name]), ...several.filter(isOnceEach)]
}

for (const [list, keys] of Object.entries(keysOf)) {
  t.test(`counts of ${list} are those of the records of the list`, async (t) => {
    for (const filter of filters[list] as string[]) {
      const items = await all(list, filter)
      for (const names of groupingsOf(Object.keys(keys))) {
        const query = `${names.length > 0 ? `groupBy=${names.join()}` : ''}${filter}`
        const { data, groupBy, total, truncated } = await get(`/v1/stats/${list}?${query}`)
        t.same(
          { groupBy, total, truncated },
          { groupBy: names, total: items.length, truncated: false },
          query,
        )
        const expected = grouped(
          items,
          names.map((name) => keys[name] as Keys[string]),
        )
        t.same(answered(data, names), names.length === 0 ? { '[]': items.length } : expected, query)
      }
    }
  })
}

t.test(
  'groups come in the order of their values, a missing one last, and say what they are called',
  async (t) => {
    const { data } = await get('/v1/stats/designations?groupBy=cellOrigin,program&authority=fda')
    const values = data.map(({ cellOrigin, program }: Body) =>
      [cellOrigin?.value ?? '~', program.value].join(),
    )
    t.same(values, [...values].sort())
    t.equal(data.at(-1).cellOrigin, null)
    t.same(
      data.find(({ program }: Body) => program.value === 'fda:rmat').program.name,
      'Regenerative Medicine Advanced Therapy designation',
    )
    const byTarget = await get('/v1/stats/designations?groupBy=target&program=fda:rmat')
    t.ok(
      byTarget.data.reduce((sum: number, { count }: Body) => sum + count, 0) > byTarget.total,
      'what has two targets counts in both, and once in the total',
    )
  },
)

t.test('counts are a table for those who ask for CSV', async (t) => {
  const url = '/v1/stats/designations?groupBy=program,cellOrigin&modality=car-t&authority=fda'
  const json = await ask('GET', url)
  const table = await ask('GET', url, undefined, { accept: 'text/csv' })
  t.equal(table.headers['content-type'], 'text/csv; charset=utf-8')
  t.equal(table.headers.vary, 'accept, accept-encoding')
  t.equal(json.headers.vary, table.headers.vary)
  t.not(table.headers.etag, json.headers.etag)
  const [header, ...rows] = table.text.trimEnd().split('\r\n')
  t.equal(header, 'program,program.name,cellOrigin,count')
  t.same(
    rows,
    json.body.data.map(({ program, cellOrigin, count }: Body) =>
      [program.value, program.name, cellOrigin?.value ?? '', count].join(),
    ),
  )
  const other = (accept: string) => ask('GET', url, undefined, { accept })
  t.equal(
    (await other('text/csv;q=0.5, application/json;q=0.4')).headers['content-type'],
    table.headers['content-type'],
  )
  for (const accept of [
    'text/csv;q=0.5, application/json',
    'text/html, */*',
    'application/json, text/csv;q=0',
  ]) {
    t.equal((await other(accept)).headers['content-type'], json.headers['content-type'], accept)
  }
  const again = await ask('GET', url, undefined, {
    accept: 'text/csv',
    'if-none-match': `${table.headers.etag}`,
  })
  t.equal(again.status, 304)
  t.equal((await ask('HEAD', url)).headers.etag, json.headers.etag)
})

t.test('a name that a spreadsheet would run is made harmless, and quotes are kept', async (t) => {
  for (const name of ['=HYPERLINK("http://x")', '@sum, "it"', 'Plain Bio']) {
    const { body } = await ask('POST', '/v1/organizations', { name })
    const { status } = await ask('POST', '/v1/designations', {
      therapy: 'lasme-cel',
      program: 'nmpa:priority-review',
      organization: body.slug,
      cycle: name.length,
    })
    t.equal(status, 201)
  }
  const url = '/v1/stats/designations?groupBy=organization&therapy=lasme-cel&program=nmpa:priority-review'
  const { text } = await ask('GET', url, undefined, { accept: 'text/csv' })
  t.match(text, `"'=HYPERLINK(""http://x"")",1\r\n`)
  t.match(text, `"'@sum, ""it""",1\r\n`)
  t.match(text, 'Plain Bio,1\r\n')
})

t.test('facets count all that matches, each under all filters but its own', async (t) => {
  const facet = (data: Body[], name: string) => ({
    buckets: data
      .filter((row) => row[name] !== null)
      .map((row) => ({ ...row[name], count: row.count }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)),
    missing: data.find((row) => row[name] === null)?.count ?? 0,
    others: 0,
  })
  const { facets, data } = await get(
    '/v1/designations?program=fda:rmat&announcedFrom=2018&limit=1&facets=program,year,status,indication:0',
  )
  t.equal(data.length, 1)
  const without: Record<string, string> = {
    program: 'announcedFrom=2018',
    year: 'program=fda:rmat',
    status: 'program=fda:rmat&announcedFrom=2018',
    'indication:0': 'program=fda:rmat&announcedFrom=2018',
  }
  t.same(Object.keys(facets), Object.keys(without))
  for (const [name, filter] of Object.entries(without)) {
    const counts = await get(`/v1/stats/designations?groupBy=${name}&${filter}`)
    t.same(facets[name], facet(counts.data, name.split(':')[0] as string), name)
  }
})

t.test('therapies, indications and the rest have facets, too', async (t) => {
  const { facets } = await get(
    '/v1/therapies?limit=1&facets=program,authority,indication,organization,country,target,modality',
  )
  const designations = await all('designations')
  const having = (key: (item: Body) => string | null) =>
    new Set(designations.map((item) => JSON.stringify([item.therapy.slug, key(item)])))
  const count = (name: string, value: string) =>
    facets[name].buckets.find((bucket: Body) => bucket.value === value)?.count
  const programs = [...having(({ program }) => program.slug)].filter((text) => text.includes('"fda:rmat"'))
  t.equal(count('program', 'fda:rmat'), programs.length)
  const authorities = [...having(({ authority }) => authority.slug)].filter((text) => text.includes('"ema"'))
  t.equal(count('authority', 'ema'), authorities.length)
  t.equal(
    facets.program.missing,
    [...therapies.keys()].filter((slug) => !designations.some((d) => d.therapy.slug === slug)).length,
  )
  const french = [...therapies.values()].filter((therapy) =>
    therapy.organizations.some(({ organization }: Body) => countryOf(organization) === 'FR'),
  )
  t.equal(count('country', 'FR'), french.length)
  t.equal(facets.indication.buckets.length, 100, 'only so many are named')
  t.ok(facets.indication.others > 0)
  const { facets: before } = await get('/v1/therapies?limit=1&facets=program&asOf=2015&dateMatch=certain')
  t.equal(before.program.buckets.find((bucket: Body) => bucket.value === 'fda:rmat')?.count ?? 0, 0)

  const ofIndications = await get('/v1/indications?limit=1&facets=depth,parent')
  t.equal(
    ofIndications.facets.depth.buckets.find(({ value }: Body) => value === '0').count,
    [...indications.values()].filter(({ parent }) => parent === null).length,
  )
  t.equal(
    ofIndications.facets.parent.missing,
    ofIndications.facets.depth.buckets.find(({ value }: Body) => value === '0').count,
  )
  for (const url of [
    'organizations?facets=kind,country',
    'programs?facets=authority',
    'authorities?facets=jurisdiction',
    'sources?facets=kind,publisher,year',
  ])
    t.ok(
      Object.values<Body>((await get(`/v1/${url}`)).facets).every(({ buckets }) => buckets.length > 0),
      url,
    )
})

t.test('what cannot be grouped by is told', async (t) => {
  const refused: [url: string, status: number, errors: object][] = [
    [
      '/v1/stats/designations?groupBy=modalty',
      400,
      { parameter: 'groupBy', message: /did you mean "modality"/ },
    ],
    [
      '/v1/stats/designations?groupBy=year,indication:1,indication',
      400,
      { message: /"indication" stands there twice/ },
    ],
    ['/v1/stats/designations?groupBy=program:1', 400, { message: /no tree/ }],
    ['/v1/stats/designations?groupBy=program,year,status,target', 400, { message: /at most 3/ }],
    ['/v1/stats/designations?groupBy=', 400, { parameter: 'groupBy' }],
    ['/v1/stats/trials?programm=fda:rmat', 400, { parameter: 'programm' }],
    ['/v1/stats/designations?program=fda:rmatt', 422, { parameter: 'program' }],
    ['/v1/designations?facets=programme', 400, { parameter: 'facets', message: /did you mean "program"/ }],
    ['/v1/targets?facets=name', 400, { parameter: 'facets' }],
  ]
  for (const [url, status, error] of refused) {
    const answer = await ask('GET', url)
    t.equal(answer.status, status, answer.text)
    t.match(answer.body.errors[0], error, url)
  }
})

t.test('more groups than one answer holds are said to be cut', async (t) => {
  await database.rows(sql`
    with made as (
      insert into therapies (id, slug, name, identifiers)
      select gen_random_uuid(), 'made-' || n, 'Made ' || n, '[]' from generate_series(1, 10001) n returning id, slug)
    insert into designations (id, slug, therapy_id, program_id, cycle, identifiers)
    select gen_random_uuid(), made.slug || '-fda-rmat', made.id, programs.id, 1, '[]'
    from made, programs where programs.slug = 'fda:rmat'`)
  const { data, total, truncated } = await get('/v1/stats/designations?groupBy=therapy&program=fda:rmat')
  t.same([data.length, truncated], [10_000, true])
  t.ok(total > 10_000)
  const table = await ask('GET', '/v1/stats/designations?groupBy=therapy', undefined, { accept: 'text/csv' })
  t.equal(table.headers['x-truncated'], 'true')
  t.equal((await ask('GET', '/v1/stats/designations')).headers['x-truncated'], undefined)
})
