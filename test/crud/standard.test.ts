import t from 'tap'
import { testApp } from '../support/app.js'
import { says } from '../support/says.js'
import { examples, type Fields } from './examples.js'

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** A record without what every write changes. */
const contentOf = ({ version, updatedAt, ...content }: Fields) => content

t.test('the standard operations, on every resource', async (t) => {
  const { ask } = await testApp(t)

  for (const example of examples) {
    const { resource, body, slug } = example
    const path = `/v1/${resource}`
    // A therapy is answered with its related lists unless asked otherwise.
    const alone = resource === 'therapies' ? '?include=' : ''
    const get = (key: unknown, headers?: Record<string, string>) =>
      ask('GET', `${path}/${key}${alone}`, undefined, headers)
    const total = async () => (await ask('GET', `${path}?limit=1&total=true`)).body.total

    t.test(`${resource}: create, get, head and list`, async (t) => {
      const before = await total()
      const created = await ask('POST', path, body)
      t.equal(created.status, 201, created.text)
      t.equal(created.headers.location, `${path}/${encodeURIComponent(slug)}`)
      const record = created.body
      says(t, record, example.record, 'the record says what was written and what follows from it')
      t.equal(record.slug, slug)
      t.match(record.id, uuidV7)
      t.match(record.createdAt, instant)
      t.equal(record.updatedAt, record.createdAt)
      t.equal(record.version, 1)

      for (const key of [slug, record.id, record.id.toUpperCase()]) {
        const found = await get(key)
        t.equal(found.status, 200)
        t.equal(found.headers.etag, created.headers.etag)
        t.equal(found.headers['last-modified'], new Date(record.updatedAt).toUTCString())
        t.strictSame(found.body, record)
      }
      const found = await get(slug)
      const head = await ask('HEAD', `${path}/${slug}${alone}`)
      says(t, head, { status: 200, text: '' })
      for (const name of ['etag', 'content-type', 'content-length', 'last-modified']) {
        t.equal(head.headers[name], found.headers[name], name)
      }
      const { data } = (await ask('GET', `${path}?limit=1000`)).body
      t.strictSame(
        data.filter((each: Fields) => each.id === record.id),
        [record],
      )
      t.equal(await total(), before + 1)
    })

    t.test(`${resource}: entity tags`, async (t) => {
      const { headers, body: record } = await get(slug)
      const etag = String(headers.etag)
      t.match(etag, /^"[^"]+"$/)
      for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const answer = await get(slug, { 'if-none-match': tag })
        says(t, answer, { status: 304, text: '' }, tag)
        t.equal(answer.headers.etag, etag)
      }
      t.equal((await get(slug, { 'if-none-match': '"other"' })).status, 200)

      for (const [method, change] of [['PATCH', example.rename], ['PUT', body], ['DELETE']] as const) {
        const answer = await ask(method, `${path}/${slug}`, change, { 'if-match': '"1-elsewhere"' })
        t.equal(answer.status, 412, method)
        t.equal(answer.body.type, '/problems/precondition-failed')
        t.equal(answer.headers.etag, etag)
      }
      t.strictSame((await get(slug)).body, record, 'nothing changed')
    })

    t.test(`${resource}: a write that says the same changes nothing`, async (t) => {
      const before = await get(slug)
      const [field] = Object.keys(example.patch)
      for (const [method, same] of [
        ['PUT', body],
        ['PUT', { ...body, slug }],
        ['PATCH', { [String(field)]: body[String(field)] }],
      ] as const) {
        const answer = await ask(method, `${path}/${slug}`, same, { 'if-match': String(before.headers.etag) })
        t.equal(answer.status, 200, answer.text)
        t.equal(answer.headers.etag, before.headers.etag, `${method}: the same tag`)
        t.strictSame(answer.body, before.body, `${method}: the same record, version and all`)
      }
      t.strictSame((await get(slug)).body, before.body)
    })

    t.test(`${resource}: a merge patch changes what it names`, async (t) => {
      const before = await get(slug)
      const answer = await ask('PATCH', `${path}/${slug}`, example.patch, {
        'if-match': String(before.headers.etag),
        'content-type': 'application/merge-patch+json',
      })
      t.equal(answer.status, 200, answer.text)
      says(t, answer.body, example.patched)
      t.equal(answer.body.version, before.body.version + 1)
      t.ok(answer.body.updatedAt > before.body.updatedAt)
      t.equal(answer.body.createdAt, before.body.createdAt)
      t.not(answer.headers.etag, before.headers.etag)
      const after = await get(before.body.id)
      t.strictSame(after.body, answer.body)
      t.equal(after.headers.etag, answer.headers.etag)
      for (const [field, value] of Object.entries(example.patch)) {
        if (Array.isArray(value)) t.equal(after.body[field].length, value.length, 'a list is replaced whole')
      }
    })

    t.test(`${resource}: null sets a field back`, async (t) => {
      const answer = await ask('PATCH', `${path}/${slug}`, example.reset)
      t.equal(answer.status, 200, answer.text)
      says(t, answer.body, example.cleared)
      t.equal(answer.body.slug, slug)
    })

    t.test(`${resource}: a new body replaces the old one, and what it leaves out goes back`, async (t) => {
      const replaced = await ask('PUT', `${path}/${slug}`, body)
      t.equal(replaced.status, 200, replaced.text)
      says(t, replaced.body, example.record)
      // Two designations of one key cannot be: the second cycle takes the place of the first.
      const least = await ask('PUT', `${path}/${slug}`, example.alike)
      t.equal(least.status, 200, least.text)
      says(t, least.body, example.defaults)
      t.equal(least.body.slug, slug, 'the slug stays')
      t.equal(least.body.version, replaced.body.version + 1)
      const again = await ask('PUT', `${path}/${slug}`, body)
      says(t, again.body, example.record)
      t.equal(again.body.createdAt, replaced.body.createdAt)
    })

    t.test(`${resource}: a slug that is taken gets a number, and stays when the name changes`, async (t) => {
      const second = await ask('POST', path, example.alike)
      t.equal(second.status, 201, second.text)
      t.equal(second.body.slug, `${slug}-2`)
      says(t, second.body, example.defaults)
      t.equal((await ask('DELETE', `${path}/${slug}-2`)).status, 204)

      const before = (await get(slug)).body
      const named = await ask('PATCH', `${path}/${slug}`, example.rename)
      t.equal(named.status, 200, named.text)
      t.notSame(contentOf(named.body), contentOf(before))
      t.equal(named.body.slug, slug)
      t.equal((await ask('PUT', `${path}/${slug}`, body)).status, 200)
    })

    t.test(`${resource}: what is taken is a conflict`, async (t) => {
      const before = await total()
      const { data } = (await ask('GET', `${path}?limit=2`)).body
      const taken = data.find((other: Fields) => other.slug !== slug).slug
      const pointersOf = (problem: { errors: Fields[] }) => problem.errors.map(({ pointer }) => pointer)
      for (const [method, url] of [
        ['POST', path],
        ['PUT', `${path}/${slug}`],
      ] as const) {
        const answer = await ask(method, url, { ...example.alike, slug: taken })
        t.equal(answer.status, 409, method)
        t.equal(answer.body.type, '/problems/conflict')
        t.strictSame(pointersOf(answer.body), ['/slug'])
      }
      if (example.unique.length > 0) {
        const answer = await ask('POST', path, { ...body, slug: 'another-slug' })
        t.equal(answer.status, 409)
        t.strictSame(
          pointersOf(answer.body),
          example.unique.map((field) => `/${field}`),
        )
      }
      t.equal(await total(), before, 'nothing was stored')
    })

    t.test(`${resource}: a slug that was renamed leads to the new one`, async (t) => {
      const renamed = await ask('PATCH', `${path}/${slug}`, { slug: `${resource}-renamed` })
      t.equal(renamed.status, 200)
      t.equal(renamed.body.slug, `${resource}-renamed`)
      for (const [method, change] of [['GET'], ['HEAD'], ['PATCH', example.rename], ['PUT', body]] as const) {
        const answer = await ask(method, `${path}/${slug}`, change)
        t.equal(answer.status, 308, method)
        t.equal(answer.headers.location, `${path}/${resource}-renamed`)
      }
      const deletion = await ask('DELETE', `${path}/${slug}?cascade=true`)
      says(t, deletion, { status: 308 })
      t.equal(deletion.headers.location, `${path}/${resource}-renamed?cascade=true`)
      t.strictSame((await get(`${resource}-renamed`)).body, renamed.body, 'nothing else happened')

      // A slug may even be the name of the resource, or of the version in the address.
      for (const odd of [resource, 'v1']) {
        await ask('PATCH', `${path}/${renamed.body.id}`, { slug: odd })
        await ask('PATCH', `${path}/${renamed.body.id}`, { slug: `${resource}-renamed` })
        t.equal((await get(odd)).headers.location, `${path}/${resource}-renamed${alone}`)
      }
      const back = await ask('PATCH', `${path}/${resource}-renamed`, { slug })
      t.equal(back.body.slug, slug)
      t.equal((await get(slug)).status, 200, 'a record can have its old slug again')
      t.equal((await get(`${resource}-renamed`)).status, 308)
    })

    t.test(`${resource}: what is deleted is gone`, async (t) => {
      const { body: record, headers } = await get(slug)
      const before = await total()
      const deleted = await ask('DELETE', `${path}/${slug}`, undefined, { 'if-match': String(headers.etag) })
      says(t, deleted, { status: 204, text: '' })
      t.equal(await total(), before - 1)
      for (const key of [slug, record.id, `${resource}-renamed`]) {
        const answer = await get(key)
        t.equal(answer.status, 410, key)
        t.equal(answer.body.type, '/problems/gone')
        t.match(answer.body.deletedAt, instant)
      }
      t.equal((await ask('PATCH', `${path}/${slug}`, example.rename)).status, 410)
      t.equal((await ask('PUT', `${path}/${slug}`, body)).status, 410)
      t.equal((await ask('DELETE', `${path}/${slug}`)).status, 410)
      t.equal(await total(), before - 1, 'nothing came back')

      const again = await ask('POST', path, body)
      t.equal(again.status, 201, 'its slug is free again')
      t.equal(again.body.slug, slug)
      t.not(again.body.id, record.id)
      t.not(again.headers.etag, headers.etag)
      t.equal((await get(slug)).status, 200)
      t.equal((await get(record.id)).status, 410)
    })

    t.test(`${resource}: what never was is not found`, async (t) => {
      for (const key of ['no-such-thing', '019a5b0e-3f8e-7b0a-8f6b-2a9c5d3e1f00']) {
        for (const [method, change] of [
          ['GET'],
          ['PATCH', example.rename],
          ['PUT', body],
          ['DELETE'],
        ] as const) {
          const answer = await ask(method, `${path}/${key}`, change)
          t.equal(answer.status, 404, `${method} ${key}`)
          t.equal(answer.body.type, '/problems/not-found')
        }
      }
    })
  }

  t.test(
    'of many records with one name each has a slug of its own, until somebody has to choose',
    async (t) => {
      const create = (more = {}) => ask('POST', '/v1/therapies', { name: 'CAR T of many', ...more })
      const slugs = []
      for (let count = 1; count <= 20; count++) slugs.push((await create()).body.slug)
      t.equal(new Set(slugs).size, 20)
      t.strictSame([slugs[0], slugs[19]], ['car-t-of-many', 'car-t-of-many-20'])
      const refused = await create()
      t.equal(refused.status, 409)
      says(t, refused.body.errors, [{ pointer: '/slug' }])
      t.equal((await create({ slug: 'car-t-of-many-more' })).status, 201)
      await ask('DELETE', '/v1/therapies/car-t-of-many-7')
      t.equal((await create()).body.slug, 'car-t-of-many-7', 'a number that is free is taken again')
    },
  )
})
