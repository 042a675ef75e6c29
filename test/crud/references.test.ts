import t, { type Test } from 'tap'
import { testApp } from '../support/app.js'
import { says } from '../support/says.js'
import type { Fields } from './examples.js'

t.test('records that refer to each other', async (t) => {
  const { ask } = await testApp(t)
  const get = async (url: string) => {
    const answer = await ask('GET', url)
    t.equal(answer.status, 200, url)
    return answer
  }
  const create = async (resource: string, record: object) => {
    const { status, body, text } = await ask('POST', `/v1/${resource}`, record)
    t.equal(status, 201, text)
    return body
  }
  const counts = async () => {
    const totals = []
    for (const name of ['therapies', 'designations', 'applications', 'trials', 'programs', 'authorities']) {
      totals.push((await get(`/v1/${name}?limit=1&total=true`)).body.total)
    }
    return totals
  }
  /** A therapy with one of everything that lies below it, all called after one name. */
  const createTree = async (slug: string) => {
    await create('therapies', { slug, name: `Therapy ${slug}`, targets: ['cd19'] })
    const events = [{ status: 'granted', on: '2024', evidence: [{ source: 'fda-rmat-designation' }] }]
    await create('designations', { slug: `${slug}-rmat`, therapy: slug, program: 'fda:rmat', events })
    await create('applications', { slug: `${slug}-ind`, therapy: slug, authority: 'fda', type: 'IND' })
    return create('trials', { slug: `${slug}-trial`, acronym: slug, therapies: [slug] })
  }

  t.test('a reference is written as a slug or an id, in any case, and read as both', async (t) => {
    const { body: cd22 } = await get('/v1/targets/cd22')
    const therapy = await create('therapies', {
      name: 'Written both ways',
      targets: ['cd19', cd22.id.toUpperCase()],
    })
    t.strictSame(therapy.targets[1], { id: cd22.id, slug: 'cd22', name: 'CD22' })
    says(t, therapy.targets, [{ slug: 'cd19', name: 'CD19' }, { slug: 'cd22' }])
  })

  t.test(
    'what is called after its references is numbered where that is taken, however they are told',
    async (t) => {
      const { id } = await create('therapies', { name: 'Numbered', targets: ['cd19'] })
      const slugs = []
      for (const therapy of ['numbered', id, 'numbered', id]) {
        slugs.push((await create('applications', { therapy, authority: 'fda', type: 'IND' })).slug)
      }
      const [first] = slugs
      t.strictSame(slugs, [first, `${first}-2`, `${first}-3`, `${first}-4`])
    },
  )

  t.test('an unknown reference is refused wherever it stands, with a pointer to it', async (t) => {
    const before = await counts()
    const evidence = [{ source: 'fda-rmat-designation' }, { source: 'no-such-source' }]
    const cases: [resource: string, record: Fields, pointers: string[]][] = [
      ['programs', { authority: 'no-such', name: 'X', evidence }, ['/authority', '/evidence/1/source']],
      ['indications', { name: 'X', parent: 'no-such' }, ['/parent']],
      [
        'therapies',
        {
          name: 'X',
          targets: ['cd19', 'no-such', '019a5b0e-3f8e-7b0a-8f6b-2a9c5d3e1f00'],
          organizations: [{ organization: 'no-such', role: 'sponsor' }],
          evidence,
        },
        ['/targets/1', '/targets/2', '/organizations/0/organization', '/evidence/1/source'],
      ],
      [
        'designations',
        {
          therapy: 'no-such',
          program: 'no-such',
          indication: 'no-such',
          organization: 'no-such',
          events: [
            { status: 'granted', evidence },
            { status: 'transferred', organization: 'no-such' },
            { status: 'amended', indication: 'no-such' },
          ],
        },
        [
          '/therapy',
          '/program',
          '/indication',
          '/organization',
          '/events/0/evidence/1/source',
          '/events/1/organization',
          '/events/2/indication',
        ],
      ],
      ['applications', { therapy: 'lasme-cel', authority: 'fda:rmat', type: 'IND' }, ['/authority']],
      [
        'trials',
        { acronym: 'X', therapies: ['no-such'], indications: ['b-all', 'no-such'], sponsor: 'no-such' },
        ['/sponsor', '/therapies/0', '/indications/1'],
      ],
    ]
    for (const [resource, record, pointers] of cases) {
      const { status, body } = await ask('POST', `/v1/${resource}`, record)
      t.equal(status, 422, resource)
      t.equal(body.type, '/problems/unprocessable')
      t.strictSame(body.errors.map(({ pointer }: Fields) => pointer).sort(), [...pointers].sort())
      t.match(body.errors[0].message, /^there is no [a-z]+ "/)
    }
    t.strictSame(await counts(), before, 'nothing was stored')
  })

  t.test('a list refers to a record only once, however it is written', async (t) => {
    const { body: cd22 } = await get('/v1/targets/cd22')
    const { status, body } = await ask('POST', '/v1/therapies', {
      name: 'Twice',
      targets: ['cd22', 'cd19', cd22.id],
    })
    t.equal(status, 422)
    says(t, body.errors, [{ pointer: '/targets/2' }])
    t.equal((await ask('GET', '/v1/therapies/twice')).status, 404)
  })

  t.test('an indication never lies below itself', async (t) => {
    await create('indications', { slug: 'tree-1', name: 'Tree 1' })
    await create('indications', { slug: 'tree-2', name: 'Tree 2', parent: 'tree-1' })
    await create('indications', { slug: 'tree-3', name: 'Tree 3', parent: 'tree-2' })
    for (const parent of ['tree-1', 'tree-2', 'tree-3']) {
      const { status, body } = await ask('PATCH', '/v1/indications/tree-1', { parent })
      t.equal(status, 422, parent)
      says(t, body, { type: '/problems/unprocessable', errors: [{ pointer: '/parent' }] })
    }
    t.equal((await ask('PUT', '/v1/indications/tree-2', { name: 'Tree 2', parent: 'tree-3' })).status, 422)
    t.equal((await get('/v1/indications/tree-1')).body.parent, null)
    t.equal((await get('/v1/indications/tree-2')).body.parent.slug, 'tree-1')
    const self = { slug: 'tree-4', name: 'Tree 4', parent: 'tree-4' }
    t.equal((await ask('POST', '/v1/indications', self)).status, 422)
    t.equal((await ask('GET', '/v1/indications/tree-4')).status, 404)
  })

  t.test('a new name is shown by every record that shows the old one', async (t) => {
    await create('organizations', { slug: 'old-name', name: 'Old name' })
    await create('authorities', {
      slug: 'old-fda',
      name: 'Old authority',
      abbreviation: 'OLD',
      jurisdiction: 'XX',
    })
    await create('indications', { slug: 'old-disease', name: 'Old disease', parent: 'leukemia' })
    await create('indications', { slug: 'old-line', name: 'Line of the old disease', parent: 'old-disease' })
    await create('sources', {
      slug: 'old-source',
      title: 'Old title',
      url: 'https://example.com/o',
      kind: 'news',
    })
    await create('targets', { slug: 'old-target', symbol: 'OLDT' })
    const evidence = [{ source: 'old-source' }]
    await create('programs', {
      slug: 'old-fda:rmat',
      authority: 'old-fda',
      name: 'Old programme',
      abbreviation: 'OP',
      evidence,
    })
    await create('therapies', {
      slug: 'old-therapy',
      name: 'Old therapy',
      targets: ['old-target'],
      organizations: [{ organization: 'old-name', role: 'sponsor' }],
      evidence,
    })
    const designation = {
      therapy: 'old-therapy',
      program: 'old-fda:rmat',
      indication: 'old-disease',
      organization: 'cellectis',
    }
    const events = [
      { status: 'granted', on: '2020', evidence },
      { status: 'transferred', on: '2021', organization: 'old-name' },
      { status: 'amended', on: '2021', indication: 'old-line' },
    ]
    await create('designations', { slug: 'old-d', ...designation, events })
    const application = {
      therapy: 'old-therapy',
      authority: 'old-fda',
      type: 'IND',
      indication: 'old-disease',
    }
    await create('applications', {
      slug: 'old-a',
      ...application,
      organization: 'old-name',
      events: [{ status: 'cleared', evidence }],
    })
    await create('trials', {
      slug: 'old-t',
      acronym: 'OLD',
      therapies: ['old-therapy'],
      indications: ['old-line'],
      sponsor: 'old-name',
      evidence,
    })
    const all = {
      program: '/v1/programs/old-fda:rmat',
      therapy: '/v1/therapies/old-therapy?include=',
      designation: '/v1/designations/old-d',
      application: '/v1/applications/old-a',
      trial: '/v1/trials/old-t',
      line: '/v1/indications/old-line',
    }
    type Name = keyof typeof all

    /** Changes a record and asserts which others show that, with a new version, and which stay as they are. */
    const changes = async (t: Test, url: string, patch: Fields, shown: Partial<Record<Name, unknown>>) => {
      const before = new Map<string, Awaited<ReturnType<typeof get>>>()
      for (const name of Object.keys(all)) before.set(name, await get(all[name as Name]))
      const changed = await ask('PATCH', url, patch)
      t.equal(changed.status, 200, changed.text)
      for (const [name, was] of before) {
        const is = await get(all[name as Name])
        if (!(name in shown)) {
          t.strictSame(is.body, was.body, `${name} is what it was`)
          continue
        }
        says(t, is.body, shown[name as Name], `${name} shows it`)
        t.equal(is.body.version, was.body.version + 1, `${name} has a new version`)
        t.not(is.headers.etag, was.headers.etag)
        t.ok(is.body.updatedAt > was.body.updatedAt)
      }
    }

    await t.test('of an organization', (t) => {
      const organization = { name: 'New name' }
      return changes(
        t,
        '/v1/organizations/old-name',
        { name: 'New name' },
        {
          therapy: { organizations: [{ organization }] },
          designation: { holder: organization },
          application: { organization },
          trial: { sponsor: organization },
        },
      )
    })
    await t.test('of an authority', (t) =>
      changes(
        t,
        '/v1/authorities/old-fda',
        { name: 'New authority', abbreviation: 'NEW' },
        {
          program: { authority: { name: 'New authority' } },
          designation: { authority: { name: 'New authority' }, name: 'Old therapy: NEW OP, Old disease' },
          application: { authority: { name: 'New authority' }, name: 'Old therapy: NEW IND, Old disease' },
        },
      ),
    )
    await t.test('of an indication', (t) =>
      changes(
        t,
        '/v1/indications/old-disease',
        { name: 'New disease' },
        {
          line: { parent: { name: 'New disease' } },
          designation: { indication: { name: 'New disease' }, name: 'Old therapy: NEW OP, New disease' },
          application: { indication: { name: 'New disease' }, name: 'Old therapy: NEW IND, New disease' },
        },
      ),
    )
    await t.test('of an indication that events and trials show', (t) => {
      const line = { name: 'New line' }
      return changes(
        t,
        '/v1/indications/old-line',
        { name: 'New line' },
        {
          line,
          designation: { currentIndication: line },
          trial: { indications: [line] },
        },
      )
    })
    await t.test('of a source', (t) => {
      const shown = { evidence: [{ source: { name: 'New title', url: 'https://example.com/n' } }] }
      const patch = { title: 'New title', url: 'https://example.com/n' }
      return changes(t, '/v1/sources/old-source', patch, {
        program: shown,
        therapy: shown,
        trial: shown,
        application: { events: [shown] },
        designation: { status: 'granted' },
      })
    })
    await t.test('of a target', (t) =>
      changes(t, '/v1/targets/old-target', { symbol: 'NEWT' }, { therapy: { targets: [{ name: 'NEWT' }] } }),
    )
    await t.test('of a programme', (t) =>
      changes(
        t,
        '/v1/programs/old-fda:rmat',
        { abbreviation: 'NP' },
        {
          program: { abbreviation: 'NP' },
          designation: { name: 'Old therapy: NEW NP, New disease' },
        },
      ),
    )
    await t.test('of a therapy', (t) =>
      changes(
        t,
        '/v1/therapies/old-therapy',
        { name: 'New therapy' },
        {
          therapy: { name: 'New therapy' },
          designation: { therapy: { name: 'New therapy' }, name: 'New therapy: NEW NP, New disease' },
          application: { therapy: { name: 'New therapy' }, name: 'New therapy: NEW IND, New disease' },
          trial: { therapies: [{ name: 'New therapy' }] },
        },
      ),
    )
    await t.test('a new slug too', (t) =>
      changes(
        t,
        '/v1/targets/old-target',
        { slug: 'new-target' },
        { therapy: { targets: [{ slug: 'new-target' }] } },
      ),
    )
    await t.test('but not what they do not show', async (t) => {
      await changes(t, '/v1/organizations/old-name', { country: 'FR' }, {})
      await changes(t, '/v1/sources/old-source', { publisher: 'Somebody' }, {})
      await changes(t, '/v1/targets/new-target', { aliases: ['X'] }, {})
      await changes(t, '/v1/authorities/old-fda', { url: 'https://example.com' }, {})
    })
  })

  t.test('the grade of evidence follows the kind of its source, also when that changes', async (t) => {
    const grades = [
      ['regulator', 'regulator-published'],
      ['registry', 'sponsor-announced'],
      ['press-release', 'sponsor-announced'],
      ['news', 'third-party-reported'],
      ['article', 'third-party-reported'],
      ['review', 'third-party-reported'],
    ]
    await create('sources', { slug: 'graded', title: 'Graded', url: 'https://example.com/g', kind: 'news' })
    const evidence = [{ source: 'graded' }]
    await create('therapies', { slug: 'graded', name: 'Graded', evidence })
    const events = [{ status: 'granted', evidence }]
    await create('designations', { slug: 'graded', therapy: 'graded', program: 'fda:rmat', events })
    for (const [kind, grade] of grades) {
      t.equal((await ask('PATCH', '/v1/sources/graded', { kind })).status, 200)
      says(t, (await get('/v1/designations/graded')).body, { events: [{ evidence: [{ grade }] }] }, kind)
      says(t, (await get('/v1/therapies/graded?include=')).body, { evidence: [{ grade }] }, kind)
    }
    const graded = await ask('POST', '/v1/therapies', {
      name: 'X',
      evidence: [{ source: 'graded', grade: 'x' }],
    })
    t.equal(graded.status, 400, 'nobody writes a grade')
  })

  t.test('what is still referred to is not deleted, and the answer says by what', async (t) => {
    await createTree('kept')
    await create('organizations', { slug: 'kept-owner', name: 'Kept owner' })
    await ask('PATCH', '/v1/therapies/kept', {
      organizations: [{ organization: 'kept-owner', role: 'sponsor' }],
    })
    await ask('PATCH', '/v1/trials/kept-trial', { sponsor: 'kept-owner' })
    const before = await counts()
    const cases: [url: string, references: Record<string, number>][] = [
      ['/v1/therapies/kept', { designations: 1, applications: 1, trials: 1 }],
      ['/v1/organizations/kept-owner', { therapies: 1, trials: 1 }],
    ]
    for (const [url, references] of cases) {
      const { status, body } = await ask('DELETE', url)
      t.equal(status, 409, url)
      t.equal(body.type, '/problems/still-referenced')
      t.strictSame(body.references, references)
      for (const name of Object.keys(references)) t.match(body.detail, `1 ${name}`)
      await get(url)
    }
    for (const url of ['/v1/sources/fda-rmat-designation', '/v1/targets/cd19', '/v1/indications/leukemia']) {
      const { status, body } = await ask('DELETE', url)
      t.equal(status, 409, url)
      t.ok(Object.values(body.references).every((count) => Number(count) > 0))
    }
    t.strictSame(await counts(), before, 'nothing was deleted')
  })

  t.test('a cascade deletes the tree below a therapy in one go', async (t) => {
    const before = await counts()
    const trial = await createTree('felled')
    const url = '/v1/therapies/felled?cascade=true'
    t.equal((await ask('DELETE', '/v1/therapies/felled?cascade=false')).status, 409)
    t.equal((await ask('DELETE', url, undefined, { 'if-match': '"9-elsewhere"' })).status, 412)
    const { body: designation } = await get('/v1/designations/felled-rmat')
    t.equal((await ask('DELETE', url)).status, 204)
    t.strictSame(await counts(), before)
    const gone = [
      'therapies/felled',
      'designations/felled-rmat',
      'applications/felled-ind',
      `trials/${trial.id}`,
    ]
    for (const path of gone) t.equal((await ask('GET', `/v1/${path}`)).status, 410, path)
    t.equal((await ask('GET', `/v1/events/${designation.events[0].id}`)).status, 404)
    t.equal((await get('/v1/sources/fda-rmat-designation')).status, 200, 'what it refers to stays')
  })

  t.test('a cascade goes down from an authority through its programmes', async (t) => {
    const before = await counts()
    await create('authorities', {
      slug: 'short-lived',
      name: 'Short-lived',
      abbreviation: 'SL',
      jurisdiction: 'XX',
    })
    await create('programs', { slug: 'short-lived:p', authority: 'short-lived', name: 'P' })
    await create('designations', { slug: 'short-lived-d', therapy: 'lasme-cel', program: 'short-lived:p' })
    const application = { therapy: 'lasme-cel', authority: 'short-lived', type: 'NDA' }
    await create('applications', { slug: 'short-lived-a', ...application })
    const refused = await ask('DELETE', '/v1/authorities/short-lived')
    t.strictSame(refused.body.references, { programs: 1, applications: 1 })
    t.equal((await ask('DELETE', '/v1/authorities/short-lived?cascade=true')).status, 204)
    t.strictSame(await counts(), before)
    t.equal((await ask('GET', '/v1/designations/short-lived-d')).status, 410)
    t.equal((await get('/v1/therapies/lasme-cel')).status, 200)
  })

  t.test('a cascade takes a whole branch of the indications', async (t) => {
    await create('indications', { slug: 'branch', name: 'Branch' })
    await create('indications', { slug: 'twig-1', name: 'Twig 1', parent: 'branch' })
    await create('indications', { slug: 'twig-2', name: 'Twig 2', parent: 'branch' })
    await create('indications', { slug: 'leaf', name: 'Leaf', parent: 'twig-2' })
    t.strictSame((await ask('DELETE', '/v1/indications/branch')).body.references, { indications: 2 })
    t.equal((await ask('DELETE', '/v1/indications/branch?cascade=true')).status, 204)
    for (const slug of ['branch', 'twig-1', 'twig-2', 'leaf']) {
      t.equal((await ask('GET', `/v1/indications/${slug}`)).status, 410, slug)
    }
  })

  t.test('a cascade deletes nothing when something outside still refers to the tree', async (t) => {
    await createTree('shared')
    await createTree('other')
    await ask('PATCH', '/v1/trials/shared-trial', { therapies: ['shared', 'other'] })
    const before = await counts()
    const { status, body } = await ask('DELETE', '/v1/therapies/shared?cascade=true')
    t.equal(status, 409)
    t.strictSame(body.references, { trials: 1 })
    await create('indications', { slug: 'used', name: 'Used' })
    await create('indications', { slug: 'used-below', name: 'Used below', parent: 'used' })
    await ask('PATCH', '/v1/designations/other-rmat', { indication: 'used-below' })
    const used = await ask('DELETE', '/v1/indications/used?cascade=true')
    t.equal(used.status, 409)
    t.strictSame(used.body.references, { designations: 1 })
    t.strictSame(await counts(), before, 'nothing was deleted')
    await get('/v1/indications/used-below')
    await get('/v1/designations/shared-rmat')

    await ask('PATCH', '/v1/trials/shared-trial', { therapies: ['shared'] })
    t.equal((await ask('DELETE', '/v1/therapies/shared?cascade=true')).status, 204, 'then it goes')
  })
})
