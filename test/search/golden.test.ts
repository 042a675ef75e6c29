import { readFile } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { allDefinitions } from '../../src/crud/registry.js'
import { readSeed } from '../../src/seed/files.js'
import { typoOf } from '../golden/typos.js'
import { testApp } from '../support/app.js'

/** A question to the search, and what has to be answered: records as `type/slug`. */
interface GoldenQuery {
  q: string
  kind: 'name' | 'variant' | 'typo' | 'question' | 'near-miss'
  /** Any of these is right; all of them, before everything else, with `every`. */
  expect: string[]
  every?: true
  /** What must not come first. */
  forbid?: string[]
  /** The name that the typo was made from. */
  of?: string
  why?: string
}

interface Outcome {
  query: GoldenQuery
  hits: string[]
  /** Which place the right record has, from 1; infinite when it is not there. */
  place: number
}

type Find = (q: string) => Promise<string[]>

const goldenFile = new URL('../golden/search.json', import.meta.url)
const golden: GoldenQuery[] = JSON.parse(await readFile(goldenFile, 'utf8'))

/** Queries that are asked at the same time, as many as there are connections. */
const atOnce = 4

/** Which share of the queries has to have the right record among the first so many. */
const goals = [
  { kind: 'name', first: 1, share: 0.97 },
  { kind: 'variant', first: 1, share: 0.97 },
  { kind: 'typo', first: 1, share: 0.9 },
  { kind: 'question', first: 5, share: 0.9 },
  { kind: 'near-miss', first: 1, share: 0.97 },
] as const

function placeOf({ expect, every }: GoldenQuery, hits: string[]): number {
  const places = expect.map((record) => (hits.includes(record) ? hits.indexOf(record) + 1 : Infinity))
  return every ? Math.max(...places) - expect.length + 1 : Math.min(...places)
}

async function outcomesOf(find: Find): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (let start = 0; start < golden.length; start += atOnce) {
    const asked = golden.slice(start, start + atOnce).map(async (query) => {
      const hits = await find(query.q)
      return { query, hits, place: placeOf(query, hits) }
    })
    outcomes.push(...(await Promise.all(asked)))
  }
  return outcomes
}

/** The share of outcomes with the right record among the first so many. */
function hitShare(outcomes: Outcome[], first: number): number {
  return outcomes.filter(({ place }) => place <= first).length / outcomes.length
}

function meanReciprocalRank(outcomes: Outcome[]): number {
  return outcomes.reduce((sum, { place }) => sum + 1 / place, 0) / outcomes.length
}

/** An outcome in one line: "ucart 22: therapy/lasme-cel expected, not therapy/ucart123". */
function told({ query, hits }: Outcome): string {
  const expected = query.expect.length > 0 ? query.expect.slice(0, 3).join(' or ') : 'something else'
  return `${query.q}: ${expected} expected, not ${hits.slice(0, 3).join(', ') || 'nothing'}`
}

function checkGoal(t: Test, all: Outcome[], { kind, first, share }: (typeof goals)[number]) {
  const outcomes = all.filter(({ query }) => query.kind === kind && query.expect.length > 0)
  const figures = [hitShare(outcomes, 1), hitShare(outcomes, 5), meanReciprocalRank(outcomes)]
  const [hit1, hit5, rank] = figures.map((figure) => figure.toFixed(3))
  t.comment(`${kind}: ${outcomes.length} queries, hit@1 ${hit1}, hit@5 ${hit5}, MRR ${rank}`)
  const misses = outcomes.filter(({ place }) => place > first).map(told)
  t.ok(hitShare(outcomes, first) >= share, `${kind}: hit@${first} is at least ${share}`, { misses })
}

t.test('golden queries', async (t) => {
  const { ask } = await testApp(t)
  const outcomes = await outcomesOf(async (q) => {
    const { status, body } = await ask('GET', `/v1/search?q=${encodeURIComponent(q)}&limit=10`)
    t.equal(status, 200, q)
    return body.data.map(({ type, slug }: { type: string; slug: string }) => `${type}/${slug}`)
  })
  for (const goal of goals) checkGoal(t, outcomes, goal)
  const wrong = outcomes.filter(({ query, hits: [first = ''] }) => query.forbid?.includes(first))
  t.strictSame(wrong.map(told), [], 'nothing forbidden comes first')
})

t.test('golden queries speak of the curated data', async (t) => {
  const singular = new Map(allDefinitions().map((definition) => [definition.name, definition.singular]))
  const records = new Set(
    (await readSeed()).flatMap(([resource, bodies]) =>
      bodies.map(({ slug }) => `${singular.get(resource)}/${slug}`),
    ),
  )
  const named = golden.flatMap(({ expect, forbid = [] }) => [...expect, ...forbid])
  t.strictSame(
    named.filter((record) => !records.has(record)),
    [],
    'every record that is named is there',
  )
  const queries = golden.map(({ q }) => q)
  t.equal(new Set(queries).size, queries.length, 'no query stands twice')
})

t.test('golden typos come from the generator', async (t) => {
  for (const { q, of } of golden) if (of !== undefined) t.equal(q, typoOf(of), of)
})
