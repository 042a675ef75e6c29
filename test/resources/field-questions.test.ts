import t from 'tap'
import { testApp } from '../support/app.js'
import { says } from '../support/says.js'
import { type Item, itemBy, slugOf, slugsOf } from './look.js'

t.test('questions of the field', async (t) => {
  const { ask } = await testApp(t)
  const get = async (url: string) => {
    const { status, body, text } = await ask('GET', url)
    t.equal(status, 200, `${url} ${status === 200 ? '' : text}`)
    return body
  }
  const create = async (resource: string, record: object) => {
    const { status, body, text } = await ask('POST', `/v1/${resource}`, record)
    t.equal(status, 201, text)
    return body
  }
  const told = ({ data }: { data: Item[] }) =>
    data.map(({ on, announcedOn, label }) => `${on ?? announcedOn ?? '?'} ${label}`)

  t.test('what happened to a therapy, in order', async (t) => {
    const timeline = await get('/v1/therapies/lasme-cel/timeline')
    says(t, timeline.therapy, { slug: 'lasme-cel', name: 'Lasmecabtagene timgedleucel' })
    t.strictSame(told(timeline), [
      '2018-06 FDA IND cleared: B-ALL',
      '2019-10-14 BALLI-01 started: R/R B-ALL',
      '2024-06-04 EMA Orphan designation in the European Union granted: ALL',
      '2024-07-25 FDA ODD granted: ALL',
      '2024-07-25 FDA RPDD granted: ALL',
      '2026-06-20 FDA RMAT granted: R/R B-ALL',
      '2026-Q4 BALLI-01 interim analysis (anticipated): R/R B-ALL',
    ])
    const last = timeline.data.at(-1)
    says(t, last, {
      subject: { type: 'trial', slug: 'nct04150497' },
      anticipated: true,
      evidence: [{ grade: 'third-party-reported', source: {} }],
    })
    t.strictSame(await get(`/v1/events/${last.id}`), last, 'each as it is answered on its own')
    const listed = await get('/v1/events?therapy=lasme-cel&sort=when&limit=1000')
    t.strictSame(listed.data, timeline.data)

    await create('therapies', { slug: 'undated', name: 'Undated' })
    await create('designations', {
      therapy: 'undated',
      program: 'fda:rmat',
      events: [
        { status: 'requested' },
        { status: 'granted', on: '2021' },
        { status: 'amended', on: '2021-01', indication: 'r-r-b-all' },
        { status: 'withdrawn', announcedOn: '2021-01-01' },
      ],
    })
    t.strictSame(
      told(await get('/v1/therapies/undated/timeline')),
      [
        '2021-01-01 FDA RMAT withdrawn',
        '2021-01 FDA RMAT amended: R/R B-ALL',
        '2021 FDA RMAT granted',
        '? FDA RMAT requested',
      ],
      'by the first day, then the last; what nobody dates comes last',
    )
    await create('therapies', { slug: 'unheard-of', name: 'Unheard of' })
    t.strictSame((await get('/v1/therapies/unheard-of/timeline')).data, [])
  })

  t.test('what had happened to it by a day', async (t) => {
    const byDay = async (query: string) => told(await get(`/v1/therapies/lasme-cel/timeline?${query}`))
    const expected = '2026-Q4 BALLI-01 interim analysis (anticipated): R/R B-ALL'
    const cleared = '2018-06 FDA IND cleared: B-ALL'
    t.strictSame(await byDay('asOf=2018-06-15'), [cleared, expected], 'it may have been cleared by then')
    t.strictSame(await byDay('asOf=2018-06-15&dateMatch=certain'), [], 'which is not certain')
    t.strictSame(await byDay('asOf=2018-06&dateMatch=certain'), [cleared], 'before the month is over')
    t.equal((await byDay('asOf=2024-Q2')).length, 4)
  })

  t.test('where a therapy stands, by indication, authority and programme', async (t) => {
    const matrix = await get('/v1/therapies/lasme-cel/matrix')
    const { data: programs } = await get('/v1/programs?limit=1000')
    const slugs = slugsOf(programs).sort()
    says(t, matrix.therapy, { slug: 'lasme-cel' })
    const columns = matrix.columns.flatMap(({ programs }: { programs: Item[] }) => slugsOf(programs))
    t.strictSame([...columns].sort(), slugs, 'every programme of the registry has a column')
    const rmat = matrix.columns.flatMap(({ programs }: { programs: Item[] }) => programs)
    says(t, itemBy(rmat, 'slug', 'fda:rmat'), { abbreviation: 'RMAT' })
    t.strictSame(
      matrix.rows.map(({ indication }: Item) => slugOf(indication)),
      ['acute-lymphoblastic-leukemia', 'b-all', 'r-r-b-all'],
    )
    for (const row of matrix.rows) {
      t.strictSame(
        row.programs.map(({ program }: Item) => slugOf(program)),
        columns,
        'every row has a cell for every programme',
      )
    }
    const rowOf = (slug: string) =>
      itemBy(matrix.rows, 'indication', slug) as unknown as Record<string, Item[]>
    const cellOf = (indication: string, program: string) =>
      itemBy(rowOf(indication).programs as Item[], 'program', program)
    says(t, cellOf('r-r-b-all', 'fda:rmat'), {
      authority: { slug: 'fda' },
      status: 'granted',
      grantedOn: null,
      announcedOn: '2026-06-20',
      designations: [{ slug: 'lasme-cel-fda-rmat-r-r-b-all' }],
      sources: [
        {
          source: { slug: 'troy-technical-fda-grants-rmat-designation-to-cellectis-allogeneic-cd22-car-t' },
          grade: 'third-party-reported',
        },
      ],
    })
    says(t, cellOf('r-r-b-all', 'fda:fast-track'), {
      status: 'unknown',
      grantedOn: null,
      announcedOn: null,
      designations: [],
      sources: [],
    })
    t.strictSame(slugsOf(rowOf('r-r-b-all').trials as Item[]), ['nct04150497'])
    says(t, rowOf('b-all').applications, [
      {
        authority: { slug: 'fda' },
        application: { slug: 'lasme-cel-fda-ind-b-all' },
        type: 'IND',
        status: 'cleared',
        clearedOn: '2018-06',
        approvedOn: null,
        sources: [{ grade: 'third-party-reported' }, { grade: 'third-party-reported' }],
      },
    ])

    const then = await get('/v1/therapies/lasme-cel/matrix?asOf=2024-06')
    const granted = then.rows.flatMap((row: { programs: Item[] }) =>
      row.programs.filter(({ status }) => status !== 'unknown').map(({ program }) => slugOf(program)),
    )
    t.strictSame(granted, ['ema:orphan'], 'on an earlier day only what was so by then')
    const certain = await get('/v1/therapies/lasme-cel/matrix?asOf=2018-06-15&dateMatch=certain')
    t.strictSame(
      certain.rows.map(({ indication, trials }: Item) => [slugOf(indication), (trials as Item[]).length]),
      [['r-r-b-all', 1]],
      'a trial may always have been planned',
    )
  })

  t.test('where it stands when there are several designations, amendments, or nothing is said', async (t) => {
    const designate = (program: string, record: object) =>
      create('designations', { therapy: 'several', program, ...record })
    await create('therapies', { slug: 'several', name: 'Several' })
    await designate('fda:rmat', { events: [{ status: 'granted', on: '2020' }] })
    await designate('fda:rmat', { cycle: 2, events: [{ status: 'denied', on: '2022' }] })
    await designate('fda:fast-track', {
      events: [{ status: 'granted', on: '2019' }, { status: 'rescinded' }],
    })
    await designate('fda:fast-track', { cycle: 2, events: [{ status: 'requested', on: '2021' }] })
    await designate('ema:prime', { cycle: 2 })
    await designate('ema:orphan', {
      indication: 'b-all',
      events: [
        { status: 'granted', on: '2020' },
        { status: 'amended', on: '2021', indication: 'r-r-b-all' },
      ],
    })
    await create('applications', { therapy: 'several', authority: 'fda', type: 'IND' })
    await create('trials', { acronym: 'SEVERAL', therapies: ['several'] })
    await create('trials', { acronym: 'OTHERS', therapies: ['several'], indications: ['b-all', 'aml'] })
    const { rows } = await get('/v1/therapies/several/matrix')
    t.strictSame(
      rows.map(({ indication }: Item) => slugOf(indication)),
      ['aml', 'b-all', 'r-r-b-all', null],
      'what names no indication comes last',
    )
    const [, bAll, amended, none] = rows
    says(t, itemBy(none.programs, 'program', 'fda:rmat'), {
      status: 'granted',
      grantedOn: '2020',
      designations: [{ slug: 'several-fda-rmat' }, { slug: 'several-fda-rmat-2' }],
    })
    says(t, itemBy(none.programs, 'program', 'fda:fast-track'), { status: 'requested', grantedOn: null })
    says(t, itemBy(none.programs, 'program', 'ema:prime'), {
      status: 'unknown',
      designations: [{ slug: 'several-ema-prime-2' }],
    })
    says(t, itemBy(bAll.programs, 'program', 'ema:orphan'), { status: 'unknown', designations: [] })
    says(t, itemBy(amended.programs, 'program', 'ema:orphan'), { status: 'granted' })
    says(t, none.applications, [{ status: 'unknown', sources: [] }])
    says(t, none.trials, [{ name: 'SEVERAL' }])
    says(t, bAll.trials, [{ name: 'OTHERS' }])
    t.strictSame((await get('/v1/therapies/unheard-of/matrix')).rows, [])
  })

  t.test('what lies below and above an indication', async (t) => {
    const tree = await get('/v1/indications/b-all/tree')
    says(t, tree, {
      slug: 'b-all',
      abbreviations: ['B-ALL'],
      children: [
        { slug: 'r-r-b-all', children: [{ slug: 'r-r-b-all-pediatric-young-adult', children: [] }] },
      ],
    })
    const nodes: Item[] = []
    const visit = (node: Item & { children: Item[] }): void => {
      nodes.push(node)
      t.strictSame(
        node.children.map(({ name }) => name),
        node.children
          .map(({ name }) => String(name))
          .sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)),
        `below ${node.slug} by name`,
      )
      for (const child of node.children) visit(child as typeof node)
    }
    visit(await get('/v1/indications/hematologic-malignancy/tree'))
    const { data: under } = await get('/v1/indications?under=hematologic-malignancy&limit=1000')
    t.strictSame(slugsOf(nodes).sort(), ['hematologic-malignancy', ...slugsOf(under)].sort())
    for (const { slug, designations } of nodes.slice(0, 20)) {
      const { total } = await get(
        `/v1/designations?indication=${slug}&indicationExact=true&total=true&limit=1`,
      )
      t.equal(designations, total, `${slug} is named so often`)
    }

    const { data: above } = await get('/v1/indications/r-r-b-all/ancestors')
    t.strictSame(slugsOf(above), [
      'hematologic-malignancy',
      'leukemia',
      'acute-lymphoblastic-leukemia',
      'b-all',
    ])
    t.strictSame(above.at(-1), await get('/v1/indications/b-all'), 'each as the record')
    t.strictSame(await get('/v1/indications/hematologic-malignancy/ancestors'), { data: [] })
  })

  t.test('are answered with a tag, and refuse what they do not know', async (t) => {
    const paths = {
      '/v1/therapies/lasme-cel/timeline': 'therapies',
      '/v1/therapies/lasme-cel/matrix': 'therapies',
      '/v1/indications/b-all/tree': 'indications',
      '/v1/indications/r-r-b-all/ancestors': 'indications',
    }
    for (const [path, resource] of Object.entries(paths)) {
      const { headers } = await ask('GET', path)
      const known = { 'if-none-match': String(headers.etag) }
      t.equal((await ask('GET', path, undefined, known)).status, 304, path)
      t.equal((await ask('HEAD', path)).headers.etag, headers.etag)
      t.match(await ask('GET', `${path}?unheard=of`), {
        status: 400,
        body: { errors: [{ parameter: 'unheard' }] },
      })
      const view = path.split('/').at(-1)
      t.equal((await ask('GET', `/v1/${resource}/nobody-knows-it/${view}`)).status, 404)
      const { id } = await get(path.replace(/\/\w+$/, resource === 'therapies' ? '?include=' : ''))
      t.equal(
        (await ask('GET', path.replace(/[\w-]+\/(\w+)$/, `${id}/$1`))).text,
        (await ask('GET', path)).text,
      )
    }
    for (const path of Object.keys(paths).slice(0, 2)) {
      t.match(await ask('GET', `${path}?asOf=2023-21`), {
        status: 400,
        body: { errors: [{ parameter: 'asOf', message: /must be a partial date/ }] },
      })
    }
    await ask('PATCH', '/v1/therapies/unheard-of', { slug: 'heard-of' })
    const moved = await ask('GET', '/v1/therapies/unheard-of/timeline?asOf=2020')
    t.equal(moved.status, 308)
    t.equal(moved.headers.location, '/v1/therapies/heard-of/timeline?asOf=2020')
    await ask('DELETE', '/v1/therapies/heard-of')
    t.equal((await ask('GET', '/v1/therapies/heard-of/matrix')).status, 410)
  })
})
