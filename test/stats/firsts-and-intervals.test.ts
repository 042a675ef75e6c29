import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import t from 'tap'
import { daysBetween, spreadOf } from '../../src/domain/interval.js'
import { type DayRange, rangeOf } from '../../src/domain/partial-date.js'
import { type Body, testApp } from '../support/app.js'

const { ask, database } = await testApp(t)

async function get(url: string): Promise<Body> {
  const answer = await ask('GET', url)
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${answer.text}`)
  return answer.body
}

const day = 86_400_000
const partialDate = fc
  .tuple(
    fc.integer({ min: 1990, max: 2030 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
  )
  .chain(([year, month, date]) => {
    const [mm, dd] = [month, date].map((number) => String(number).padStart(2, '0'))
    const quarter = `${year}-Q${Math.ceil(month / 3)}`
    return fc.constantFrom(`${year}`, quarter, `${year}-${mm}`, `${year}-${mm}-${dd}`)
  })
  .map(rangeOf)
const daysOf = ({ start, end }: DayRange) => ({
  first: Date.parse(start) / day,
  last: Date.parse(end) / day - 1,
})

t.test('an interval has every number of days that two dates allow, and no other', async (t) => {
  t.same(daysBetween(rangeOf('2021-11'), rangeOf('2023-02-11')), { shortest: 438, longest: 467 })
  t.same(daysBetween(rangeOf('2024-02-29'), rangeOf('2024-03-01')), { shortest: 1, longest: 1 })
  t.same(daysBetween(rangeOf('2023'), rangeOf('2023')), { shortest: -364, longest: 364 })
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(partialDate, partialDate, share, share, (from, to, a, b) => {
      const { shortest, longest } = daysBetween(from, to)
      const [start, end] = [daysOf(from), daysOf(to)]
      const some = ({ first, last }: typeof start, part: number) => first + Math.round((last - first) * part)
      const days = some(end, b) - some(start, a)
      return (
        days >= shortest &&
        days <= longest &&
        shortest === end.first - start.last &&
        longest === end.last - start.first
      )
    }),
  )
})

t.test('a spread tells the least, the greatest and the quartiles between', async (t) => {
  t.equal(spreadOf([]), null)
  t.same(spreadOf([7]), { min: 7, q1: 7, median: 7, q3: 7, max: 7 })
  t.same(spreadOf([4, 1, 3, 2]), { min: 1, q1: 1.75, median: 2.5, q3: 3.25, max: 4 })
  const values = fc.array(fc.integer({ min: -5000, max: 5000 }), { minLength: 1, maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(values, async (numbers) => {
      const [row] = await database.rows<Body>(sql`
        select percentile_cont(array[0, 0.25, 0.5, 0.75, 1]) within group (order by n) as found
        from (select value::int as n from json_array_elements_text(${JSON.stringify(numbers)}::text::json)) v`)
      const { min, q1, median, q3, max } = spreadOf(numbers) as NonNullable<ReturnType<typeof spreadOf>>
      const own = [min, q1, median, q3, max]
      return own.every((value, index) => Math.abs(value - row.found[index]) < 1e-6)
    }),
    { numRuns: 30 },
  )
})

const first = (group: Body) => group.first.map(({ therapy }: Body) => therapy.slug)
const create = async (path: string, body: object) => {
  const answer = await ask('POST', path, body)
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.body
}

t.test('lasme-cel was the first allogeneic CAR-T with an RMAT designation in R/R B-ALL', async (t) => {
  const filters = 'cellOrigin=allogeneic&modality=car-t&program=fda:rmat'
  const { data, groupBy, truncated } = await get(`/v1/stats/firsts?${filters}`)
  t.same([groupBy, truncated], [['program', 'indication'], false])
  const group = data.find(({ indication }: Body) => indication.value === 'r-r-b-all')
  t.match(group, {
    program: { value: 'fda:rmat' },
    indication: { name: 'Relapsed or refractory B-cell acute lymphoblastic leukemia' },
    first: [
      {
        designation: { slug: 'lasme-cel-fda-rmat-r-r-b-all', name: /^Lasmecabtagene timgedleucel: FDA RMAT/ },
        therapy: { slug: 'lasme-cel' },
        grantedOn: null,
        announcedOn: '2026-06-20',
      },
    ],
    firstCount: 1,
    undated: [],
    undatedCount: 0,
    certain: true,
  })
  const lbcl = data.find(({ indication }: Body) => indication.value === 'r-r-lbcl')
  t.same([first(lbcl), lbcl.certain], [['cema-cel'], false])
  t.same(
    lbcl.undated.map(({ therapy }: Body) => therapy.slug),
    ['cb-010'],
    'whose grant nobody dates may have been first as well',
  )
})

t.test('partial dates leave open which was first', async (t) => {
  const grant = (therapy: string, events: object[], more = {}) =>
    create('/v1/designations', { therapy, program: 'mhra:pim', indication: 'sle', events, ...more })
  const firsts = async (more = '') => {
    const { data } = await get(`/v1/stats/firsts?program=mhra:pim&indication=sle${more}`)
    t.equal(data.length, 1)
    return data[0]
  }
  await grant('eque-cel', [{ status: 'granted', on: '2021-05' }])
  await grant('lasme-cel', [{ status: 'granted', on: '2021-06-01' }])
  t.match(await firsts(), { first: [{ therapy: { slug: 'eque-cel' }, grantedOn: '2021-05' }], certain: true })
  await grant('ct120', [
    { status: 'granted', on: '2021', announcedOn: '2022' },
    { status: 'granted', on: '2023-01-01' },
  ])
  await grant('carcik', [{ status: 'granted', on: '2021-04-30', anticipated: true }])
  await grant('ucart123', [{ status: 'denied', on: '2019' }])
  const open = await firsts()
  t.same([first(open), open.firstCount, open.certain], [['ct120', 'eque-cel'], 2, false])
  t.match(open.first[0], { grantedOn: '2021', announcedOn: '2022' })
  t.same(first(await firsts('&asOf=2021-06&dateMatch=certain')), ['eque-cel'])
  t.same(first(await firsts('&asOf=2021-04')), ['ct120'])
  const byOrigin = await get('/v1/stats/firsts?program=mhra:pim&indication=sle&groupBy=cellOrigin,year')
  t.same(
    byOrigin.data.map((group: Body) => [group.cellOrigin.value, group.year.value, ...first(group)]),
    [
      ['allogeneic', '2021', 'lasme-cel'],
      ['autologous', '2021', 'eque-cel'],
      ['autologous', '2023', 'ct120'],
    ],
  )
  await grant('ucart19', [{ status: 'granted' }], { indication: 'multiple-myeloma' })
  const undated = await get('/v1/stats/firsts?program=mhra:pim&indication=multiple-myeloma')
  t.match(undated.data, [{ first: [], firstCount: 0, undatedCount: 1, certain: false }])
})

const rmatToBla = 'from=designation:fda:rmat:granted&to=application:BLA:approved'

t.test('from an RMAT designation to the approval of a BLA', async (t) => {
  const found = await get(`/v1/stats/intervals?${rmatToBla}`)
  t.match(found, { from: 'designation:fda:rmat:granted', to: 'application:BLA:approved', truncated: false })
  t.equal(found.count, found.data.length)
  const rethymic = found.data.find(({ therapy }: Body) => therapy.slug === 'rethymic')
  t.match(rethymic, {
    from: { date: '2017-04', earliest: '2017-04-01', latest: '2017-04-30', announced: true },
    to: { date: '2021-10-08', earliest: '2021-10-08', latest: '2021-10-08', announced: false },
    days: { shortest: 1622, longest: 1651 },
  })
  for (const bound of ['shortest', 'longest'] as const) {
    const days = found.data.map((item: Body) => item.days[bound])
    t.same(found.summary[bound], spreadOf(days))
  }
  const genes = await get(`/v1/stats/intervals?${rmatToBla}&modality=gene-therapy`)
  t.ok(genes.count > 0 && genes.count < found.count)
  const before = await get(`/v1/stats/intervals?${rmatToBla}&asOf=2016&dateMatch=certain`)
  t.match(before, { count: 0, undated: 0, summary: null, data: [] })
  const answer = await ask('GET', `/v1/stats/intervals?${rmatToBla}`)
  const again = await ask('GET', `/v1/stats/intervals?${rmatToBla}`, undefined, {
    'if-none-match': String(answer.headers.etag),
  })
  t.equal(again.status, 304)
})

t.test('of several events the earliest counts, of an undated one nothing is measured', async (t) => {
  await create('/v1/therapies', { name: 'Zevor-cel 2' })
  const application = (type: string, events: object[], authority = 'fda') =>
    create('/v1/applications', { therapy: 'zevor-cel-2', authority, type, events })
  const measured = async (from: string, to: string) =>
    get(`/v1/stats/intervals?from=${from}&to=${to}&name=${encodeURIComponent('Zevor-cel 2')}`)
  await application('IND', [{ status: 'cleared', on: '2020-02' }])
  await application('IND', [{ status: 'cleared', on: '2020-Q1' }])
  await application('BLA', [{ status: 'submitted' }])
  await create('/v1/trials', {
    acronym: 'ZEVOR-2',
    therapies: ['zevor-cel-2'],
    events: [{ status: 'first-patient', on: '2020-03-02' }],
  })
  const [interval] = (await measured('application:fda:IND:cleared', 'trial:first-patient')).data
  t.match(interval, {
    from: { date: null, earliest: '2020-01-01', latest: '2020-02-29', announced: false },
    to: { date: '2020-03-02' },
    days: { shortest: 2, longest: 61 },
  })
  t.equal((await measured('application:fda:cleared', 'trial:first-patient')).count, 1)
  t.equal((await measured('application:nmpa:IND:cleared', 'trial:first-patient')).count, 0)
  t.equal((await measured('application:cleared', 'trial:first-patient')).count, 1)
  t.match(await measured('application:BLA:submitted', 'trial:first-patient'), { count: 0, undated: 1 })
  t.match(await measured('designation:granted', 'trial:first-patient'), { count: 0, undated: 0 })
})

t.test('what is no milestone is told', async (t) => {
  const refused: [query: string, status: number, error: object][] = [
    ['', 400, { parameter: 'from', message: 'is required' }],
    [
      'from=designation&to=trial:started',
      400,
      { parameter: 'from', message: /^must have another form, such as "designation:/ },
    ],
    ['from=desgnation:granted&to=trial:started', 400, { parameter: 'from' }],
    ['from=trial:fda:started&to=trial:started', 400, { parameter: 'from', message: /trial:started/ }],
    [
      'from=trial:started&to=application:fda:BLE:approved',
      400,
      { parameter: 'to', message: /no type/, allowed: ['IND'] },
    ],
    ['from=trial:started&to=application:IND:approved', 400, { parameter: 'to', message: /an application/ }],
    ['from=trial:started&to=application:BLA:goal-date', 400, { parameter: 'to' }],
    ['from=designation:fda:rmat:grantd&to=trial:started', 400, { message: /did you mean "granted"/ }],
    [
      'from=designation:fda:rmatt:granted&to=trial:started',
      422,
      { parameter: 'from', message: /did you mean "fda:rmat"/ },
    ],
    [
      'from=trial:started&to=application:fdaa:approved',
      422,
      { parameter: 'to', message: /no authority "fdaa"/ },
    ],
    [`${rmatToBla}&target=cd1999`, 422, { parameter: 'target' }],
    [`${rmatToBla}&groupBy=program`, 400, { parameter: 'groupBy' }],
  ]
  for (const [query, status, error] of refused) {
    const answer = await ask('GET', `/v1/stats/intervals?${query}`)
    t.equal(answer.status, status, answer.text)
    t.match(answer.body.errors[0], error, query)
  }
  t.match(await ask('GET', '/v1/stats/firsts?groupBy=indication,programm'), {
    status: 400,
    body: { errors: [{ parameter: 'groupBy', message: /did you mean "program"/ }] },
  })
  t.equal((await ask('GET', '/v1/stats/firsts?program=fda:rmatt')).status, 422)
})

t.test('more than one answer holds is said to be cut', async (t) => {
  await database.rows(sql`
    with made as (
      insert into therapies (id, slug, name, identifiers)
      select gen_random_uuid(), 'made-' || n, 'Made ' || n, '[]' from generate_series(1, 1001) n returning id, slug),
    designated as (
      insert into designations (id, slug, therapy_id, program_id, cycle, identifiers, document)
      select gen_random_uuid(), made.slug || '-mfds', made.id, programs.id, 1, '[]', '{"name":"Made: MFDS"}'
      from made, programs where programs.slug = 'mfds:expedited-review' returning id, therapy_id, program_id)
    insert into events (id, designation_id, therapy_id, program_id, position, status, anticipated, "on")
    select gen_random_uuid(), id, therapy_id, program_id, place, status, false, '[2021-01-01,2022-01-01)'
    from designated, (values (1, 'requested'), (2, 'granted')) v (place, status)`)
  const byTherapy = await get('/v1/stats/firsts?groupBy=therapy&program=mfds:expedited-review')
  t.same([byTherapy.data.length, byTherapy.truncated], [1000, true])
  const { data } = await get('/v1/stats/firsts?groupBy=program&program=mfds:expedited-review')
  t.match([data[0].first.length, data[0].firstCount >= 1001, data[0].certain], [20, true, false])
  const interval = await get(
    '/v1/stats/intervals?from=designation:mfds:expedited-review:requested&to=designation:granted',
  )
  t.ok(interval.count >= 1001)
  t.same([interval.data.length, interval.truncated, interval.summary.shortest.median], [1000, true, -364])
})
