import t from 'tap'
import { testApp } from '../support/app.js'
import { says } from '../support/says.js'

const { ask } = await testApp(t)

interface Hit {
  type: string
  slug: string
  name: string
  score: number
  highlight: string
  matched: { field: string; value: string; how: string }
}

async function search(q: string, further = ''): Promise<Hit[]> {
  const { status, body } = await ask('GET', `/v1/search?q=${encodeURIComponent(q)}${further}`)
  t.equal(status, 200, q)
  return body.data
}

const keyOf = ({ type, slug }: Hit) => `${type}/${slug}`
const keysOf = async (q: string, further = '') => (await search(q, further)).map(keyOf)
const readingOf = async (q: string) => (await ask('GET', `/v1/search?q=${encodeURIComponent(q)}`)).body.query

t.test('each hit says what it is and why it was found', async (t) => {
  const cases: [q: string, key: string, matched: Hit['matched'], highlight: string][] = [
    [
      'UCART22',
      'therapy/lasme-cel',
      { field: 'names.name', value: 'UCART22', how: 'exact' },
      '<mark>UCART22</mark>',
    ],
    [
      'ucart 22',
      'therapy/lasme-cel',
      { field: 'names.name', value: 'UCART22', how: 'normalized' },
      '<mark>UCART22</mark>',
    ],
    ['BCMA', 'target/tnfrsf17', { field: 'aliases', value: 'BCMA', how: 'exact' }, '<mark>BCMA</mark>'],
    [
      'R/R B-ALL',
      'indication/r-r-b-all',
      { field: 'abbreviations', value: 'R/R B-ALL', how: 'exact' },
      '<mark>R/R B-ALL</mark>',
    ],
    [
      'equecab',
      'therapy/eque-cel',
      { field: 'name', value: 'Equecabtagene autoleucel', how: 'prefix' },
      '<mark>Equecab</mark>tagene autoleucel',
    ],
    [
      'timgedleucel',
      'therapy/lasme-cel',
      { field: 'name', value: 'Lasmecabtagene timgedleucel', how: 'word' },
      'Lasmecabtagene <mark>timgedleucel</mark>',
    ],
    [
      'novarits',
      'organization/novartis',
      { field: 'name', value: 'Novartis', how: 'typo' },
      '<mark>Novartis</mark>',
    ],
    [
      'NCT04150497',
      'trial/nct04150497',
      { field: 'registryId', value: 'NCT04150497', how: 'exact' },
      '<mark>NCT04150497</mark>',
    ],
    [
      'fda:rmat',
      'program/fda:rmat',
      { field: 'slug', value: 'fda:rmat', how: 'exact' },
      '<mark>fda:rmat</mark>',
    ],
    [
      'lasme-cel-fda-rmat-r-r-b-all',
      'designation/lasme-cel-fda-rmat-r-r-b-all',
      { field: 'slug', value: 'lasme-cel-fda-rmat-r-r-b-all', how: 'exact' },
      '<mark>lasme-cel-fda-rmat-r-r-b-all</mark>',
    ],
  ]
  for (const [q, key, matched, highlight] of cases) {
    const [first] = await search(q)
    t.equal(first && keyOf(first), key, q)
    says(t, first, { matched, highlight }, q)
  }
  const [text] = await search('healthy-donor', '&type=therapy')
  says(t, text, { type: 'therapy', slug: 'lasme-cel', matched: { field: 'summary', how: 'text' } })
  t.match(text?.highlight, /made from <mark>healthy<\/mark>-<mark>donor<\/mark>|<mark>healthy-donor<\/mark>/)
})

t.test('what is named so comes before what is said of it, in an order that stays', async (t) => {
  const hits = await search('lasme-cel')
  t.equal(hits[0]?.slug, 'lasme-cel')
  t.ok(hits.slice(1).every(({ score }) => score < (hits[0] as Hit).score))
  const scores = hits.map(({ score }) => score)
  t.same(
    scores,
    scores.toSorted((a, b) => b - a),
  )
  for (const [index, { score, name }] of hits.slice(1).entries()) {
    const before = hits[index] as Hit
    if (before.score === score)
      t.ok(before.name.toLowerCase() <= name.toLowerCase(), 'ties are in the order of names')
  }
  t.same(await search('lasme-cel'), hits)
  t.ok(hits.some(({ type, matched }) => type === 'trial' && matched.field === 'therapies'))
})

t.test(
  'words may be said in several places: of the record, of what it refers to, of records near it',
  async (t) => {
    const designations = await search('BCMA RMAT myeloma', '&type=designation')
    t.ok(designations.length >= 3)
    for (const { slug } of designations.slice(0, 4)) t.match(slug, /-fda-rmat-/)
    const [therapy] = await search('allogeneic CD22 leukemia')
    t.equal(therapy?.slug, 'lasme-cel')
    t.match(
      await keysOf('Cellectis B-ALL'),
      ['designation/lasme-cel-fda-rmat-r-r-b-all'],
      'an indication stands for what lies below it',
    )
    const near = await search('RMAT CD22', '&type=therapy')
    t.same(near.map(keyOf), ['therapy/lasme-cel'])
    const [related] = await search('RMAT', '&type=therapy')
    says(t, related, { matched: { field: 'related', value: 'RMAT', how: 'word' } })
    t.ok(
      (await keysOf('China myeloma designations')).slice(0, 4).every((key) => /nmpa/.test(key)),
      'an authority by its country',
    )
    t.match((await search('phase II BCMA', '&type=trial'))[0], { type: 'trial' })
    t.same(await search('phase II BCMA', '&type=trials'), await search('phase II BCMA', '&type=trial'))
    t.ok((await search('pivotal CD22', '&type=trial')).length > 0)
    t.ok((await keysOf('CD3zeta')).length > 3, 'what a receptor is made of')
  },
)

t.test('a phrase has to occur as a whole, and what is excluded must not', async (t) => {
  t.match(await keysOf('"multiple myeloma" refractory'), ['indication/rrmm'])
  const phrased = await keysOf('"refractory multiple myeloma"')
  t.ok(phrased.includes('indication/rrmm'))
  t.same(await keysOf('"myeloma multiple"'), [])
  t.match(await keysOf('"healthy-donor T cells"', '&type=therapy'), ['therapy/lasme-cel'], 'in a text')
  t.match(await keysOf('"r/r b-all" cellectis', '&type=designation'), [
    'designation/lasme-cel-fda-rmat-r-r-b-all',
  ])
  const all = await keysOf('CD22', '&type=therapy&limit=100')
  const own = await keysOf('CD22 -allogeneic', '&type=therapy&limit=100')
  t.ok(all.includes('therapy/lasme-cel') && !own.includes('therapy/lasme-cel') && own.length > 0)
  const unphrased = await keysOf('Cellectis -"fast track"', '&limit=100')
  t.ok(unphrased.length > 3 && unphrased.every((key) => !key.includes('fast-track')))
})

t.test('one word may be missing when nothing has them all, but never a number', async (t) => {
  t.match(await keysOf('Cellectis foobar'), ['organization/cellectis'])
  t.equal((await readingOf('Cellectis foobar')).relaxed, true)
  t.equal((await readingOf('Cellectis')).relaxed, false)
  t.same(await keysOf('UCART 23'), [])
  t.same(await keysOf('Cellectis 4711'), [])
})

t.test('a typing mistake is read as the names that are nearest, and told', async (t) => {
  t.same((await readingOf('lasmecabtagen timgedleucle')).corrections, [
    { word: 'lasmecabtagen', readAs: ['lasmecabtagene'] },
    { word: 'timgedleucle', readAs: ['timgedleucel'] },
  ])
  t.match(await keysOf('lasmecabtagen timgedleucle'), ['therapy/lasme-cel'])
  t.match(await keysOf('equecabtgaen'), ['therapy/eque-cel'], 'two mistakes in ten letters and more')
  t.match(await keysOf('Kymirah'), ['therapy/tisagenlecleucel'], 'swapped neighbours are one')
})

t.test('a code with another digit or letter is another product', async (t) => {
  for (const code of ['CT104A', 'CT103B', 'UCART23', 'CTX120', 'NCT04150498'])
    t.same(await keysOf(code), [], code)
  t.match(await keysOf('CT053'), ['therapy/zevorcabtagene-autoleucel'])
  t.match(await keysOf('CT103A'), ['therapy/eque-cel'])
})

t.test('an abbreviation in capitals is one, whatever the word means', async (t) => {
  t.match(await keysOf('ALL'), ['indication/acute-lymphoblastic-leukemia'])
  t.ok((await keysOf('CD22 in ALL', '&type=designation')).some((key) => key.includes('lasme-cel')))
  t.equal((await search('CAN'))[0]?.matched.how, 'prefix', 'what no name has may still be how one begins')
  t.ok((await search('HAD')).every(({ matched }) => matched.how === 'prefix'))
  t.same(await search('-CD19'), [], 'only what is not wanted')
  t.equal((await search('WHICH Kymriah'))[0]?.slug, 'tisagenlecleucel', 'what no name has is left out')
})

t.test('it is narrowed to kinds of records and cut', async (t) => {
  t.same(
    new Set((await search('Cellectis', '&type=therapy&type=trial&limit=100')).map(({ type }) => type)),
    new Set(['therapy', 'trial']),
  )
  t.equal((await search('RMAT', '&limit=3')).length, 3)
  t.same(await search('–/–'), [], 'what has no word finds nothing')
  const first = await ask('GET', '/v1/search?q=BCMA')
  t.equal(
    (await ask('GET', '/v1/search?q=BCMA', undefined, { 'if-none-match': String(first.headers.etag) }))
      .status,
    304,
  )
  for (const query of [
    '',
    'q=',
    'q=%20',
    'q=CD19&limit=0',
    'q=CD19&limit=101',
    'q=CD19&type=cells',
    'q=CD19&page=2',
  ]) {
    t.equal((await ask('GET', `/v1/search?${query}`)).status, 400, query)
  }
})

t.test('names are suggested while one is typed', async (t) => {
  const suggest = async (q: string, further = ''): Promise<(Hit & { value: string })[]> =>
    (await ask('GET', `/v1/suggest?q=${encodeURIComponent(q)}${further}`)).body.data
  const [first] = await suggest('ucart2')
  says(t, first, { type: 'therapy', slug: 'lasme-cel', value: 'UCART22', highlight: '<mark>UCART2</mark>2' })
  t.equal((await suggest('lasmecabtagene tim'))[0]?.slug, 'lasme-cel')
  t.equal((await suggest('timged'))[0]?.slug, 'lasme-cel', 'a word within a name')
  t.equal((await suggest('autoleucel eque'))[0]?.slug, 'eque-cel', 'words in another order')
  t.equal((await suggest('CD3-ze')).length, 0, 'what is no name is not suggested')
  const novartis = await suggest('novar', '&type=organization')
  t.equal(novartis[0]?.name, 'Novartis', 'the shortest name first')
  t.equal(new Set(novartis.map(keyOf)).size, novartis.length, 'a record once')
  t.equal((await suggest('a', '&limit=20')).length, 20)
  t.same(await suggest('–'), [])
  t.same(await suggest('xqzw'), [])
  t.equal((await ask('GET', '/v1/suggest?q=a&limit=21')).status, 400)
})

t.test('names are resolved, many at once, in the order given', async (t) => {
  const resolve = async (names: string[], type?: string) =>
    (await ask('POST', '/v1/resolve', { names, ...(type && { type }) })).body.data
  const asked = ['Fucaso', 'eque cel', 'UCART22', 'CT104A', 'lasmecabtagen timgedleucel', 'UCART', '–']
  const resolved = await resolve(asked)
  t.same(
    resolved.map(({ name }: Hit) => name),
    asked,
  )
  t.same(
    resolved.map(({ match }: { match: Hit | null }) => match && [match.slug, match.matched.how]),
    [
      ['eque-cel', 'exact'],
      ['eque-cel', 'normalized'],
      ['lasme-cel', 'exact'],
      null,
      ['lasme-cel', 'typo'],
      null,
      null,
    ],
    'what a name begins with is no name',
  )
  const [shared] = await resolve(['onasemnogene abeparvovec'])
  t.same([shared.match.slug, ...shared.alternatives.map(({ slug }: Hit) => slug)].sort(), [
    'itvisma',
    'zolgensma',
  ])
  const [exact] = await resolve(['CARCIK'])
  t.equal(exact.match.matched.how, 'exact')
  const [target] = await resolve(['BCMA'], 'target')
  says(t, target, {
    match: { type: 'target', slug: 'tnfrsf17', matched: { field: 'aliases', value: 'BCMA', how: 'exact' } },
  })
  t.equal((await resolve(['BCMA'], 'program'))[0].match, null)
  t.equal(
    (await resolve(Array.from({ length: 1000 }, (_, index) => `UCART${index}`))).filter(
      ({ match }: { match: unknown }) => match,
    ).length > 2,
    true,
  )
  const unknown = await ask('POST', '/v1/resolve', { names: ['BCMA'], type: 'cells' })
  t.equal(unknown.status, 422)
  says(t, unknown.body.errors, [{ pointer: '/type', message: 'no kind of record is called "cells"' }])
  for (const body of [
    {},
    { names: [] },
    { names: [''] },
    { names: Array(1001).fill('BCMA') },
    { names: ['BCMA'], limit: 1 },
  ]) {
    t.equal((await ask('POST', '/v1/resolve', body)).status, 400)
  }
})

t.test('letters beyond the basic plane are looked for as any others', async (t) => {
  const tangut = '𘟘'
  for (const q of [tangut, tangut.repeat(2), `a${tangut.repeat(150)}`, `${'a'.repeat(41)}${tangut}`]) {
    for (const path of ['search', 'suggest', 'therapies', 'therapies/export']) {
      t.equal((await ask('GET', `/v1/${path}?q=${encodeURIComponent(q)}`)).status, 200, `${path} ${q}`)
    }
    t.equal((await ask('POST', '/v1/resolve', { names: [q] })).status, 200)
    t.equal((await ask('GET', `/v1/therapies/${encodeURIComponent(`b${q}`)}`)).status, 404)
  }
})

t.test('lists take a query and names', async (t) => {
  const slugs = async (path: string) =>
    (await ask('GET', `/v1/${path}`)).body.data.map(({ slug }: Hit) => slug)
  t.same(await slugs('therapies?q=allogeneic%20CD22'), ['lasme-cel'])
  t.same(await slugs('designations?q=%22R/R%20B-ALL%22%20Cellectis%20RMAT'), ['lasme-cel-fda-rmat-r-r-b-all'])
  t.same(await slugs('therapies?q=lasmecabtagen'), ['lasme-cel'], 'with a typing mistake')
  t.same(await slugs('therapies?q=Cellectis%20foobar'), [], 'of a list every word is asked for')
  t.same(await slugs('therapies?name=ucart%2022'), ['lasme-cel'])
  t.same(await slugs('therapies?name=lasmecabt*'), ['lasme-cel'])
  t.same(await slugs('therapies?name=*timgedleucel'), ['lasme-cel'])
  t.same(await slugs('therapies?name=*timgedleu*'), ['lasme-cel'])
  t.same(await slugs('therapies?name=*gedleu'), [], 'a name ends where no star says that it goes on')
  const several = 'therapies?name=*timgedleucel&name=*timgedleu*&name=lasme-cel'
  t.same(await slugs(several), ['lasme-cel'])
  const ending = await slugs('therapies?name=*l&limit=1000')
  t.ok(
    ending.includes('lasme-cel') && !ending.includes('ucart20x22'),
    'one letter is enough at the end of a name',
  )
})
