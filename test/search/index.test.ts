import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import { allDefinitions } from '../../src/crud/registry.js'
import type { Database } from '../../src/db/connection.js'
import { findStaleEntries } from '../../src/search/check.js'
import { ensureSearchIndex, rebuildSearchIndex, searchRules } from '../../src/search/rebuild.js'
import { testApp } from '../support/app.js'
import { testDatabase } from '../support/database.js'

const { ask, database } = await testApp(t)

const found = async (q: string, type?: string): Promise<string[]> => {
  const { body } = await ask(
    'GET',
    `/v1/search?limit=100&q=${encodeURIComponent(q)}${type ? `&type=${type}` : ''}`,
  )
  return body.data.map(({ slug }: { slug: string }) => slug)
}

/** What a list finds: there every word has to match. */
const listed = async (resource: string, q: string): Promise<string[]> => {
  const { body } = await ask('GET', `/v1/${resource}?q=${encodeURIComponent(q)}`)
  return body.data.map(({ slug }: { slug: string }) => slug)
}

const isInStep = async (t: Test, message: string, db: Database = database) =>
  t.same(await findStaleEntries(db, allDefinitions()), [], message)

t.test('what is written is found as soon as the answer is there, and near records by it', async (t) => {
  await isInStep(t, 'the curated data are')
  const therapy = {
    name: 'Quizartacel',
    names: [{ name: 'QZ-77', type: 'code' }],
    modality: 'car-t',
    targets: ['cd19'],
  }
  t.equal((await ask('POST', '/v1/therapies', therapy)).status, 201)
  t.same((await found('QZ77'))[0], 'quizartacel')
  t.notOk((await found('RMAT', 'therapy')).includes('quizartacel'))
  const designation = {
    therapy: 'quizartacel',
    program: 'fda:rmat',
    indication: 'sle',
    events: [{ status: 'granted' }],
  }
  const created = await ask('POST', '/v1/designations', designation)
  t.equal(created.status, 201)
  t.ok((await found('RMAT', 'therapy')).includes('quizartacel'), 'a therapy by its designations')
  t.same(await listed('designations', 'QZ-77 SLE CD19'), [created.body.slug], 'a designation by its therapy')

  t.equal((await ask('PATCH', `/v1/designations/${created.body.id}`, { therapy: 'lasme-cel' })).status, 200)
  t.notOk((await found('RMAT', 'therapy')).includes('quizartacel'), 'the therapy that it was of before')
  t.same(await listed('designations', 'UCART22 SLE'), [created.body.slug])
  await isInStep(t, 'after it went to another therapy')

  t.equal((await ask('DELETE', `/v1/designations/${created.body.id}`)).status, 204)
  t.same(await listed('designations', 'UCART22 SLE'), [])

  t.equal((await ask('PATCH', '/v1/therapies/quizartacel', { names: [] })).status, 200)
  t.same(await found('QZ-77'), [], 'a name that was taken away')
  t.equal((await ask('PATCH', '/v1/targets/cd19', { symbol: 'CD19X', aliases: ['B4'] })).status, 200)
  t.ok((await found('CD19X', 'therapy')).includes('quizartacel'), 'what it refers to is called otherwise')
  t.ok((await found('B4', 'therapy')).includes('quizartacel'))

  const trial = {
    registry: 'clinicaltrials.gov',
    registryId: 'NCT09999901',
    therapies: ['quizartacel', 'lasme-cel'],
    indications: ['als'],
  }
  t.equal((await ask('POST', '/v1/trials', trial)).status, 201)
  t.same(await listed('trials', 'ALS CD22'), ['nct09999901'])
  t.equal(
    (await ask('DELETE', '/v1/therapies/quizartacel?cascade=true')).status,
    409,
    'a trial of another one, too',
  )
  t.equal((await ask('PATCH', '/v1/trials/nct09999901', { therapies: ['quizartacel'] })).status, 200)
  t.equal((await ask('DELETE', '/v1/therapies/quizartacel?cascade=true')).status, 204)
  t.same(await found('NCT09999901'), [])
  await isInStep(t, 'after all of it is gone')
})

t.test('what cannot be read as a name or a country is no reason to refuse it', async (t) => {
  const organization = { name: 'Quizar Bio', aliases: ['–'], country: 'XQ' }
  t.equal((await ask('POST', '/v1/organizations', organization)).status, 201)
  t.same(await listed('organizations', 'Quizar XQ'), ['quizar-bio'])
  t.equal((await ask('PATCH', '/v1/authorities/mhra', { abbreviation: 'AGEMED' })).status, 200)
  t.same((await found('AGEMED'))[0], 'mhra')
  await isInStep(t, 'after a change that no other document shows')
})

t.test('records written at the same time do not lose what the others say of the one near them', async (t) => {
  const programs = [
    'fda:rmat',
    'fda:fast-track',
    'fda:breakthrough-therapy',
    'ema:prime',
    'ema:orphan',
    'fda:orphan-drug',
  ]
  const answers = await Promise.all(
    programs.map((program) =>
      ask('POST', '/v1/designations', { therapy: 'eque-cel', program, indication: 'als' }),
    ),
  )
  t.ok(answers.every(({ status }) => status === 201))
  for (const program of ['RMAT', 'PRIME'])
    t.ok((await found(`${program} ALS`, 'therapy')).includes('eque-cel'))
  await isInStep(t, 'after writes side by side')
})

t.test('what comes while another that says the same goes is still found', async (t) => {
  t.equal((await ask('POST', '/v1/therapies', { name: 'Quizleucel', modality: 'car-t' })).status, 201)
  const designation = (cycle: number) => ({ therapy: 'quizleucel', program: 'fda:rmat', cycle })
  let last = await ask('POST', '/v1/designations', designation(1))
  for (let cycle = 2; cycle < 12; cycle++) {
    // The one that comes has nothing to add to the therapy, unless the one that goes has gone first.
    const [gone, come] = await Promise.all([
      ask('DELETE', `/v1/designations/${last.body.id}`),
      ask('POST', '/v1/designations', designation(cycle)),
    ])
    t.same([gone.status, come.status], [204, 201])
    last = come
  }
  t.ok((await found('RMAT', 'therapy')).includes('quizleucel'))
  await isInStep(t, 'after all of them')
})

t.test('a therapy of which a new record says nothing new stays as it is', async (t) => {
  const version = async () => {
    const rows = await database.rows<{ version: string }>(
      sql`select xmin::text as version from search_entries where slug = 'quizunchanged'`,
    )
    return rows[0]?.version
  }
  t.equal((await ask('POST', '/v1/therapies', { name: 'Quizunchanged', modality: 'car-t' })).status, 201)
  const designation = (cycle: number) => ({ therapy: 'quizunchanged', program: 'fda:rmat', cycle })
  const before = await version()
  t.equal((await ask('POST', '/v1/designations', designation(1))).status, 201)
  const after = await version()
  t.not(after, before, 'the first one says which programme')
  t.equal((await ask('POST', '/v1/designations', designation(2))).status, 201)
  t.equal(await version(), after)
  await isInStep(t, 'after both')
})

t.test('an index that is not in step is noticed, and made again', async (t) => {
  const { database } = await testDatabase(t)
  await database.rows(sql`update search_entries set terms = '' where slug = 'lasme-cel'`)
  await database.rows(sql`update search_entries set texts = '[]' where slug = 'eque-cel'`)
  await database.rows(sql`update search_names set value = 'UCART' where normal = 'ucart19'`)
  await database.rows(sql`delete from search_words where word = 'yescarta'`)
  await database.rows(sql`delete from search_entries where slug = 'cd19'`)
  await database.rows(sql`
    insert into search_entries
    select gen_random_uuid(), resource, slug, name, parent, near, own, base, terms, fields, texts
    from search_entries where slug = 'fda'`)
  const stale = await findStaleEntries(database, allDefinitions())
  t.same(stale.map(({ resource }) => resource).sort(), [
    'authorities',
    'targets',
    ...Array(4).fill('therapies'),
  ])
  await database.rows(sql`delete from search_state`)
  const records = await ensureSearchIndex(database, allDefinitions())
  t.ok(records > 2000, 'a database that search does not know yet')
  await isInStep(t, 'after the index was made again', database)
  t.equal(await ensureSearchIndex(database, allDefinitions()), 0, 'once')
  await database.rows(sql`update search_state set rules = ${searchRules + 1}`)
  t.same(
    (await Promise.all([1, 2].map(() => ensureSearchIndex(database, allDefinitions())))).sort(),
    [0, records],
    'by other rules, and once also when several start',
  )
  t.equal(await rebuildSearchIndex(database, allDefinitions()), records, 'when it is asked for')
  await isInStep(t, 'then, too', database)
})
