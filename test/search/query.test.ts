import fc from 'fast-check'
import t from 'tap'
import { excerptHtml, marked, markedBy, startMark, stopMark } from '../../src/search/highlight.js'
import { maxQueryLength, parseQuery } from '../../src/search/query.js'
import { rank } from '../../src/search/rank.js'

const unitsOf = (text: string) => parseQuery(text).units
const textsOf = (text: string) => unitsOf(text).map(({ text }) => text)

t.test('a query is its words, each with its parts and with its neighbours', async (t) => {
  const [ucart, number] = unitsOf('UCART 22')
  t.same(ucart?.spellings, ['ucart', 'ucart22'])
  t.same(number?.spellings, ['22', 'ucart22'])
  const [, b] = unitsOf('CAR T B-ALL')
  t.same(b?.spellings, ['t', 'cart', 'tball', 'cartball'])
  t.same(unitsOf('B-ALL')[0]?.parts, ['b', 'all'])
  t.same(textsOf('CD19,CD22'), ['cd19', 'cd22'], 'a comma parts words')
  t.equal(parseQuery(' eque cel ').normal, 'equecel')
})

t.test('quotes hold a phrase together, a minus leaves out', async (t) => {
  const [phrase, word, without, last] = unitsOf('"multiple myeloma" BCMA -Novartis -"fast track"')
  t.match(phrase, {
    text: 'multiple myeloma',
    phrase: 'multiplemyeloma',
    excluded: false,
    parts: ['multiple', 'myeloma'],
  })
  t.match(word, { text: 'BCMA', phrase: null, excluded: false })
  t.match(without, { text: 'Novartis', excluded: true, spellings: ['novartis'] })
  t.match(last, { phrase: 'fasttrack', excluded: true })
  t.same(textsOf('“R/R B-ALL” NHL'), ['R/R B-ALL', 'NHL'])
  t.same(unitsOf('eque-cel')[0]?.excluded, false, 'a hyphen within a word is none')
  t.same(textsOf('CD19"B-ALL'), ['CD19', 'B-ALL'], 'a quote that stays open is none')
  t.equal(parseQuery('"eque-cel"').normal, '', 'a phrase is no name')
})

t.test('words that say nothing are left out, unless they are an abbreviation or all there is', async (t) => {
  t.same(textsOf('treatment of the leukemia'), ['treatment', 'leukemia'])
  t.match(unitsOf('CD19 for ALL')[1], { text: 'ALL', optional: true })
  t.same(textsOf('all'), ['all'])
  t.same(textsOf('A CD19'), ['CD19'], 'a letter is no abbreviation')
})

t.test('anything can be asked for, and what is too long is cut', async (t) => {
  t.same(textsOf('–/ "" - "'), [])
  t.equal(unitsOf('CD19 '.repeat(40)).length, 12)
  t.equal(parseQuery('x'.repeat(500)).text.length, maxQueryLength)
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) =>
      unitsOf(text).every(({ spellings, parts }) =>
        [...spellings, ...parts].every((word) => /^[\p{L}\p{N}]+$/u.test(word)),
      ),
    ),
  )
})

t.test('a record that only begins as a word which does not count is found by that alone', async (t) => {
  const field = (value: string) => ({ kind: 'name' as const, field: 'names.name', value })
  const record = {
    id: 'a',
    resource: 'therapies',
    slug: 'hadex',
    name: 'Hadex',
    links: [],
    said: [],
    excerpt: null,
  }
  const findings = { corrections: [], bearers: [], names: {}, guesses: [], meant: [], relaxed: false }
  const candidates = [
    { ...record, fields: [field('HX-1'), field('Hadex')] },
    { ...record, fields: [field('HX-2')] },
  ]
  const hits = rank(parseQuery('HAD'), { ...findings, candidates }, new Map([['therapies', 1]]), 20)
  t.match(hits, [{ matched: { value: 'Hadex', how: 'prefix' }, highlight: '<mark>Had</mark>ex' }])
  t.equal(hits.length, 1)
})

const plainText = (html: string) =>
  html
    .replace(/<\/?mark>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')

t.test('what matches is marked, and everything else escaped', async (t) => {
  const words = (...list: string[]) => new Set(list)
  t.equal(
    markedBy('Relapsed or refractory B-ALL', words('ball'), []),
    'Relapsed or refractory <mark>B-ALL</mark>',
  )
  t.equal(markedBy('P-BCMA-101', words('bcma'), []), 'P-<mark>BCMA</mark>-101')
  t.equal(markedBy('CD3ζ & <x>', words('cd3zeta'), []), '<mark>CD3ζ</mark> &amp; &lt;x&gt;')
  t.equal(markedBy('Equecabtagene autoleucel', words(), ['equecab']), '<mark>Equecab</mark>tagene autoleucel')
  t.equal(
    markedBy('lasme-cel', words(), ['lasmec', 'lasmec']),
    '<mark>lasme-c</mark>el',
    'a beginning may go on behind a hyphen',
  )
  t.equal(markedBy('Kymriah', words('yescarta'), ['']), 'Kymriah')
  t.equal(excerptHtml(`a ${startMark}T cell${stopMark} & more`), 'a <mark>T cell</mark> &amp; more')
  t.equal(marked('A&B', 'exact', parseQuery('A&B'), []), '<mark>A&amp;B</mark>')
  fc.assert(
    fc.property(
      fc.string(),
      fc.array(fc.string()),
      (value, list) => plainText(markedBy(value, new Set(list), list)) === value,
    ),
  )
})
