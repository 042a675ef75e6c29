import t from 'tap'
import { testApp } from '../support/app.js'

type Record = { [field: string]: unknown } & { id: string; slug: string }

/** Where a partial date begins and ends, as far as it takes to sort. */
function sortKey(value: unknown): string {
  const text = String(value)
  if (/^\d{4}$/.test(text)) return `${text}-01-01 ${Number(text) + 1}-01-01`
  const quarter = /^(\d{4})-Q(\d)$/.exec(text)
  if (quarter) return `${quarter[1]}-${String(Number(quarter[2]) * 3 - 2).padStart(2, '0')}-01 z`
  return /^\d{4}-\d\d$/.test(text)
    ? `${text}-01 y`
    : /^\d{4}-\d\d-\d\d$/.test(text)
      ? `${text} x`
      : text.toLowerCase()
}

t.test('lists', async (t) => {
  const { ask } = await testApp(t)
  const list = async (url: string) => {
    const answer = await ask('GET', url)
    t.equal(answer.status, 200, `${url}: ${answer.text.slice(0, 300)}`)
    return answer
  }
  const all = async (resource: string, query = ''): Promise<Record[]> => {
    const { data, page } = (await list(`/v1/${resource}?limit=1000${query}`)).body
    t.equal(page.next, null, 'one page holds all')
    return data
  }
  const slugsOf = (records: Record[]) => records.map(({ slug }) => slug)

  /** Every record of a list, page by page, as the `Link` header leads; asserts what each page says of itself. */
  const walk = async (url: string, limit: number): Promise<Record[]> => {
    const found: Record[] = []
    let next: string | null = url
    while (next !== null) {
      const { body, headers } = await list(next)
      t.strictSame(Object.keys(body.page), ['limit', 'next'])
      t.equal(body.page.limit, limit)
      found.push(...body.data)
      if (body.page.next === null) {
        t.equal(headers.link, undefined, 'the last page leads nowhere')
        next = null
      } else {
        t.equal(body.data.length, limit, 'every page but the last is full')
        const [, address = '', rel] = /^<([^>]+)>; rel="(\w+)"$/.exec(String(headers.link)) ?? []
        t.equal(rel, 'next')
        const parameters = new URL(address, 'http://localhost').searchParams
        t.equal(parameters.get('cursor'), body.page.next)
        next = address
      }
    }
    return found
  }

  t.test('a page holds twenty unless asked otherwise, and says how to go on', async (t) => {
    const { body } = await list('/v1/therapies')
    t.strictSame(Object.keys(body), ['data', 'page'])
    t.equal(body.data.length, 20)
    t.equal(body.page.limit, 20)
    t.type(body.page.next, 'string')
    const one = await list('/v1/therapies?limit=1')
    t.strictSame(slugsOf(one.body.data), slugsOf(body.data).slice(0, 1))
    const none = await list('/v1/therapies?target=cd19&modality=msc')
    t.strictSame(none.body, { data: [], page: { limit: 20, next: null } })
  })

  t.test('a walk finds every record once, in order, both ways, with nulls last', async (t) => {
    const walks: [resource: string, sort: string, limit: number][] = [
      ['organizations', 'name', 50],
      ['organizations', 'country', 33],
      ['sources', 'publishedOn', 120],
      ['sources', 'publisher', 170],
      ['trials', 'startedOn', 40],
      ['designations', 'grantedOn', 100],
      ['applications', 'approvedOn', 60],
      ['programs', 'establishedOn', 1],
      ['indications', 'updatedAt', 90],
    ]
    for (const [resource, sort, limit] of walks) {
      const everything = slugsOf(await all(resource)).sort()
      for (const direction of ['', '-']) {
        const found = await walk(`/v1/${resource}?limit=${limit}&sort=${direction}${sort}`, limit)
        t.strictSame(slugsOf(found).sort(), everything, `${direction}${sort}: every record once`)
        const values = found.map((record) => record[sort] ?? null)
        const known = values.filter((value) => value !== null)
        t.ok(known.length > 0)
        t.strictSame(
          values.slice(known.length),
          values.filter((value) => value === null),
          'nulls come last',
        )
        const keys = known.map(sortKey)
        const sorted = [...keys].sort()
        const starts = (list: string[]) => list.map((key) => key.split(' ', 1)[0])
        t.strictSame(
          starts(keys),
          starts(direction === '-' ? sorted.reverse() : sorted),
          `${direction}${sort}`,
        )
      }
    }
  })

  t.test(
    'equal values are in the order of their ids, so that both ways are each other reversed',
    async (t) => {
      const known = (records: Record[]) =>
        records.filter(({ country }) => country !== null).map(({ id }) => id)
      const up = await walk('/v1/organizations?limit=100&sort=country', 100)
      const down = await walk('/v1/organizations?limit=100&sort=-country', 100)
      t.strictSame(known(up), known(down).reverse())
    },
  )

  t.test('several keys sort one after the other', async (t) => {
    const found = await walk('/v1/applications?limit=75&sort=-approvedOn,slug', 75)
    t.strictSame(slugsOf(found).sort(), slugsOf(await all('applications')).sort())
    const last = found.filter(({ approvedOn }) => approvedOn === null)
    t.ok(last.length > 1)
    t.strictSame(slugsOf(last), slugsOf(last).sort())
    const byName = await walk('/v1/therapies?limit=75&sort=-name,-slug', 75)
    t.strictSame(slugsOf(byName), slugsOf(await walk('/v1/therapies?limit=60&sort=name,slug', 60)).reverse())
  })

  t.test('a walk keeps its filters', async (t) => {
    const filter = 'modality=car-t&modality=tcr-t&cellOrigin=!allogeneic'
    const found = await walk(`/v1/therapies?${filter}&limit=10&sort=-name`, 10)
    const expected = (await all('therapies')).filter(
      ({ modality, cellOrigin }) =>
        ['car-t', 'tcr-t'].includes(String(modality)) && cellOrigin !== 'allogeneic',
    )
    t.ok(found.length > 20)
    t.strictSame(slugsOf(found).sort(), slugsOf(expected).sort())
  })

  t.test('an odd value in a filter comes through to the next page', async (t) => {
    for (const id of ['1', '2']) {
      const url = `https://example.com/odd?a=${id}&b=+%20ü`
      const source = { title: 'Odd', publisher: 'A & B? #1+1 ü', url: encodeURI(url), kind: 'news' }
      t.equal((await ask('POST', '/v1/sources', source)).status, 201)
    }
    const publisher = encodeURIComponent('A & B? #1+1 ü').replace('%3F', '?')
    t.equal((await walk(`/v1/sources?publisher=${publisher}&limit=1`, 1)).length, 2)
  })

  t.test('a cursor belongs to its list, sort and filters, and not to its limit', async (t) => {
    const { body } = await list('/v1/organizations?limit=5&sort=country&kind=company')
    const cursor = body.page.next
    const more = await list(`/v1/organizations?limit=50&sort=country&kind=company&cursor=${cursor}`)
    t.equal(more.body.data.length, 50)
    const parameters = (await list(`/v1/organizations?cursor=${cursor}&kind=company&limit=50&sort=country`))
      .body
    t.strictSame(parameters.data, more.body.data, 'parameters come in any order')
    const foreign = [
      `/v1/sources?limit=5&cursor=${cursor}`,
      `/v1/organizations?limit=5&cursor=${cursor}`,
      `/v1/organizations?limit=5&sort=country&cursor=${cursor}`,
      `/v1/organizations?limit=5&sort=-country&kind=company&cursor=${cursor}`,
      `/v1/organizations?limit=5&sort=country&kind=!company&cursor=${cursor}`,
      `/v1/organizations?limit=5&sort=country&kind=company&cursor=${cursor.slice(0, -2)}`,
      `/v1/organizations?limit=5&sort=country&kind=company&cursor=x${cursor}`,
      `/v1/organizations?limit=5&sort=country&kind=company&cursor=${cursor.toLowerCase()}`,
    ]
    for (const url of foreign) {
      const answer = await ask('GET', url)
      t.equal(answer.status, 400, url)
      t.match(answer.body, { type: '/problems/bad-cursor', errors: [{ parameter: 'cursor' }] })
    }
  })

  t.test('a walk goes on while records come and go', async (t) => {
    const before = slugsOf(await all('targets'))
    const first = await list('/v1/targets?limit=10&sort=symbol')
    const [passed] = before
    await ask('POST', '/v1/targets', { symbol: '0-EARLY' })
    await ask('POST', '/v1/targets', { symbol: 'ZZZ-LATE' })
    const rest = await walk(`/v1/targets?limit=10&sort=symbol&cursor=${first.body.page.next}`, 10)
    const found = [...slugsOf(first.body.data), ...slugsOf(rest)]
    t.strictSame(
      found,
      [...before, 'zzz-late'],
      `what comes after ${passed} is seen, what comes before is not`,
    )
    for (const slug of ['0-early', 'zzz-late'])
      t.equal((await ask('DELETE', `/v1/targets/${slug}`)).status, 204)
  })

  t.test('a total is counted when asked for', async (t) => {
    const everything = await all('designations')
    const { body } = await list('/v1/designations?limit=3&total=true')
    t.strictSame(Object.keys(body), ['data', 'page', 'total'])
    t.equal(body.total, everything.length)
    const next = await list(`/v1/designations?limit=3&total=true&cursor=${body.page.next}`)
    t.equal(next.body.total, everything.length, 'of the list, not of what is left')
    const granted = everything.filter(({ status }) => status === 'granted')
    t.equal((await list('/v1/designations?limit=1&total=true&status=granted')).body.total, granted.length)
    t.notOk('total' in (await list('/v1/designations?total=false')).body)
  })

  t.test('a filter: again is or, another is and, ! is not, none is missing', async (t) => {
    const therapies = await all('therapies')
    const where = (matches: (therapy: Record) => boolean) => slugsOf(therapies.filter(matches))
    const targetsOf = ({ targets }: Record) => slugsOf(targets as Record[])
    const cases: [query: string, matches: (therapy: Record) => boolean][] = [
      ['modality=til', ({ modality }) => modality === 'til'],
      ['modality=til&modality=cik', ({ modality }) => modality === 'til' || modality === 'cik'],
      [
        'modality=car-t&cellOrigin=allogeneic',
        (it) => it.modality === 'car-t' && it.cellOrigin === 'allogeneic',
      ],
      ['modality=!car-t', ({ modality }) => modality !== 'car-t'],
      [
        'modality=!car-t&modality=!gene-therapy',
        (it) => it.modality !== 'car-t' && it.modality !== 'gene-therapy',
      ],
      ['cellOrigin=none', ({ cellOrigin }) => cellOrigin === null],
      ['cellOrigin=!none', ({ cellOrigin }) => cellOrigin !== null],
      [
        'cellOrigin=none&cellOrigin=allogeneic',
        (it) => it.cellOrigin === null || it.cellOrigin === 'allogeneic',
      ],
      [
        'cellSource=!cord-blood&cellSource=!none',
        (it) => it.cellSource !== 'cord-blood' && it.cellSource !== null,
      ],
      ['target=cd19', (it) => targetsOf(it).includes('cd19')],
      ['target=cd19&target=cd22', (it) => targetsOf(it).some((slug) => slug === 'cd19' || slug === 'cd22')],
      ['target=!cd19', (it) => !targetsOf(it).includes('cd19')],
      ['target=none', (it) => targetsOf(it).length === 0],
      [
        'target=!none&modality=gene-therapy',
        (it) => targetsOf(it).length > 0 && it.modality === 'gene-therapy',
      ],
      [
        'target=cd19&target=none&vector=transposon',
        (it) => it.vector === 'transposon' && (targetsOf(it).includes('cd19') || targetsOf(it).length === 0),
      ],
    ]
    for (const [query, matches] of cases) {
      const expected = where(matches)
      t.ok(expected.length > 0 && expected.length < therapies.length, `${query} tells some from others`)
      t.strictSame(slugsOf(await all('therapies', `&${query}`)), expected, query)
    }
  })

  t.test('a reference in a filter is a slug or an id; one that is unknown is told', async (t) => {
    const { body: rmat } = await list('/v1/programs/fda:rmat')
    const found = slugsOf(await all('designations', '&program=fda:rmat'))
    t.ok(found.length > 20)
    t.strictSame(slugsOf(await all('designations', `&program=${rmat.id}`)), found)
    t.strictSame(slugsOf(await all('designations', `&program=${rmat.id.toUpperCase()}`)), found)
    const prime = slugsOf(await all('designations', '&program=ema:prime'))
    const either = slugsOf(await all('designations', `&program=${rmat.id}&program=ema:prime`))
    t.strictSame(either, [...found, ...prime].sort())
    t.strictSame(slugsOf(await all('designations', `&program=!${rmat.id}&program=ema:prime`)), prime)
    t.equal((await ask('GET', '/v1/designations?program=no-such')).status, 422)
    const general = (await all('designations')).filter(({ indication }) => indication === null)
    t.ok(slugsOf(general).includes('raavrh74-fda-platform-technology'))
    t.strictSame(slugsOf(await all('designations', '&indication=none')), slugsOf(general))
  })

  t.test('a text in a filter matches whole, in any case', async (t) => {
    t.strictSame(slugsOf(await all('targets', '&symbol=tnfrsf17')), ['tnfrsf17'])
    t.strictSame(slugsOf(await all('targets', '&symbol=TNFRSF')), [])
    t.strictSame(slugsOf(await all('trials', '&registryId=nct04150497')), ['nct04150497'])
    const american = await all('organizations', '&country=us&kind=company')
    t.ok(american.length > 10 && american.every(({ country }) => country === 'US'))
  })

  t.test('a page has a tag, which holds until the page changes', async (t) => {
    const url = '/v1/targets?symbol=cd19&symbol=page-tag'
    const { headers } = await list(url)
    const known = { 'if-none-match': String(headers.etag) }
    const same = await ask('GET', url, undefined, known)
    t.equal(same.status, 304)
    t.equal(same.text, '')
    t.equal((await ask('HEAD', url)).headers.etag, headers.etag)
    await ask('POST', '/v1/targets', { symbol: 'PAGE-TAG' })
    t.equal((await ask('GET', url, undefined, known)).status, 200)
  })
})
