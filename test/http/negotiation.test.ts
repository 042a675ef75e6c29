import t from 'tap'
import { csvOf } from '../../src/http/csv.js'
import { ProblemDocument } from '../../src/http/responses.js'
import { validateBody } from '../../src/http/validation.js'
import { type Body, testApp } from '../support/app.js'

const json = 'application/json; charset=utf-8'
const lines = 'application/x-ndjson; charset=utf-8'
const table = 'text/csv; charset=utf-8'
const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

const { app, ask } = await testApp(t)
const accepting = (accept: string, url: string) => ask('GET', url, undefined, { accept })

t.test('an answer is in the form that the client likes best', async (t) => {
  const wishes: [accept: string, list: string, exported: string, record: string][] = [
    ['', json, lines, json],
    ['*/*', json, lines, json],
    ['application/*', json, lines, json],
    ['application/json', json, json, json],
    ['application/json; charset=utf-8', json, json, json],
    ['Application/JSON;charset=UTF-8', json, json, json],
    ['application/json, text/plain, */*', json, json, json],
    ['application/problem+json, application/json', json, json, json],
    [browser, json, lines, json],
    ['text/csv, */*;q=0.1', table, table, json],
    ['text/*, application/json;q=0.5', table, table, json],
    ['application/x-ndjson, application/json;q=0.9', lines, lines, json],
    ['text/csv;q=0.5, application/x-ndjson;q=0.4, application/json;q=0.1', table, table, json],
    ['application/json;q=0, */*', lines, lines, ''],
    ['nonsense, application/json', json, json, json],
  ]
  for (const [accept, ...types] of wishes) {
    for (const [index, path] of ['', '/export', '/cd19'].entries()) {
      if (types[index] === '') continue
      const { status, headers } = await accepting(accept, `/v1/targets${path}`)
      t.equal(status, 200, `${path} ${accept}`)
      t.equal(headers['content-type'], types[index], `${path} ${accept}`)
    }
  }
  t.equal((await ask('GET', '/v1/targets')).headers['content-type'], json, 'without any wish')
})

t.test('where nothing fits, a problem says what there is', async (t) => {
  const types = ['application/json', 'application/x-ndjson', 'text/csv']
  const refused: [accept: string, url: string, allowed: string[]][] = [
    ['text/html', '/v1/targets', types],
    ['application/xml, text/html;q=0.9', '/v1/targets', types],
    ['image/*', '/v1/targets/export', ['application/x-ndjson', 'application/json', 'text/csv']],
    ['text/csv', '/v1/targets/cd19', ['application/json']],
    ['application/json;q=0', '/v1/targets/cd19', ['application/json']],
    ['application/problem+json', '/v1/targets/cd19', ['application/json']],
    ['application/json; profile=other', '/v1/targets/cd19', ['application/json']],
    ['nonsense', '/v1/targets/cd19', ['application/json']],
    ['text/csv', '/v1/targets/no-such', ['application/json']],
    ['text/html', '/v1/therapies/lasme-cel/timeline', ['application/json']],
    ['text/csv', '/v1/search?q=CAR', ['application/json']],
    ['application/x-ndjson', '/v1/stats/trials', ['application/json', 'text/csv']],
    ['text/html', '/readyz', ['application/json']],
  ]
  for (const [accept, url, allowed] of refused) {
    const { status, headers, body } = await accepting(accept, url)
    t.equal(status, 406, `${url} ${accept}`)
    t.equal(headers['content-type'], 'application/problem+json; charset=utf-8')
    const problem = validateBody(ProblemDocument, body)
    t.equal(problem.type, '/problems/not-acceptable')
    t.match(problem.errors, [{ header: 'Accept', allowed }])
    t.match(problem.detail, allowed.join(' or '))
    const head = await ask('HEAD', url, undefined, { accept })
    t.strictSame([head.status, head.text], [406, ''], 'HEAD like GET')
  }
})

t.test('a write that could not be answered changes nothing', async (t) => {
  const target = { symbol: 'UNHEARD' }
  t.equal((await ask('POST', '/v1/targets', target, { accept: 'text/html' })).status, 406)
  t.equal((await ask('GET', '/v1/targets/unheard')).status, 404)
  t.equal((await ask('POST', '/v1/targets', target, { accept: browser })).status, 201)
  t.equal((await ask('PATCH', '/v1/targets/unheard', { name: 'x' }, { accept: 'text/csv' })).status, 406)
  t.equal((await ask('GET', '/v1/targets/unheard')).body.version, 1)
  const gone = await ask('DELETE', '/v1/targets/unheard', undefined, { accept: 'text/html' })
  t.equal(gone.status, 204, 'which answers nothing')
})

t.test('a problem is a problem document, whatever is accepted', async (t) => {
  for (const accept of ['application/json', 'text/csv', 'application/x-ndjson, */*;q=0']) {
    const { status, headers } = await accepting(accept, '/v1/targets?limit=0')
    t.equal(status, 400)
    t.equal(headers['content-type'], 'application/problem+json; charset=utf-8')
  }
  t.equal(
    (await accepting('text/html', '/v1/nonsense')).headers['content-type'],
    'application/problem+json; charset=utf-8',
  )
})

t.test('a list as lines or as a table', async (t) => {
  const url = '/v1/designations?program=fda:rmat&sort=-grantedOn&limit=3'
  const { body, headers } = await ask('GET', url)

  t.test('has the same items and the same next page', async (t) => {
    const asLines = await accepting('application/x-ndjson', url)
    const items = asLines.text.trimEnd().split('\n')
    t.strictSame(
      items.map((line) => JSON.parse(line)),
      body.data,
    )
    t.ok(asLines.text.endsWith('\n'))
    t.equal(asLines.headers.link, headers.link)
    const asTable = await accepting('text/csv', url)
    const [head, ...rows] = asTable.text.trimEnd().split('\r\n')
    t.match(head, /^id,slug,/)
    t.equal(rows.length, 3)
    t.equal(asTable.headers.link, headers.link)
    const all = await accepting('text/csv', '/v1/designations/export?program=fda:rmat&sort=-grantedOn')
    t.ok(all.text.startsWith(asTable.text), 'the columns of the export')
  })

  t.test('is paged through by its Link header', async (t) => {
    const slugs: string[] = []
    let next: string | undefined = `/v1/designations?program=fda:rmat&limit=50&fields=slug`
    while (next !== undefined) {
      const page: Body = await accepting('application/x-ndjson', next)
      slugs.push(
        ...page.text
          .trimEnd()
          .split('\n')
          .map((line: string) => JSON.parse(line).slug),
      )
      next = /<([^>]*)>; rel="next"/.exec(String(page.headers.link))?.[1]
    }
    const { body: whole } = await ask('GET', '/v1/designations?program=fda:rmat&limit=1000')
    t.strictSame(
      slugs,
      whole.data.map(({ slug }: Body) => slug),
    )
  })

  t.test('has a tag of its own, and says on what it depends', async (t) => {
    const forms = await Promise.all(
      ['application/json', 'application/x-ndjson', 'text/csv'].map((type) => accepting(type, url)),
    )
    t.equal(new Set(forms.map((form) => form.headers.etag)).size, 3)
    for (const form of forms) {
      t.equal(form.headers.vary, 'accept, accept-encoding')
      const accept = String(form.headers['content-type'])
      const known = { accept, 'if-none-match': String(form.headers.etag) }
      const again = await ask('GET', url, undefined, known)
      t.equal(again.status, 304)
      t.equal(again.headers.link, form.headers.link)
    }
    const [asJson] = forms
    const other = { accept: 'text/csv', 'if-none-match': String(asJson?.headers.etag) }
    t.equal((await ask('GET', url, undefined, other)).status, 200)
  })

  t.test('has another tag when only its next page changes', async (t) => {
    const last = '/v1/targets?limit=2&fields=symbol&symbol=PAGE-1&symbol=PAGE-2&symbol=PAGE-3'
    for (const symbol of ['PAGE-1', 'PAGE-2']) await ask('POST', '/v1/targets', { symbol })
    const before = await accepting('text/csv', last)
    await ask('POST', '/v1/targets', { symbol: 'PAGE-3' })
    const after = await accepting('text/csv', last)
    t.equal(after.text, before.text)
    t.strictSame([before.headers.link === undefined, after.headers.link === undefined], [true, false])
    t.not(after.headers.etag, before.headers.etag)
  })

  t.test('of nothing is nothing, or a head', async (t) => {
    const none = '/v1/targets?symbol=NOTHING'
    t.equal((await accepting('application/x-ndjson', none)).text, '')
    const fields = (await accepting('text/csv', `${none}&fields=slug,symbol`)).text
    t.equal(fields, csvOf([['slug', 'symbol']]))
  })

  t.test('has no place for what is told of all that match', async (t) => {
    for (const [parameter, query] of [
      ['total', 'total=true'],
      ['facets', 'facets=program'],
    ] as const) {
      for (const accept of ['application/x-ndjson', 'text/csv']) {
        const answer = await accepting(accept, `${url}&${query}`)
        t.match(answer, { status: 400, body: { errors: [{ parameter }] } })
        t.match(answer.body.detail, 'application/json')
      }
    }
    t.equal((await accepting('text/csv', `${url}&total=false`)).status, 200)
  })
})

t.test('HEAD has the headers of GET', async (t) => {
  for (const url of [
    '/v1/targets?limit=2',
    '/v1/targets/cd19',
    '/v1/therapies/lasme-cel',
    '/v1/stats/trials',
  ]) {
    for (const accept of ['*/*', 'text/csv, */*;q=0.1']) {
      const found = await ask('GET', url, undefined, { accept })
      const head = await ask('HEAD', url, undefined, { accept })
      t.equal(head.status, 200)
      t.equal(head.text, '')
      const { date, 'x-request-id': id, ...rest } = found.headers
      t.match(head.headers, rest, url)
    }
  }
  const exported = await app.inject({
    method: 'HEAD',
    url: '/v1/targets/export',
    headers: { accept: 'text/csv' },
  })
  t.equal(exported.statusCode, 200)
  t.equal(exported.headers['content-type'], table)
  t.equal(exported.headers.vary, 'accept, accept-encoding')
  t.equal(exported.headers['content-length'], undefined, 'which nobody knows before all is read')
})
