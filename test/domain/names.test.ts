import fc from 'fast-check'
import { distance } from 'fastest-levenshtein'
import t from 'tap'
import {
  codeOf,
  deletionsOf,
  hashOf,
  maxNormalLength,
  maxWordLength,
  normalName,
  swapsOf,
  typosIn,
  wordsOf,
  wordsOfName,
  wordsOfTerm,
} from '../../src/domain/names.js'

t.test(
  'names are the same whatever their case, hyphens, spaces, accents, trade marks and Greek letters',
  async (t) => {
    const same = [
      ['CD3ζ', 'CD3zeta', 'cd3-zeta', 'CD3 ZETA'],
      ['eque-cel', 'eque cel', 'Eque‑Cel', 'equecel'],
      ['IASO-Bio', 'IASO Bio', 'iasobio'],
      ['R/R B-ALL', 'r/r b-all', 'RR BALL'],
      ['Kymriah®', 'KYMRIAH', 'Kymriah™'],
      ['Sjögren’s', "Sjogren's", 'SJÖGRENS'],
      ['Straße', 'STRASSE'],
      ['β-thalassaemia', 'beta-thalassaemia', 'Β-Thalassaemia'],
      ['ＣＤ１９', 'CD19'],
    ]
    for (const [first = '', ...others] of same) {
      for (const other of others) t.equal(normalName(other), normalName(first), `${other} is ${first}`)
    }
    t.equal(normalName('CD3ζ'), 'cd3zeta')
    t.equal(normalName('倍诺达'), '倍诺达', 'letters of every script count')
    t.equal(normalName('–/®'), '')
    t.equal(normalName('ϗ'), 'ϗ', 'a Greek sign without a name stays')
    t.equal(normalName('a'.repeat(400)).length, maxNormalLength)
  },
)

t.test('what is left of a name is left as it is', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => normalName(normalName(name)) === normalName(name)),
  )
})

t.test('a name is found by its pieces, by their parts and as one word', async (t) => {
  t.same(wordsOf('R/R B-ALL (CD22+)'), [
    { joined: 'rr', parts: ['r', 'r'] },
    { joined: 'ball', parts: ['b', 'all'] },
    { joined: 'cd22', parts: ['cd22'] },
  ])
  t.same(wordsOfName('eque-cel'), ['equecel', 'eque', 'cel'])
  t.same(wordsOfName('CD19/CD22 CAR-T').sort(), [
    'car',
    'cart',
    'cd19',
    'cd19cd22',
    'cd19cd22cart',
    'cd22',
    't',
  ])
  t.same(wordsOfName('a'.repeat(maxWordLength + 1)), [], 'what is too long is no word')
  t.same(wordsOf(' – '), [])
})

t.test(
  'a word of a vocabulary is found by its parts, apart and together, but not by a bare number',
  async (t) => {
    t.same(wordsOfTerm('phase 1/2').sort(), ['phase', 'phase1', 'phase12'])
    t.same(wordsOfTerm('car-t').sort(), ['car', 'cart', 't'])
  },
)

t.test('long words bear two typing mistakes, short ones and codes none', async (t) => {
  const expected = {
    car: 0,
    bcma: 1,
    kymriah: 1,
    novartis1: 1,
    equecabtagene: 2,
    ct103a: 0,
    ctx120: 0,
    ucart22: 1,
  }
  for (const [word, typos] of Object.entries(expected)) t.equal(typosIn(word), typos, word)
})

t.test('no mistake touches the digits of a code, nor the letter behind them', async (t) => {
  const codes = {
    ct103a: '103a',
    ct053: '053',
    ucart22: '22',
    allo501: '501',
    allo501a: '501a',
    equecel: '',
    '2seventybio': '2',
    cd3zeta: '3',
  }
  for (const [word, code] of Object.entries(codes)) t.equal(codeOf(word), code, word)
})

const word = fc.stringMatching(/^[a-z]{4,14}$/)

/** A word with some letters dropped, added, replaced or swapped with the next one. */
const mistaken = (most: number) =>
  fc
    .tuple(
      word,
      fc.array(
        fc.tuple(fc.nat(), fc.constantFrom('drop', 'add', 'replace', 'swap'), fc.stringMatching(/^[a-z]$/)),
        { minLength: 1, maxLength: most },
      ),
    )
    .map(([word, mistakes]) => [word, mistakes.reduce(mistake, word)] as const)

function mistake(word: string, [place, kind, letter]: [number, string, string]): string {
  const at = place % word.length
  const [before, after] = [word.slice(0, at), word.slice(at + 1)]
  if (kind === 'drop') return before + after
  if (kind === 'add') return before + letter + word.slice(at)
  if (kind === 'replace') return before + letter + after
  return before + after.slice(0, 1) + word.charAt(at) + after.slice(1)
}

t.test('words a mistake or two apart have a deletion in common', async () => {
  for (const most of [1, 2]) {
    fc.assert(
      fc.property(mistaken(most), ([word, typed]) => {
        const deletions = deletionsOf(typed, most)
        return [...deletionsOf(word, most)].some((text) => deletions.has(text))
      }),
      { numRuns: 2000 },
    )
  }
})

t.test('swapped neighbours are one mistake', async (t) => {
  t.same(swapsOf('bcma'), ['cbma', 'bmca', 'bcam'])
  t.same(swapsOf('aab'), ['aba'])
  t.same(swapsOf('a'), [])
  fc.assert(
    fc.property(word, (word) =>
      swapsOf(word).every((swapped) => distance(swapped, word) === 2 && swapsOf(swapped).includes(word)),
    ),
  )
})

t.test('words are compared in American spelling', async (t) => {
  const pairs = [
    ['acute myeloid leukaemia', 'Acute Myeloid Leukemia'],
    ['Haemophilia A', 'hemophilia A'],
    ['β-thalassaemia', 'beta thalassemia'],
    ['oesophageal tumour', 'esophageal tumor'],
    ['Rare Paediatric Disease', 'rare pediatric disease'],
  ]
  for (const [british = '', american = ''] of pairs)
    t.equal(normalName(british), normalName(american), british)
})

t.test('deletions are told apart as numbers that PostgreSQL keeps', async () => {
  fc.assert(
    fc.property(fc.string(), (text) => Number.isInteger(hashOf(text)) && Math.abs(hashOf(text)) <= 2 ** 31),
  )
})
