import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { sql } from 'drizzle-orm'
import t from 'tap'
import { buildApp } from '../../src/app.js'
import { connect, type Database } from '../../src/db/connection.js'
import { compiled, type Statement } from '../../src/db/fixed.js'
import { KeptAnswers } from '../../src/http/answers.js'
import { type Answer, textAnswer } from '../../src/http/conditional.js'
import { authorization, testDatabase } from '../support/database.js'
import { observed } from '../support/observed.js'
import { until } from '../support/process.js'

const textOf = (statement: Statement) => compiled(statement).sql

/** A database that counts the statements that read records, and the looks at what it is. */
function counting(database: Database) {
  const counted = { reads: 0, looks: 0 }
  const count = (statement: Statement) => {
    counted[textOf(statement).includes('pg_current_snapshot') ? 'looks' : 'reads'] += 1
  }
  return { counted, database: observed(database, count) }
}

t.test('an answer that is asked for again is not made again, until something was committed', async (t) => {
  const { database, settings } = await testDatabase(t)
  const { counted, database: watched } = counting(database)
  const app = await buildApp({ database: watched })
  t.teardown(() => app.close())

  /** What a request costs the database. */
  async function cost(url: string, headers: Record<string, string> = {}) {
    const before = { ...counted }
    const answer = await app.inject({ url, headers })
    return {
      status: answer.statusCode,
      text: answer.body,
      bytes: answer.rawPayload,
      headers: answer.headers,
      reads: counted.reads - before.reads,
      looks: counted.looks - before.looks,
    }
  }

  /** The same, tried until no other test has committed anything on this server meanwhile. */
  async function calmCost(url: string, headers: Record<string, string> = {}) {
    for (let tries = 0; ; tries++) {
      const found = await cost(url, headers)
      if (found.reads === 0 || tries === 50) return found
      // Nothing is kept of an answer that the client has already.
      const { 'if-none-match': _, ...others } = headers
      await app.inject({ url, headers: others })
    }
  }

  const urls = [
    '/v1/therapies/lasme-cel',
    '/v1/therapies/lasme-cel?fields=name',
    '/v1/therapies/lasme-cel/timeline',
    '/v1/designations?program=fda:rmat&total=true',
    '/v1/search?q=UCART22',
    '/v1/suggest?q=ucart',
    '/v1/stats/designations?groupBy=program',
    '/v1/stats/firsts?groupBy=program',
    '/v1/stats/intervals?from=designation:granted&to=application:approved',
  ]
  for (const url of urls) {
    const first = await cost(url)
    t.match(first, { status: 200, looks: 0 }, url)
    t.ok(first.reads > 0, `${url} was never asked: it is read at once`)
    const again = await calmCost(url)
    t.match(again, { status: 200, text: first.text, reads: 0, looks: 1 }, `${url} again`)
    for (const name of ['etag', 'last-modified', 'link', 'content-type', 'content-length', 'vary']) {
      t.equal(again.headers[name], first.headers[name], `${url}: ${name}`)
    }
    const known = await calmCost(url, { 'if-none-match': String(first.headers.etag) })
    t.match(known, { status: 304, reads: 0, looks: 1 }, `${url} for who has it`)
    const other = await cost(url, { accept: 'text/html;q=0.1, */*' })
    t.equal(other.text, first.text)
  }

  const plain = await cost('/v1/designations')
  for (const [coding, decode] of [
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ] as const) {
    const accepting = { 'accept-encoding': coding }
    const first = await cost('/v1/designations', accepting)
    const again = await calmCost('/v1/designations', accepting)
    t.match(again, { status: 200, reads: 0, bytes: first.bytes }, `${coding} again`)
    t.equal(again.headers['content-encoding'], coding)
    t.equal(again.headers.etag, String(plain.headers.etag).replace(/"$/, `-${coding}"`))
    t.equal(decode(again.bytes).toString(), plain.text)
    const short = await cost('/v1/therapies/lasme-cel?fields=name', accepting)
    t.notOk(short.headers['content-encoding'], 'what fits into a packet stays as it is')
  }

  // Whoever commits something, and whatever it is.
  const elsewhere = connect({ ...settings, max: 1 })
  t.teardown(() => elsewhere.close())
  await elsewhere.rows(sql`update api_keys set last_used_at = now()`)
  for (const url of urls) {
    const after = await cost(url)
    t.match(after, { status: 200, looks: 1 }, `${url} after a commit`)
    t.ok(after.reads > 0, `${url} is read again`)
  }
  for (const url of urls) t.match(await calmCost(url), { status: 200, reads: 0 }, `${url} soon after`)
})

t.test('of many who ask the same at once, one or two have it made', async (t) => {
  const { database } = await testDatabase(t)
  const { counted, database: watched } = counting(database)
  const app = await buildApp({ database: watched })
  t.teardown(() => app.close())
  let limit = 0
  // Other tests may commit on this server meanwhile: then each has it made for itself, and another question is tried.
  await until(async () => {
    counted.reads = 0
    limit += 1
    const url = `/v1/designations?program=fda:rmat&limit=${limit}`
    const answers = await Promise.all(Array.from({ length: 30 }, () => app.inject({ url })))
    t.same(new Set(answers.map(({ body }) => body)).size, 1)
    t.ok(answers.every(({ statusCode }) => statusCode === 200))
    return counted.reads < 30
  })
  t.pass(`${counted.reads} readings`)
})

/** Answers are kept as they are made. */
const code = async (answer: Answer) => answer

t.test('what is committed elsewhere has neither documents read nor texts compressed again', async (t) => {
  const { database } = await testDatabase(t)
  const statements: string[] = []
  const app = await buildApp({
    database: observed(database, (statement) => statements.push(textOf(statement))),
  })
  t.teardown(() => app.close())
  const url = '/v1/therapies/lasme-cel'
  const ask = (headers = {}) => app.inject({ url, headers })
  const write = (address: string, payload: object) =>
    app.inject({ method: 'PATCH', url: address, headers: { authorization }, payload })
  const first = await ask()
  const known = { 'if-none-match': String(first.headers.etag) }
  for (const summary of ['One.', 'Two.']) {
    t.equal((await write('/v1/therapies/allo-715', { summary })).statusCode, 200)
    statements.length = 0
    t.match(await ask(summary === 'One.' ? {} : known), { statusCode: summary === 'One.' ? 200 : 304 })
    t.equal(statements.length, 2, 'a look, and the version')
    t.notMatch(statements.join(), /"document"/)
  }
  t.equal((await ask()).body, first.body)
  await write(url, { summary: 'Three.' })
  t.equal((await ask(known)).json().summary, 'Three.')
  t.equal((await ask()).json().summary, 'Three.')
  const { etag } = (await ask()).headers
  const gone = await app.inject({
    method: 'DELETE',
    url: `${url}?cascade=true`,
    headers: { authorization, 'if-match': String(etag) },
  })
  t.equal(gone.statusCode, 204)
  t.equal((await ask()).statusCode, 410)
})

t.test('an answer that was kept is made again only where it is another one by now', async (t) => {
  let [present, text, more] = [0, 'text', true]
  const told = { made: 0, versions: 0, coded: 0 }
  const answers = new KeptAnswers(async () => String(present), 1_000_000)
  const making = {
    make: async () => {
      told.made += 1
      return textAnswer(text, more ? { headers: { 'x-truncated': 'true' } } : {})
    },
    code: async (answer: Answer) => {
      told.coded += 1
      return { ...answer, coding: 'br' as const }
    },
  }
  const version = async () => {
    told.versions += 1
    return { tag: textAnswer(text).tag }
  }
  async function ask(withVersion: boolean) {
    present += 1
    Object.assign(told, { made: 0, versions: 0, coded: 0 })
    const asked = { ...making, ...(withVersion && { version }) }
    const answer = (await answers.find('key')) ?? (await answers.make('key', asked))
    return { ...told, coding: answer.coding, text: String(answer.body) }
  }
  t.notOk(answers.has('key'))
  t.same(await ask(true), { made: 1, versions: 0, coded: 1, coding: 'br', text })
  t.ok(answers.has('key'))
  t.same(await ask(true), { made: 0, versions: 1, coded: 0, coding: 'br', text }, 'of the same version')
  t.same(await ask(false), { made: 1, versions: 0, coded: 0, coding: 'br', text }, 'the same text')
  t.ok((await answers.make('key', making)).headers)
  more = false
  t.notOk(
    (await answers.make('key', making)).headers,
    'the same text, of which nothing else is said any more',
  )
  text = 'another'
  t.same(await ask(true), { made: 1, versions: 1, coded: 1, coding: 'br', text }, 'of another version')
  text = 'a third'
  t.same(await ask(false), { made: 1, versions: 0, coded: 1, coding: 'br', text }, 'another text')
})

t.test('an answer under way is waited for, but never for long', async (t) => {
  /** Makes answers for thirty who ask at once, where the database is `presents`, look by look; answers what was made. */
  async function made(presents: () => string, fails = false) {
    const answers = new KeptAnswers(async () => presents(), 1_000_000)
    const told = { made: 0, failed: 0, atOnce: 0, mostAtOnce: 0 }
    const make = async () => {
      told.made += 1
      told.atOnce += 1
      told.mostAtOnce = Math.max(told.mostAtOnce, told.atOnce)
      await new Promise(setImmediate)
      told.atOnce -= 1
      if (fails) throw new Error('no answer')
      return textAnswer('text')
    }
    const ask = async () => (await answers.find('key')) ?? (await answers.make('key', { make, code }))
    const results = await Promise.allSettled(Array.from({ length: 30 }, ask))
    told.failed = results.filter(({ status }) => status === 'rejected').length
    return told
  }
  let commits = 0
  t.match(
    await made(() => 'the same'),
    { made: 2, failed: 0, mostAtOnce: 1 },
    'the first, and one for all others',
  )
  t.match(
    await made(() => String(commits++)),
    { made: 30, failed: 0 },
    'each for itself where much is committed',
  )
  t.match(await made(() => 'the same', true), { made: 30, failed: 30 }, 'what failed is tried by each')
})

t.test('what is wrong is told each time', async (t) => {
  const { database } = await testDatabase(t)
  const app = await buildApp({ database })
  t.teardown(() => app.close())
  for (const _ of [1, 2, 3]) {
    t.equal((await app.inject({ url: '/v1/therapies/nothing-of-the-kind' })).statusCode, 404)
    t.equal((await app.inject({ url: '/v1/designations?program=fda:nothing' })).statusCode, 422)
    t.equal((await app.inject({ url: '/v1/therapies/UCART22' })).statusCode, 307)
  }
})

t.test('a client that has a record costs no reading of documents', async (t) => {
  const { database } = await testDatabase(t)
  const statements: string[] = []
  const watched = observed(database, (statement) => statements.push(textOf(statement)))
  const app = await buildApp({ database: watched, keptBytes: 0 })
  t.teardown(() => app.close())
  for (const url of [
    '/v1/therapies/lasme-cel',
    '/v1/therapies/lasme-cel?include=designations',
    '/v1/therapies/lasme-cel?include=',
    '/v1/therapies/lasme-cel?include=&fields=name',
    '/v1/therapies/lasme-cel?asOf=2024',
    '/v1/organizations/cellectis',
  ]) {
    const { headers } = await app.inject({ url })
    statements.length = 0
    const known = await app.inject({ url, headers: { 'if-none-match': String(headers.etag) } })
    t.match(known, { statusCode: 304, headers: { etag: headers.etag } }, url)
    t.equal(statements.length, 1)
    if (!url.includes('asOf')) t.notMatch(statements[0], /document/, url)
    const other = await app.inject({ url, headers: { 'if-none-match': '"other"' } })
    t.match(other, { statusCode: 200, headers: { etag: headers.etag } }, `${url} for who has another`)
  }
})

t.test('nothing is kept of addresses that are long, or where nothing may be kept', async (t) => {
  const { database } = await testDatabase(t)
  const { counted, database: watched } = counting(database)
  for (const [keptBytes, url] of [
    [0, '/v1/authorities'],
    [1_000_000, `/v1/search?q=${'a%20'.repeat(100)}&type=${Array(300).fill('therapy').join()}`],
  ] as const) {
    const app = await buildApp({ database: watched, keptBytes })
    for (const _ of [1, 2, 3]) await app.inject({ url })
    await app.close()
    t.equal(counted.looks, 0)
  }
})

t.test('four services, writers and readers: no answer is older than its question', async (t) => {
  const { settings } = await testDatabase(t, { max: 1 })
  // They share nothing but the database. bench/freshness.mjs does the same with processes.
  const services = await Promise.all(
    [1, 2, 3, 4].map(async () => {
      const database = connect({ ...settings, max: 3 })
      const app = await buildApp({ database })
      t.teardown(() => app.close().then(() => database.close()))
      return app
    }),
  )
  const service = (index: number) => services[index % services.length] as (typeof services)[number]
  const slugs = ['lasme-cel', 'allo-715', 'eque-cel']
  /** The version that was last acknowledged to its writer. */
  const written = new Map(slugs.map((slug) => [slug, 0]))
  const told = { writes: 0, reads: 0, notModified: 0, stale: [] as unknown[] }
  let isWriting = true

  async function write(slug: string, index: number): Promise<void> {
    for (let count = 0; count < 40; count++) {
      const answer = await service(index + count).inject({
        method: 'PATCH',
        url: `/v1/therapies/${slug}`,
        headers: { authorization },
        payload: { summary: `Written ${count} times` },
      })
      written.set(slug, answer.json().version)
      told.writes += 1
    }
  }

  async function read(index: number): Promise<void> {
    const tags = new Map<string, string>()
    for (let count = index; isWriting; count++) {
      const slug = slugs[count % slugs.length] as string
      const least = Number(written.get(slug))
      const url = `/v1/therapies/${slug}?include=`
      const headers = { 'if-none-match': tags.get(slug) ?? '"none"' }
      const answer = await service(count).inject({ url, headers })
      const tag = String(answer.headers.etag)
      tags.set(slug, tag)
      told.reads += 1
      told.notModified += Number(answer.statusCode === 304)
      const version = answer.statusCode === 304 ? Number(/\d+/.exec(tag)?.[0]) : answer.json().version
      if (!(version >= least)) told.stale.push({ slug, least, version, status: answer.statusCode })
    }
  }

  async function list(index: number): Promise<void> {
    for (let count = index; isWriting; count++) {
      const least = new Map(written)
      const answer = await service(count).inject({ url: '/v1/therapies?limit=100' })
      told.reads += 1
      for (const { slug, version } of answer.json().data) {
        if (version < (least.get(slug) ?? 0)) told.stale.push({ slug, least: least.get(slug), version })
      }
    }
  }

  const readers = [...[0, 1, 2, 3, 4, 5].map(read), ...[0, 1].map(list)]
  await Promise.all(slugs.map(write))
  isWriting = false
  await Promise.all(readers)
  t.equal(told.writes, 120)
  t.ok(told.reads > 120 && told.notModified > 0, JSON.stringify({ ...told, stale: told.stale.length }))
  t.strictSame(told.stale, [])
})
