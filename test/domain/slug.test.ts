import fc from 'fast-check'
import t from 'tap'
import {
  isId,
  isSlug,
  joinSlugs,
  maxSlugLength,
  nthSlug,
  slugOf,
  slugPattern,
} from '../../src/domain/slug.js'

const uuid = '0197f1d2-3c4b-7a5d-8e6f-001122334455'
const slugs = fc.stringMatching(/^[a-z0-9]{1,30}([-:][a-z0-9]{1,30}){0,8}$/).filter(isSlug)

t.test('a slug is made of a name as the field writes it', async (t) => {
  const examples = {
    'R/R B-ALL': 'r-r-b-all',
    CT103A: 'ct103a',
    'EU/3/15/1509': 'eu-3-15-1509',
    'lasmecabtagene timgedleucel': 'lasmecabtagene-timgedleucel',
    CD3ζ: 'cd3-zeta',
    'β-thalassaemia': 'beta-thalassaemia',
    IFNΓ: 'ifn-gamma',
    G47Δ: 'g47-delta',
    '5 µg': '5-mu-g',
    'Sjögren’s': 'sjoegrens',
    'Fondazione Telethon & Università': 'fondazione-telethon-and-universita',
    'CAR‑T': 'car-t',
    'H₂O': 'h2o',
  }
  for (const [name, slug] of Object.entries(examples)) t.equal(slugOf(name), slug)
})

t.test('a name that gives no slug gives null', async (t) => {
  for (const name of ['', '   ', '★', '倍诺达', uuid, uuid.toUpperCase()]) t.equal(slugOf(name), null, name)
})

t.test('a long slug is cut at a hyphen, or anywhere when it has none', async (t) => {
  t.equal(slugOf('abcdefghi '.repeat(13)), 'abcdefghi-'.repeat(12).slice(0, -1))
  t.equal(slugOf(`${'ab '.repeat(39)}abcd`), 'ab-'.repeat(39).slice(0, -1))
  t.equal(slugOf(`${'ab '.repeat(39)}abc d`), `${'ab-'.repeat(39)}abc`)
  t.equal(slugOf('a'.repeat(10_000)), 'a'.repeat(maxSlugLength))
})

t.test('what is made of any name is a slug or null', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const slug = slugOf(name)
      return slug === null || isSlug(slug)
    }),
  )
})

t.test('a slug is the slug of itself, but for colons', async () => {
  fc.assert(fc.property(slugs, (slug) => slugOf(slug) === slug.replaceAll(':', '-')))
})

t.test('slugs are joined by colons and numbered, and stay slugs', async (t) => {
  t.equal(joinSlugs('fda', 'rmat'), 'fda:rmat')
  t.equal(joinSlugs('a'.repeat(119), 'rmat'), 'a'.repeat(119))
  t.equal(nthSlug('abc', 1), 'abc')
  t.equal(nthSlug('abc', 2), 'abc-2')
  t.equal(nthSlug(`${'a'.repeat(117)}-bc`, 10), `${'a'.repeat(117)}-10`)
  fc.assert(
    fc.property(slugs, slugs, fc.integer({ min: 1, max: 9999 }), (one, other, n) => {
      return isSlug(joinSlugs(one, other)) && isSlug(nthSlug(one, n))
    }),
  )
})

t.test('an id is never a slug', async (t) => {
  t.ok(isId(uuid))
  t.ok(isId(uuid.toUpperCase()))
  t.notOk(isSlug(uuid))
  t.notOk(isId('lasme-cel'))
  t.notOk(isId(`${uuid}-2`))
  t.ok(isSlug(`${uuid}-2`))
  fc.assert(fc.property(fc.uuid(), (id) => isId(id) && !isSlug(id)))
  fc.assert(fc.property(slugs, (slug) => !isId(slug)))
})

t.test('a slug is lower-case letters and digits, parted by single hyphens or colons', async (t) => {
  for (const text of ['lasme-cel', 'fda:rmat', '4-1bb', '1']) t.ok(isSlug(text), text)
  const refused = ['', 'A', '-a', 'a-', 'a--b', 'a:-b', 'a_b', 'a b', 'a/b', 'é', 'a\n', 'a'.repeat(121)]
  for (const text of refused) t.notOk(isSlug(text), JSON.stringify(text))
  t.match('fda:rmat', new RegExp(slugPattern))
})
