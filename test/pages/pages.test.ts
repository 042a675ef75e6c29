import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.js'
import { problemKinds } from '../../src/http/problem.js'
import { ProblemDocument } from '../../src/http/responses.js'
import { validateBody } from '../../src/http/validation.js'
import { directoryText } from '../../src/pages/directory.js'
import { type Answer, testApp } from '../support/app.js'
import { testDatabase } from '../support/database.js'
import { observed } from '../support/observed.js'

/** What browsers accept, word for word as Chromium says it. */
const accept =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7'
const browser = { accept, authorization: '', host: 'localhost:3000' }

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
const plain = (text: string) => text.replace(/&([\w#]+);/g, (_, name: string) => String(entities[name]))

/** The text in each element of a kind, as a reader sees it. */
const textsIn = (page: string, element: string) =>
  [...page.matchAll(new RegExp(`<${element}\\b[^>]*>(.*?)</${element}>`, 'gs'))].map(([, text = '']) =>
    plain(text.replace(/<[^>]+>/g, '')),
  )

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const blocksOf = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)\\n\`\`\`$`, 'gms'))].map(([, text = '']) => text)

/** Every problem document that the contract shows, by its type. */
const shown: Record<string, { summary: string; value: object }> = Object.fromEntries(
  Object.values<{ summary: string; value: { type?: string } }>(
    JSON.parse(readFileSync(new URL('../../openapi/examples.json', import.meta.url), 'utf8')),
  )
    .filter(({ value }) => String(value.type).startsWith('/problems/'))
    .map((example) => [example.value.type, example]),
)

function isPage(t: Test, answer: Answer, title: RegExp): void {
  t.equal(answer.status, 200)
  t.equal(answer.headers['content-type'], 'text/html; charset=utf-8')
  t.match(answer.text, /^<!doctype html>\n<html lang="en">/)
  t.match(textsIn(answer.text, 'title')[0], title)
  t.equal(textsIn(answer.text, 'h1').length, 1)
  t.notMatch(answer.text, /undefined|\[object|<script|<style| style=| on\w+="/)
}
t.test('pages', async (t) => {
  const { app, ask } = await testApp(t)
  const open = (url: string) => ask('GET', url, undefined, browser)

  t.test('/ is a page for a browser and an index for a program', async (t) => {
    isPage(t, await open('/'), /openRMAT/)
    for (const wish of ['*/*', 'application/json', 'application/json, text/plain, */*', '']) {
      const { status, headers, text } = await ask('GET', '/', undefined, { accept: wish })
      t.equal(status, 200, wish)
      t.equal(headers['content-type'], 'application/json; charset=utf-8', wish)
      t.equal(text, (await ask('GET', '/v1')).text)
    }
    const refused = await ask('GET', '/', undefined, { accept: 'image/png' })
    t.equal(refused.status, 406)
    t.equal(validateBody(ProblemDocument, refused.body).type, '/problems/not-acceptable')
  })

  t.test('both forms are kept apart by caches, and asked for again with their tags', async (t) => {
    const tags = new Set<unknown>()
    for (const url of ['/', '/problems', '/problems/gone']) {
      for (const headers of [browser, { authorization: '' }]) {
        const { headers: said } = await ask('GET', url, undefined, headers)
        t.equal(said.vary, 'accept, accept-encoding', url)
        t.equal(said['cache-control'], 'public, no-cache')
        tags.add(said.etag)
        const again = await ask('GET', url, undefined, { ...headers, 'if-none-match': String(said.etag) })
        t.equal(again.status, 304)
        t.equal((await ask('HEAD', url, undefined, headers)).headers.etag, said.etag)
      }
    }
    t.equal(tags.size, 6)
  })

  t.test('the front page has the examples of the README', async (t) => {
    const { text } = await open('/')
    const [, , ...asked] = blocksOf('sh')
    const answers = blocksOf('json')
    const pairs = [0, 1, 2].flatMap((index) => [asked[index], answers[index]])
    t.strictSame(textsIn(text, 'pre'), pairs)
    for (const [, path = ''] of text.matchAll(/<a href="([^"]+)">The whole answer/g)) {
      t.ok(String(asked).includes(`'http://localhost:3000${plain(path)}'`), path)
    }
  })

  t.test('its commands ask the address that the page came from', async (t) => {
    const page = await ask('GET', '/', undefined, { ...browser, host: 'rmat.example.org' })
    t.match(textsIn(page.text, 'pre')[0], "curl 'http://rmat.example.org/v1/therapies/lasme-cel'")
    const odd = await ask('GET', '/', undefined, { ...browser, host: '"><script>alert(1)</script>' })
    isPage(t, odd, /openRMAT/)
  })

  t.test('it tells how many records there are', async (t) => {
    const { text } = await open('/')
    const [names, numbers] = [textsIn(text, 'dt'), textsIn(text, 'dd')]
    t.equal(names.length, 6)
    for (const [index, name] of names.entries()) {
      const { body } = await ask('GET', `/v1/${name}?total=true&limit=1`)
      t.equal(Number(numbers[index]), body.total, name)
    }
  })

  t.test('its form searches', async (t) => {
    const { text } = await open('/')
    t.match(text, '<form action="/v1/search" role="search">')
    t.match(text, /<label for="q">.*<input id="q" name="q"/s)
    t.equal((await open('/v1/search?q=UCART22')).status, 200)
  })

  t.test('each kind of problem has a page, with a real example where the contract has one', async (t) => {
    for (const [kind, { status, title, help }] of Object.entries(problemKinds)) {
      const type = `/problems/${kind}`
      const page = await open(type)
      isPage(t, page, new RegExp(title))
      t.ok(page.text.includes(`HTTP ${status}`), kind)
      t.ok(textsIn(page.text, 'p').includes(help.replaceAll('`', '')), kind)
      const example = shown[type]
      const found = textsIn(page.text, 'pre').map((text) => JSON.parse(text))
      t.strictSame(found, example === undefined ? [] : [example.value], kind)
      if (example) t.ok(textsIn(page.text, 'code').includes(example.summary), kind)
      const { body } = await ask('GET', type)
      t.strictSame(body, { type, status, title, help }, kind)
    }
    t.ok(Object.keys(shown).length >= 10)
  })

  t.test('one page lists them all', async (t) => {
    const page = await open('/problems')
    isPage(t, page, /Problems/)
    const { body } = await ask('GET', '/problems')
    t.equal(body.data.length, Object.keys(problemKinds).length)
    for (const { type, title, help } of body.data) {
      t.ok(page.text.includes(`<a href="${type}">${title}</a>`), type)
      t.ok(textsIn(page.text, 'p').includes(help.replaceAll('`', '')), type)
    }
  })

  t.test('a kind that there is not has a problem document and no page', async (t) => {
    for (const kind of ['no-such', 'toString', '__proto__', '%3Cscript%3E', 'gone/more']) {
      const { status, body } = await open(`/problems/${kind}`)
      t.equal(status, 404, kind)
      t.equal(validateBody(ProblemDocument, body).type, '/problems/not-found')
    }
  })

  t.test('links lead somewhere here', async (t) => {
    for (const url of ['/', '/problems', '/problems/gone', '/docs']) {
      const { text } = await open(url)
      const links = [...text.matchAll(/ (?:href|src)="([^"]+)"/g)].map(([, link = '']) => plain(link))
      t.ok(links.length > 5, url)
      for (const link of links.filter((link) => link.startsWith('/'))) {
        t.equal((await open(link)).status, 200, `${url}: ${link}`)
      }
      const abroad = links.filter((link) => !/^[/#]/.test(link))
      t.ok(
        abroad.every((link) => link.startsWith('https://www.rfc-editor.org/')),
        `${url}: ${abroad}`,
      )
    }
  })

  t.test('what pages load is named by its content and kept for good', async (t) => {
    const { text } = await open('/')
    const files = [...text.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, file = '']) => file)
    t.equal(new Set(files).size, 3)
    for (const file of files) {
      const { headers } = await open(file)
      t.equal(headers['cache-control'], 'public, max-age=31536000, immutable', file)
      t.match(headers['content-type'], /^(text\/css|image\/svg\+xml); charset=utf-8$/)
    }
    t.equal((await open('/assets/000000000000/frame.css')).status, 404)
  })

  t.test('/docs is usable on a phone and knows the way back', async (t) => {
    for (const url of ['/docs', '/docs/']) {
      const { status, headers, text } = await open(url)
      t.equal(status, 200)
      t.equal(headers['content-type'], 'text/html; charset=utf-8')
      t.match(text, '<html lang="en">')
      t.match(text, '<meta name="viewport" content="width=device-width, initial-scale=1">')
      t.match(text, /<header class="banner">.*<main id="content" tabindex="-1"><div id="swagger-ui">/s)
      t.match(textsIn(text, 'title')[0], /openRMAT/)
      t.notMatch(text, /<style| style=|<script(?! src=")/)
    }
    t.equal((await ask('POST', '/docs')).status, 405)
    t.equal((await ask('OPTIONS', '/docs/')).headers.allow, 'GET, HEAD, OPTIONS')
  })

  t.test('its files are kept for an hour, a failure is not', async (t) => {
    for (const file of ['static/swagger-ui-bundle.js', 'static/oauth2-redirect.html', 'json']) {
      t.equal((await open(`/docs/${file}`)).headers['cache-control'], 'public, max-age=3600', file)
    }
    const range = await ask('GET', '/docs/static/swagger-ui.css', undefined, { range: 'bytes=99999999-' })
    t.equal(range.status, 416)
    t.equal(range.headers['cache-control'], 'no-store')
  })

  t.test('what may be left out is not filled in there', async (t) => {
    const { body: contract } = await ask('GET', '/openapi.json')
    const { body: tried } = await ask('GET', '/docs/json')
    const { Limit: described } = contract.components.parameters
    const { Limit: free } = tried.components.parameters
    t.equal(described.schema.default, 20)
    t.notOk('default' in free.schema)
    t.equal(free.description, `${described.description} \`20\` when left out.`)
    t.strictSame(Object.keys(tried.paths), Object.keys(contract.paths))
    const parameters = [
      ...Object.values(tried.components.parameters),
      ...Object.values<object>(tried.paths).flatMap((item) =>
        Object.values(item).flatMap((operation) => operation.parameters ?? []),
      ),
    ] as { name: string; required?: boolean; schema?: object }[]
    const isFilled = (place: object = {}) => ['default', 'example', 'examples'].some((key) => key in place)
    const filled = parameters.filter((parameter) => isFilled(parameter) || isFilled(parameter.schema))
    t.ok(filled.length > 0)
    for (const { name, required } of filled) t.equal(required, true, name)
    t.strictSame((await app.inject('/docs/json')).json(), tried, 'whoever asks')
  })
})

t.test('the numbers of the front page are counted once a minute', async (t) => {
  const { database } = await testDatabase(t, { template: 'empty' })
  const asked: number[] = []
  const broken = { isBroken: true }
  const counting = observed(database, () => {
    if (broken.isBroken) throw new Error('it is away')
    asked.push(Date.now())
  })
  const app = await buildApp({ database: counting })
  t.teardown(() => app.close())
  const open = () => app.inject({ url: '/', headers: { accept } })
  t.equal((await open()).statusCode, 500)
  broken.isBroken = false
  t.equal((await open()).statusCode, 200, 'a failure is not kept')
  await open()
  t.equal(asked.length, 1)
  const { now } = Date
  t.intercept(Date, 'now', { value: () => now() + 61_000 })
  await open()
  t.equal(asked.length, 2)
})

t.test('every answer says what a browser may do with it', async (t) => {
  const { app, ask } = await testApp(t, { app: { trustProxy: ['127.0.0.1'] } })
  const nothing = "default-src 'none';base-uri 'none';frame-ancestors 'none'"
  const requests: [method: 'GET' | 'POST' | 'PUT' | 'OPTIONS', url: string, status: number][] = [
    ['GET', '/v1/therapies', 200],
    ['GET', '/v1/therapies/lasme-cel', 200],
    ['GET', '/v1/therapies/no-such', 404],
    ['GET', '/v1/nonsense', 404],
    ['POST', '/v1/therapies', 400],
    ['PUT', '/v1/therapies', 405],
    ['OPTIONS', '/v1/therapies', 204],
    ['GET', '/livez', 200],
    ['GET', '/openapi.json', 200],
  ]
  for (const [method, url, status] of requests) {
    const { status: found, headers } = await ask(method, url)
    t.equal(found, status, url)
    t.equal(headers['content-security-policy'], nothing, `${method} ${url}`)
    t.equal(headers['x-content-type-options'], 'nosniff')
    t.equal(headers['x-frame-options'], 'DENY')
    t.equal(headers['referrer-policy'], 'no-referrer')
    t.equal(headers['cross-origin-resource-policy'], 'cross-origin', 'CORS decides who reads it')
    t.equal(headers['x-powered-by'], undefined)
  }
  for (const url of ['/', '/problems', '/docs', '/docs/static/swagger-ui-bundle.js']) {
    const { headers } = await app.inject({ url, headers: { accept } })
    const policy = String(headers['content-security-policy'])
    t.match(policy, /^default-src 'none';style-src 'self';img-src 'self' data:/, url)
    t.notMatch(policy, /unsafe|\*|https?:/)
    t.equal(policy.includes('script-src'), url.startsWith('/docs'), `${url} runs scripts`)
    t.match(policy, "frame-ancestors 'none'")
  }
  const promise = async (headers: Record<string, string>) =>
    (await app.inject({ url: '/livez', headers })).headers['strict-transport-security']
  t.equal(await promise({}), undefined)
  t.equal(await promise({ 'x-forwarded-proto': 'https' }), 'max-age=31536000', 'only TLS promises TLS')
})

t.test('an address that takes nothing is listed as it stands, and what only writes is not', async (t) => {
  const q = { name: 'q', required: true }
  const paths = {
    '/v1/programs': { get: {} },
    '/v1/search': { get: { parameters: [q, { name: 'limit' }] } },
    '/v1/suggest': { get: { parameters: [{ $ref: '#/components/parameters/Words' }] } },
    '/v1/programs/{id}': { get: {} },
    '/v1/programs/export': { get: {} },
    '/v1/resolve': {},
    '/livez': { get: {} },
  }
  t.strictSame(JSON.parse(directoryText({ paths, components: { parameters: { Words: q } } })), {
    programs: '/v1/programs',
    search: '/v1/search{?q}',
    suggest: '/v1/suggest{?q}',
    docs: '/docs',
    contract: '/openapi.json',
    problems: '/problems',
  })
})
