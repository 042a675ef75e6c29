import t from 'tap'
import { testApp } from '../support/app.js'

const { ask } = await testApp(t)

t.test('a path takes any name that one record bears', async (t) => {
  const paths = {
    'therapies/UCART%2022': 'therapies/lasme-cel',
    'therapies/Fucaso': 'therapies/eque-cel',
    'organizations/iaso-biotherapeutics': 'organizations/iaso',
    'targets/BCMA': 'targets/tnfrsf17',
    'indications/RRMM': 'indications/rrmm',
    'programs/RMAT': 'programs/fda:rmat',
  }
  for (const [path, record] of Object.entries(paths)) {
    const { status, headers } = await ask('GET', `/v1/${path}`)
    if (status === 200) continue
    t.equal(status, 307, path)
    t.match(decodeURIComponent(String(headers.location)), record)
  }
})

t.test('several that bear it are a choice, and near misses are told', async (t) => {
  const shared = await ask('GET', '/v1/therapies/onasemnogene%20abeparvovec')
  t.equal(shared.status, 300)
  for (const slug of ['itvisma', 'zolgensma']) t.match(shared.text, slug)
  const mistyped = await ask('GET', '/v1/therapies/lasmecabtagen%20timgedleucel')
  t.equal(mistyped.status, 404)
  t.match(mistyped.body.detail, '"lasme-cel"')
  const begun = await ask('GET', '/v1/therapies/equecabtagene')
  t.match(begun.body.detail, '"eque-cel"')
  const none = await ask('GET', '/v1/therapies/CT104A')
  t.equal(none.status, 404)
  t.notMatch(none.body.detail, 'Did you mean')
})
