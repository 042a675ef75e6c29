import t from 'tap'
import { testApp } from '../support/app.js'

const { ask } = await testApp(t)

t.test('a path takes any name of exactly one record, and leads to it', async (t) => {
  const cases: [from: string, to: string][] = [
    ['therapies/UCART22', 'therapies/lasme-cel'],
    ['therapies/ucart%2022/timeline', 'therapies/lasme-cel/timeline'],
    ['therapies/Lasmecabtagene%20timgedleucel?fields=slug', 'therapies/lasme-cel?fields=slug'],
    ['targets/BCMA', 'targets/tnfrsf17'],
    ['organizations/CELLECTIS', 'organizations/cellectis'],
    ['indications/R%2FR%20B-ALL', 'indications/r-r-b-all'],
    ['programs/RMAT', 'programs/fda:rmat'],
  ]
  for (const [from, to] of cases) {
    const { status, headers } = await ask('GET', `/v1/${from}`)
    t.equal(status, 307, from)
    t.equal(decodeURIComponent(String(headers.location)), `/v1/${to}`, from)
    t.equal((await ask('HEAD', `/v1/${from}`)).status, 307, from)
    t.equal((await ask('GET', String(headers.location))).status, 200, from)
  }
})

t.test('a name that several records bear is a choice', async (t) => {
  for (const [slug, name] of [
    ['one-cel', 'XYZ-101'],
    ['two-cel', 'XYZ 101'],
  ]) {
    const body = { slug, name: `Therapy ${slug}`, names: [{ name, type: 'code' }] }
    t.equal((await ask('POST', '/v1/therapies', body)).status, 201)
  }
  const { status, body } = await ask('GET', '/v1/therapies/xyz101?include=')
  t.equal(status, 300)
  t.match(body.choices, [
    { slug: 'one-cel', name: 'Therapy one-cel', url: '/v1/therapies/one-cel?include=' },
    { slug: 'two-cel', url: '/v1/therapies/two-cel?include=' },
  ])
})

t.test('a name that nothing bears is told with what is near', async (t) => {
  const { status, body } = await ask('GET', '/v1/therapies/UCRAT22')
  t.equal(status, 404)
  t.match(body.near, [{ slug: 'lasme-cel' }])
  t.match(body.detail, 'Did you mean "lasme-cel"?')
  const unknown = await ask('GET', '/v1/therapies/CT104A')
  t.equal(unknown.status, 404)
  t.notMatch(unknown.body.near ?? [], [{ slug: 'eque-cel' }])
})

t.test('a name leads nowhere where something is written', async (t) => {
  for (const method of ['PATCH', 'PUT', 'DELETE'] as const) {
    const body = method === 'DELETE' ? undefined : { name: 'Other' }
    t.equal((await ask(method, '/v1/therapies/UCART22', body)).status, 404, method)
  }
})
