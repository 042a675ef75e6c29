import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { writeRecords } from '../../src/crud/write.js'
import { targetsResource } from '../../src/resources/targets/store.js'
import { type Body, testApp } from '../support/app.js'

const { app, ask, database } = await testApp(t)

t.test('an export is all that matches, a line each', async (t) => {
  const { headers, text } = await ask('GET', '/v1/designations/export?program=fda:rmat&sort=-grantedOn')
  t.match(headers['content-type'], 'application/x-ndjson')
  t.match(headers.vary, 'accept')
  t.ok(text.endsWith('\n'))
  const exported = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const { body } = await ask('GET', '/v1/designations?program=fda:rmat&sort=-grantedOn&limit=1000')
  t.ok(exported.length > 20)
  t.strictSame(exported, body.data)
  const slim = await ask('GET', '/v1/designations/export?fields=slug&asOf=2018')
  t.strictSame(Object.keys(JSON.parse(slim.text.split('\n')[0] as string)), ['slug'])
})

t.test('an export of more than a page has each record once', async (t) => {
  const entries = Array.from({ length: 1050 }, (_, index) => ({
    input: { symbol: `EXPORT-${index}`, name: null, aliases: [], identifiers: [] },
  }))
  await database.transaction((transaction) => writeRecords(transaction, targetsResource, entries))
  const { text } = await ask('GET', '/v1/targets/export')
  const slugs = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).slug)
  t.equal(new Set(slugs).size, slugs.length)
  t.equal(slugs.length, (await ask('GET', '/v1/targets?limit=1&total=true')).body.total)
  const json = await ask('GET', '/v1/targets/export', undefined, { accept: 'application/json' })
  t.strictSame(
    json.body.data.map(({ slug }: Body) => slug),
    slugs,
  )
})

t.test('the pages of an export follow each other in every order and form', async (t) => {
  for (const [list, sort] of [
    ['targets', '-updatedAt'],
    ['targets', 'symbol'],
    ['events', '-on'],
    ['events', 'on'],
    ['events', 'announcedOn'],
  ]) {
    const what = `${list} by ${sort}`
    const address = `/v1/${list}/export?sort=${sort}`
    const { text } = await ask('GET', address)
    const items = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const ids = items.map(({ id }: Body) => id)
    t.ok(items.length > 500, `${what}: more than a page`)
    t.equal(new Set(ids).size, ids.length, `${what}: each once`)
    const first = await ask('GET', `/v1/${list}?sort=${sort}&limit=1000`)
    t.strictSame(items.slice(0, 1000), first.body.data, `${what}: as the list has them`)
    const whole = await ask('GET', address, undefined, { accept: 'application/json' })
    t.strictSame(whole.body.data, items, `${what}: as one document`)
    const lines = ids.map((id: string) => `{"id":"${id}"}\n`)
    t.equal((await ask('GET', `${address}&fields=id`)).text, lines.join(''), `${what}: some fields`)
    const table = await ask('GET', `${address}&fields=id`, undefined, { accept: 'text/csv' })
    t.equal(table.text, ['id', ...ids, ''].join('\r\n'), `${what}: as a table`)
  }
})

t.test('an export as CSV has a row each, and nothing that a spreadsheet runs', async (t) => {
  await ask('POST', '/v1/organizations', {
    name: '=HYPERLINK("x"), "Inc"',
    aliases: ['One', 'Two'],
    kind: 'company',
  })
  const { headers, text } = await ask('GET', '/v1/organizations/export?name=hyperlinkxinc', undefined, {
    accept: 'text/csv',
  })
  t.match(headers['content-type'], 'text/csv')
  const [head, row, end] = text.split('\r\n')
  t.match(head, 'id,slug,name,aliases,kind,country')
  t.match(row, `,"'=HYPERLINK(""x""), ""Inc""",One; Two,company,,`)
  t.equal(end, '')
  const trials = await ask(
    'GET',
    '/v1/trials/export?registryId=NCT04150497&fields=slug,pivotal,therapies,sponsor,events',
    undefined,
    { accept: 'text/csv;q=0.9, application/json;q=0.1' },
  )
  const [columns, values] = trials.text.split('\r\n')
  t.equal(columns, 'slug,pivotal,therapies,sponsor,sponsor.name,events')
  t.match(values, /^nct04150497,\w*,lasme-cel,cellectis,Cellectis,"\[\{""id""/)
  const slugs = await ask('GET', '/v1/trials/export?fields=slug,sponsor.slug', undefined, {
    accept: 'text/csv',
  })
  t.match(
    slugs.text,
    /^slug,sponsor\r\n/,
    'what is not asked for has no column that looks like something unknown',
  )
  t.match(slugs.text, '\r\nnct04150497,cellectis\r\n')
  t.match(slugs.text, /^[^,\r\n]+,\r$/m, 'who runs some of them is not known')
  const names = await ask('GET', '/v1/trials/export?registryId=NCT04150497&fields=sponsor.name', undefined, {
    accept: 'text/csv',
  })
  t.equal(names.text, 'sponsor.name\r\nCellectis\r\n')
  const called = await ask(
    'GET',
    '/v1/therapies/export?name=UCART22&fields=names.name,targets,organizations.organization.name',
    undefined,
    {
      accept: 'text/csv',
    },
  )
  t.equal(
    called.text,
    'names,targets,organizations\r\nlasme-cel; UCART22; lasmecabtagene timgedleucel,cd22,Cellectis\r\n',
  )
  const none = await ask('GET', '/v1/trials/export?registryId=none&registry=other', undefined, {
    accept: 'text/csv',
  })
  t.equal(none.text.split('\r\n').length, 2)
})

t.test('an export of nothing is empty; of what there is not, a problem', async (t) => {
  const url = '/v1/designations/export?program=fda:rmat&status=rescinded'
  t.equal((await ask('GET', url)).text, '')
  t.strictSame((await ask('GET', url, undefined, { accept: 'application/json' })).body, { data: [] })
  t.equal((await ask('GET', '/v1/designations/export?program=fda:rmatt')).status, 422)
  t.equal((await ask('GET', '/v1/designations/export?limit=5')).status, 400)
  t.equal((await ask('POST', '/v1/therapies', { slug: 'export', name: 'Export' })).status, 400)
  t.equal((await ask('POST', '/v1/therapies', { name: 'Export' })).status, 422)
})

t.test('a client that goes away ends its export', async (t) => {
  await app.listen({ port: 0 })
  const { port } = app.server.address() as AddressInfo
  await new Promise<void>((resolve) => {
    const asked = request({ port, path: '/v1/targets/export' }, (answer) => {
      answer.once('data', () => asked.destroy())
      answer.once('close', resolve)
      answer.on('error', () => {})
    })
    asked.on('error', () => {})
    asked.end()
  })
  t.equal((await ask('GET', '/v1/targets?limit=1')).status, 200)
})
