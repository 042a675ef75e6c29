import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { sql } from 'drizzle-orm'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { buildApp } from '../../src/app.js'
import { allDefinitions } from '../../src/crud/registry.js'
import { connect as connectDatabase } from '../../src/db/connection.js'
import { type Fault, type ProblemKind, problemKinds } from '../../src/http/problem.js'
import { ProblemDocument } from '../../src/http/responses.js'
import { validateBody } from '../../src/http/validation.js'
import { authorization, testApp } from '../support/app.js'
import { testDatabase } from '../support/database.js'

/** A request that is refused: what is sent, the kind of problem it is, and every place that the problem names. */
type Refused = [name: string, request: InjectOptions, kind: ProblemKind, places?: string[]]

const json = { 'content-type': 'application/json' }

const get = (url: string): InjectOptions => ({ method: 'GET', url })
const send =
  (method: 'POST' | 'PUT' | 'PATCH') =>
  (path: string, body: unknown, headers: Record<string, string> = json): InjectOptions => ({
    method,
    url: `/v1/${path}`,
    headers,
    payload: JSON.stringify(body),
  })
const post = send('POST')
const put = send('PUT')
const patch = send('PATCH')
const raw = (payload: string | Buffer, headers: Record<string, string> = json): InjectOptions => ({
  method: 'POST',
  url: '/v1/targets',
  headers,
  payload,
})

const target = (more: object) => post('targets', { symbol: 'REFUSED', ...more })
const therapy = (more: object) => post('therapies', { name: 'Refused', ...more })
const designation = (more: object) =>
  post('designations', { therapy: 'lasme-cel', program: 'fda:rmat', ...more })
const application = (more: object) =>
  post('applications', { therapy: 'lasme-cel', authority: 'fda', type: 'IND', ...more })
const trial = (more: object) => post('trials', { acronym: 'REFUSED', ...more })
const source = (more: object) =>
  post('sources', { url: 'https://example.com/refused', title: 'Refused', kind: 'news', ...more })
const dated = (on: unknown) => designation({ events: [{ status: 'granted', on }] })
const many = <Item>(count: number, item: (index: number) => Item) =>
  Array.from({ length: count }, (_, i) => item(i))

const bodies: Refused[] = [
  ['no body', { method: 'POST', url: '/v1/targets' }, 'malformed', ['']],
  ['an empty body', raw(''), 'malformed'],
  ['half of a JSON document', raw('{"symbol":"REF'), 'malformed'],
  ['JSON with a comma too many', raw('{"symbol":"REFUSED",}'), 'malformed'],
  ['JSON with single quotes', raw("{'symbol':'REFUSED'}"), 'malformed'],
  ['two JSON documents', raw('{"symbol":"REFUSED"}{"symbol":"REFUSED"}'), 'malformed'],
  ['NaN', raw('{"symbol":NaN}'), 'malformed'],
  ['a list as a body', raw('[]'), 'malformed', ['']],
  ['a list of bodies', raw('[{"symbol":"REFUSED"}]'), 'malformed', ['']],
  ['a text as a body', raw('"REFUSED"'), 'malformed', ['']],
  ['a number as a body', raw('1'), 'malformed', ['']],
  ['null as a body', raw('null'), 'malformed', ['']],
  ['an empty object', raw('{}'), 'malformed', ['/symbol']],
  ['a prototype', raw('{"symbol":"REFUSED","__proto__":{"name":"x"}}'), 'malformed'],
  ['a constructor', raw('{"symbol":"REFUSED","constructor":{"prototype":{"name":"x"}}}'), 'malformed'],
  ['a nested prototype', raw('{"symbol":"REFUSED","identifiers":[{"__proto__":{}}]}'), 'malformed'],
  ['bytes that are no UTF-8', raw(Buffer.from('{"symbol":"REF\xffUSED"}', 'latin1')), 'malformed'],
  ['a NUL character', raw('{"symbol":"REF\\u0000USED","name":null,"aliases":[1]}'), 'malformed', ['/symbol']],
  ['a NUL character in a list', target({ aliases: ['a', 'b\0c'] }), 'malformed', ['/aliases/1']],
  ['a NUL character in a reference', therapy({ targets: ['\0'] }), 'malformed', ['/targets/0']],
  ['half of a surrogate pair', raw('{"symbol":"REF\\ud800USED"}'), 'malformed', ['/symbol']],
  ['the other half, upper-case', raw('{"symbol":"REF\\uDFFF"}'), 'malformed', ['/symbol']],
  [
    'a NUL character far down',
    raw(`${'['.repeat(9000)}"\\u0000"${']'.repeat(9000)}`),
    'malformed',
    ['/0'.repeat(20)],
  ],
  [
    'lists far down',
    raw(`{"symbol":${'['.repeat(9000)}${']'.repeat(9000)}}`),
    'malformed',
    [`/symbol${'/0'.repeat(19)}`],
  ],
  [
    'as many lists as a body can hold',
    raw(`${'['.repeat(500_000)}${']'.repeat(500_000)}`),
    'malformed',
    ['/0'.repeat(20)],
  ],
  [
    'as many objects as a body can hold',
    raw(`${'{"a":'.repeat(170_000)}1${'}'.repeat(170_000)}`),
    'malformed',
    ['/a'.repeat(20)],
  ],
  ['plain text', raw('{"symbol":"REFUSED"}', { 'content-type': 'text/plain' }), 'unsupported-media-type'],
  [
    'a form',
    raw('symbol=REFUSED', { 'content-type': 'application/x-www-form-urlencoded' }),
    'unsupported-media-type',
  ],
  ['XML', raw('<symbol/>', { 'content-type': 'application/xml' }), 'unsupported-media-type'],
  [
    'a merge patch that creates',
    raw('{"symbol":"REFUSED"}', { 'content-type': 'application/merge-patch+json' }),
    'unsupported-media-type',
  ],
  ['no media type', raw('{"symbol":"REFUSED"}', {}), 'unsupported-media-type'],
  [
    'what is no media type',
    raw('{"symbol":"REFUSED"}', { 'content-type': 'json' }),
    'unsupported-media-type',
  ],
  ['an unknown coding', raw('{}', { ...json, 'content-encoding': 'rot13' }), 'unsupported-media-type'],
  ['what is not gzip', raw('{}', { ...json, 'content-encoding': 'gzip' }), 'malformed'],
  ['a body that is too large', target({ name: 'x'.repeat(1024 * 1024) }), 'too-large'],
  [
    'a body that is too large when unpacked',
    raw(gzipSync(`{"symbol":"${'x'.repeat(4 * 1024 * 1024)}"}`), { ...json, 'content-encoding': 'gzip' }),
    'too-large',
  ],
]

const fields: Refused[] = [
  ['an unknown field', target({ colour: 'red' }), 'malformed', ['/colour']],
  ['a mistyped field', therapy({ modalty: 'car-t' }), 'malformed', ['/modalty']],
  ['a derived field', designation({ status: 'granted' }), 'malformed', ['/status']],
  ['an id', target({ id: '019a5b0e-3f8e-7b0a-8f6b-2a9c5d3e1f00' }), 'malformed', ['/id']],
  ['a version', target({ version: 3 }), 'malformed', ['/version']],
  ['a document', target({ document: '{}' }), 'malformed', ['/document']],
  [
    'an unknown field of a nested list',
    designation({ events: [{ status: 'granted', date: '2023' }] }),
    'malformed',
    ['/events/0/date'],
  ],
  ['a number for a text', target({ name: 5 }), 'malformed', ['/name']],
  ['a text for a number', designation({ cycle: '1' }), 'malformed', ['/cycle']],
  ['a text for a boolean', trial({ pivotal: 'true' }), 'malformed', ['/pivotal']],
  ['a number for a boolean', trial({ pivotal: 1 }), 'malformed', ['/pivotal']],
  ['a text for a list', target({ aliases: 'ILT3' }), 'malformed', ['/aliases']],
  ['an object for a list', target({ aliases: {} }), 'malformed', ['/aliases']],
  ['a list for an object', therapy({ construct: [] }), 'malformed', ['/construct']],
  ['an object for a reference', therapy({ targets: [{ slug: 'cd19' }] }), 'malformed', ['/targets/0']],
  ['null for a required field', target({ symbol: null }), 'malformed', ['/symbol']],
  ['null for a list', target({ aliases: null }), 'malformed', ['/aliases']],
  ['null in a list', target({ aliases: [null] }), 'malformed', ['/aliases/0']],
  [
    'null for a boolean',
    designation({ events: [{ status: 'granted', anticipated: null }] }),
    'malformed',
    ['/events/0/anticipated'],
  ],
  ['an empty text', target({ symbol: '' }), 'malformed', ['/symbol']],
  ['a blank text', target({ symbol: ' \t' }), 'malformed', ['/symbol']],
  ['a fraction', designation({ cycle: 1.5 }), 'malformed', ['/cycle']],
  ['nought', designation({ cycle: 0 }), 'malformed', ['/cycle']],
  ['a huge number', designation({ cycle: 1e21 }), 'malformed', ['/cycle']],
  ['an unknown word', therapy({ modality: 'car_t' }), 'malformed', ['/modality']],
  ['a word in capitals', therapy({ modality: 'CAR-T' }), 'malformed', ['/modality']],
  ['an unknown status', designation({ events: [{ status: 'given' }] }), 'malformed', ['/events/0/status']],
  [
    'a status of something else',
    designation({ events: [{ status: 'cleared' }] }),
    'malformed',
    ['/events/0/status'],
  ],
  ['no status', designation({ events: [{ on: '2023' }] }), 'malformed', ['/events/0/status']],
  [
    'several faults at once',
    target({ symbol: 1, name: 2, colour: 3 }),
    'malformed',
    ['/colour', '/symbol', '/name'],
  ],
  ['a text that is too long', target({ symbol: 'x'.repeat(61) }), 'malformed', ['/symbol']],
  ['a list that is too long', target({ aliases: many(51, (i) => `a${i}`) }), 'malformed', ['/aliases']],
  ['the same reference twice', therapy({ targets: ['cd19', 'cd19'] }), 'malformed', ['/targets']],
  ['the same record twice', trial({ indications: ['b-all', 'b-all'] }), 'malformed', ['/indications']],
  ['a slug with capitals', target({ slug: 'Refused' }), 'malformed', ['/slug']],
  ['a slug with a space', target({ slug: 're fused' }), 'malformed', ['/slug']],
  ['a slug with two hyphens', target({ slug: 're--fused' }), 'malformed', ['/slug']],
  ['a slug with a slash', target({ slug: 're/fused' }), 'malformed', ['/slug']],
  ['an empty slug', target({ slug: '' }), 'malformed', ['/slug']],
  ['a slug that is too long', target({ slug: 'x'.repeat(121) }), 'malformed', ['/slug']],
  ['a slug that is an id', target({ slug: '019a5b0e-3f8e-7b0a-8f6b-2a9c5d3e1f00' }), 'malformed', ['/slug']],
  ['a name that makes no slug', target({ symbol: '???' }), 'unprocessable', ['/slug']],
  [
    'a programme that makes none',
    post('programs', { authority: 'fda', name: '???' }),
    'unprocessable',
    ['/slug'],
  ],
  [
    'an event id that is none',
    designation({ events: [{ id: '7', status: 'granted' }] }),
    'malformed',
    ['/events/0/id'],
  ],
  ['a URL without a scheme', source({ url: 'www.fda.gov' }), 'malformed', ['/url']],
  ['a URL of another scheme', source({ url: 'javascript:alert(1)' }), 'malformed', ['/url']],
  ['a digest that is too short', source({ digest: 'abc' }), 'malformed', ['/digest']],
  [
    'a time without its offset',
    source({ retrievedAt: '2026-11-20T08:00:00' }),
    'malformed',
    ['/retrievedAt'],
  ],
  ['a time that never was', source({ retrievedAt: '2026-02-30T08:00:00Z' }), 'malformed', ['/retrievedAt']],
  [
    'an offset of nowhere',
    source({ retrievedAt: '2026-11-20T08:00:00-22:06' }),
    'malformed',
    ['/retrievedAt'],
  ],
  [
    'a year that was not counted',
    source({ retrievedAt: '0000-11-20T08:00:00Z' }),
    'malformed',
    ['/retrievedAt'],
  ],
  [
    'a country in words',
    post('organizations', { name: 'Refused', country: 'France' }),
    'malformed',
    ['/country'],
  ],
  ['a patch that changes nothing', patch('targets/cd19', {}), 'malformed', ['']],
  ['a patch that is a list', patch('targets/cd19', [{ op: 'remove', path: '/name' }]), 'malformed', ['']],
  [
    'a patch of a derived field',
    patch('designations/lasme-cel-fda-rmat-r-r-b-all', { status: 'denied' }),
    'malformed',
    ['/status'],
  ],
  ['a patch that takes a name away', patch('targets/cd19', { symbol: null }), 'malformed', ['/symbol']],
  [
    'a patch of a wrong part',
    patch('therapies/eque-cel', { construct: { hinge: 8 } }),
    'malformed',
    ['/construct/hinge'],
  ],
  ['a whole body without a name', put('targets/cd19', {}), 'malformed', ['/symbol']],
]

const dates: Refused[] = [
  ...[
    '2023-13',
    '2023-02-30',
    '2023-21',
    '',
    ' 2023',
    '2023-Q5',
    '2023-2',
    '11.02.2023',
    '2023-02-11T00:00:00Z',
    '9999',
    'soon',
  ].map((text): Refused => [`the date "${text}"`, dated(text), 'malformed', ['/events/0/on']]),
  ['a number as a date', dated(2023), 'malformed', ['/events/0/on']],
  ['a date as a list', dated(['2023']), 'malformed', ['/events/0/on']],
  ['a bad date of a record', source({ publishedOn: '2023-00' }), 'malformed', ['/publishedOn']],
]

const wrong: Refused[] = [
  ['an unknown reference', therapy({ targets: ['no-such'] }), 'unprocessable', ['/targets/0']],
  ['a reference that is no slug', therapy({ targets: ['No such!'] }), 'unprocessable', ['/targets/0']],
  [
    'an indication below itself',
    patch('indications/leukemia', { parent: 'r-r-b-all' }),
    'unprocessable',
    ['/parent'],
  ],
  [
    'an approval of an IND',
    application({ events: [{ status: 'approved' }] }),
    'unprocessable',
    ['/events/0/status'],
  ],
  [
    'a clearance of a BLA',
    application({ type: 'BLA', events: [{ status: 'cleared' }] }),
    'unprocessable',
    ['/events/0/status'],
  ],
  [
    'a goal date that happened',
    application({ type: 'BLA', events: [{ status: 'goal-date', on: '2026' }] }),
    'unprocessable',
    ['/events/0/anticipated'],
  ],
  [
    'a holder without a transfer',
    designation({ events: [{ status: 'granted', organization: 'iaso' }] }),
    'unprocessable',
    ['/events/0/organization'],
  ],
  [
    'events in an impossible order',
    trial({
      events: [
        { status: 'started', on: '2023' },
        { status: 'terminated', on: '2022' },
      ],
    }),
    'unprocessable',
    ['/events/1'],
  ],
  ['a registry without a number', trial({ registry: 'jrct' }), 'unprocessable', ['/registryId']],
  ['a number without a registry', trial({ registryId: 'NCT00000000' }), 'unprocessable', ['/registry']],
  ['a trial without any name', post('trials', { phase: '1' }), 'unprocessable', ['/registryId']],
  ['a name that is taken', target({ symbol: 'CD19', slug: 'refused' }), 'conflict', ['/symbol']],
  ['a slug that is taken', target({ slug: 'cd19' }), 'conflict', ['/slug']],
]

/** A cursor that somebody made up: its sum is right, what it says is not. */
const madeUp = (body: string) => {
  const sum = createHash('sha256').update(`cursor ${body}`).digest('base64url').slice(0, 10)
  return Buffer.from(sum + body).toString('base64url')
}
const asked =
  '["targets","symbol",{"values":{},"modifiers":{"dateMatch":"possible","indicationExact":false}}]'
const marker = createHash('sha256').update(asked).digest('base64url').slice(0, 10)

const addresses: Refused[] = [
  ['an unknown route', get('/v1/nonsense'), 'not-found'],
  ['an unknown root', get('/nonsense'), 'not-found'],
  ['an unknown version', get('/v2/therapies'), 'not-found'],
  ['an unknown record', get('/v1/therapies/no-such'), 'not-found'],
  ['a constructor as a record', get('/v1/therapies/constructor'), 'not-found'],
  ['an unknown problem', get('/problems/nonsense'), 'not-found'],
  ['a constructor as a problem', get('/problems/constructor'), 'not-found'],
  ['a prototype as a problem', get('/problems/__proto__'), 'not-found'],
  ['two levels too many', get('/v1/therapies/lasme-cel/designations/x'), 'not-found'],
  ['an id that is too long', get(`/v1/therapies/${'x'.repeat(301)}`), 'malformed', ['id']],
  ['an id that is far too long', get(`/v1/therapies/${'x'.repeat(5000)}`), 'malformed', ['id']],
  ['an event id that is none', get('/v1/events/lasme-cel'), 'malformed', ['id']],
  ['a NUL character in a path', get('/v1/therapies/%00'), 'malformed'],
  ['half of a character in a path', get('/v1/therapies/%E0%A4'), 'malformed'],
  ['a broken percent sign in a path', get('/v1/therapies/100%'), 'malformed'],
  ['half of a surrogate pair in a path', get('/v1/therapies/%ED%A0%80'), 'malformed'],
  ['a NUL character in a query', get('/v1/targets?symbol=%00'), 'malformed'],
  ['half of a character in a query', get('/v1/targets?symbol=%E0%A4'), 'malformed'],
  ['half of a surrogate pair in a query', get('/v1/targets?symbol=%ED%A0%80'), 'malformed'],
  ['a broken percent sign in a query', get('/v1/targets?symbol=100%'), 'malformed'],
  ['an unknown parameter', get('/v1/therapies?colour=red'), 'malformed', ['colour']],
  ['a mistyped parameter', get('/v1/therapies?modalty=car-t'), 'malformed', ['modalty']],
  ['a parameter of another list', get('/v1/targets?modality=car-t'), 'malformed', ['modality']],
  ['a prototype as a parameter', get('/v1/targets?__proto__=1'), 'malformed', ['__proto__']],
  ['a parameter of a record', get('/v1/targets/cd19?limit=1'), 'malformed', ['limit']],
  ['a parameter of a write', { ...target({}), url: '/v1/targets?dry=true' }, 'malformed', ['dry']],
  ['an unknown include', get('/v1/therapies/lasme-cel?include=trials,secrets'), 'malformed', ['include']],
  ['an offset', get('/v1/targets?offset=20'), 'malformed', ['offset']],
  ...['0', '1001', '-1', 'abc', '', '1.5', 'NaN', '1e99'].map(
    (limit): Refused => [`the limit "${limit}"`, get(`/v1/targets?limit=${limit}`), 'malformed', ['limit']],
  ),
  ['two limits', get('/v1/targets?limit=1&limit=2'), 'malformed', ['limit']],
  ['a total that is no boolean', get('/v1/targets?total=yes'), 'malformed', ['total']],
  ['an unknown sort', get('/v1/targets?sort=colour'), 'malformed', ['sort']],
  ['a sort of another list', get('/v1/targets?sort=grantedOn'), 'malformed', ['sort']],
  ['a sort by SQL', get('/v1/targets?sort=symbol;drop%20table%20targets'), 'malformed', ['sort']],
  ['an empty sort', get('/v1/targets?sort='), 'malformed', ['sort']],
  ['too many sorts', get('/v1/targets?sort=symbol,slug,updatedAt,symbol,slug'), 'malformed', ['sort']],
  ['an unknown word in a filter', get('/v1/therapies?modality=car_t'), 'malformed', ['modality']],
  ['an empty filter', get('/v1/therapies?target='), 'malformed', ['target']],
  [
    'too many values',
    get(`/v1/therapies?${many(101, (i) => `target=t${i}`).join('&')}`),
    'malformed',
    ['target'],
  ],
  ['an empty cursor', get('/v1/targets?cursor='), 'malformed', ['cursor']],
  ['a cursor of nonsense', get('/v1/targets?cursor=nonsense'), 'bad-cursor', ['cursor']],
  ['a cursor that is far too long', get(`/v1/targets?cursor=${'x'.repeat(4001)}`), 'malformed', ['cursor']],
  ...['5', '{', '[]', '{}', `["${marker}"]`, `["${marker}",{},"x"]`, `["${marker}","a","b","c"]`].map(
    (body): Refused => [
      `a made-up cursor ${body}`,
      get(`/v1/targets?cursor=${madeUp(body)}`),
      'bad-cursor',
      ['cursor'],
    ],
  ),
  ['a made-up position', get(`/v1/targets?cursor=${madeUp(`["${marker}","a","b"]`)}`), 'malformed'],
]

const methods: Refused[] = [
  ['DELETE of a list', { method: 'DELETE', url: '/v1/targets' }, 'method-not-allowed'],
  [
    'PUT of a list',
    { method: 'PUT', url: '/v1/targets', headers: json, payload: '{}' },
    'method-not-allowed',
  ],
  ['POST of a record', { method: 'POST', url: '/v1/targets/cd19', payload: 'x' }, 'method-not-allowed'],
  ['PUT of an event', put('events/019a5b0e-3f8e-7b0a-8f6b-2a9c5d3e1f00', {}), 'method-not-allowed'],
  ['POST of the health', { method: 'POST', url: '/livez' }, 'method-not-allowed'],
  ['TRACE of a list', { method: 'TRACE' as never, url: '/v1/targets' }, 'method-not-allowed'],
  [
    'a delete with a wrong parameter',
    { method: 'DELETE', url: '/v1/targets/cd19?cascade=yes' },
    'malformed',
    ['cascade'],
  ],
  ['a delete of what is in use', { method: 'DELETE', url: '/v1/targets/cd19' }, 'still-referenced'],
  [
    'a change of another version',
    patch('targets/cd19', { name: 'x' }, { ...json, 'if-match': '"9-000000000000"' }),
    'precondition-failed',
  ],
  [
    'a change of no version',
    patch('targets/cd19', { name: 'x' }, { ...json, 'if-match': 'x' }),
    'precondition-failed',
  ],
]

const refused = [...bodies, ...fields, ...dates, ...wrong, ...addresses, ...methods]

t.test('malformed requests', async (t) => {
  const { app, ask, database } = await testApp(t)
  const inject = ({ headers, ...request }: InjectOptions) =>
    app.inject({ ...request, headers: { authorization, ...headers } })

  /** Everything that is stored, by table: how many records, and a sum of all that they say. */
  const stored = () =>
    Promise.all(
      allDefinitions().map(({ name, table }) =>
        database.rows(
          sql`select ${name}::text as name, count(*), md5(string_agg(document || version, '' order by id)) from ${table}`,
        ),
      ),
    )
  const before = await stored()

  await t.test(`each of ${refused.length} is answered with a problem document`, async (t) => {
    for (const [name, request, kind, places = []] of refused) {
      const { statusCode, headers, body } = await inject(request)
      t.equal(statusCode, problemKinds[kind].status, `${name}: ${body.slice(0, 300)}`)
      t.equal(headers['content-type'], 'application/problem+json; charset=utf-8', name)
      const problem = validateBody(ProblemDocument, JSON.parse(body))
      const named = (problem.errors ?? []).map((fault: Fault) => fault.pointer ?? fault.parameter)
      t.equal(problem.type, `/problems/${kind}`, name)
      t.equal(problem.status, statusCode, name)
      t.equal(problem.instance, String(request.url).split('?')[0], name)
      t.equal(problem.requestId, headers['x-request-id'], name)
      t.strictSame([...new Set(named)], places, name)
      t.ok(body.length < 20_000, `${name}: the answer is short`)
      t.notMatch(body, /postgres|constraint|select |node_modules|\.[jt]s\b/i, name)
    }
  })

  t.strictSame(await stored(), before, 'nothing was stored')

  t.test('a typo gets help', async (t) => {
    const meant = (word: string) => `must be one of the allowed values; did you mean "${word}"?`
    const hints: [InjectOptions, string][] = [
      [get('/v1/therapies?modalty=car-t'), 'unknown parameter "modalty"; did you mean "modality"?'],
      [get('/v1/therapies/lasme-cel?asof=2020'), 'unknown parameter "asof"; did you mean "asOf"?'],
      [therapy({ modalty: 'car-t' }), 'unknown field "modalty"; did you mean "modality"?'],
      [therapy({ construct: { binders: 'x' } }), 'unknown field "binders"; did you mean "binder"?'],
      [get('/v1/therapies?modality=car_t'), meant('car-t')],
      [get('/v1/therapies?modality=!tcrt'), meant('tcr-t')],
      [get('/v1/therapies?modality=car-t,tcr-t'), 'must be one of the allowed values'],
      [get('/v1/applications?type=bla'), meant('BLA')],
      [get('/v1/designations?dateMatch=posible'), meant('possible')],
      [get('/v1/designations?sort=-grantdOn'), meant('grantedOn')],
      [get('/v1/designations?sort=slug,-grantdOn'), meant('grantedOn')],
      [get('/v1/therapies?include=trails'), meant('trials')],
      [get('/v1/therapies/lasme-cel?include=trials,designation'), meant('designations')],
      [get('/v1/search?q=x&type=therpy'), meant('therapy')],
      [therapy({ modality: 'cart' }), meant('car-t')],
      [designation({ events: [{ status: 'grantd' }] }), meant('granted')],
      [post('keys', { name: 'x', scope: 'writ' }), meant('write')],
      [get('/v1/therapies?fields=nam'), 'unknown field "nam" in "nam"; did you mean "name"?'],
      [
        get('/v1/therapies?fields=designations.progam'),
        'unknown field "progam" in "designations.progam"; did you mean "program"?',
      ],
      [get('/v1/designations?facets=progrm'), 'nothing is grouped by "progrm"; did you mean "program"?'],
      [
        get('/v1/stats/designations?groupBy=progrm'),
        'nothing is grouped by "progrm"; did you mean "program"?',
      ],
      [
        get('/v1/stats/intervals?from=designation:fda:rmat:grantd&to=application:BLA:approved'),
        'nothing "grantd" happens to such a designation; did you mean "granted"?',
      ],
      [
        post('resolve', { names: ['x'], type: 'therpy' }),
        'no kind of record is called "therpy"; did you mean "therapy"?',
      ],
    ]
    for (const [request, message] of hints) {
      const { errors, detail } = (await inject(request)).json()
      t.equal(errors[0].message, message)
      t.ok(errors[0].allowed.length > 1, message)
      t.ok(detail.includes(message))
    }
  })

  t.test('what is wrong is said with its place, and with what to do', async (t) => {
    const details: [InjectOptions, string][] = [
      [
        get('/v1/therapies?modality=cart'),
        'modality: must be one of the allowed values; did you mean "car-t"?',
      ],
      [
        designation({ events: [{ status: 'grantd' }] }),
        '/events/0/status: must be one of the allowed values; did you mean "granted"?',
      ],
      [
        raw('symbol=REFUSED', { 'content-type': 'application/x-www-form-urlencoded' }),
        'Send the body as JSON, with the header Content-Type: application/json.',
      ],
      [get('/v1/designations?program='), 'program: must not be empty'],
      [patch('therapies/lasme-cel', {}), 'must say at least one field'],
      [
        get('/v1/stats/intervals?from=rmat&to=application:BLA:approved'),
        'from: must have another form, such as "designation:fda:rmat:granted"',
      ],
    ]
    for (const [request, meant] of details) t.equal((await inject(request)).json().detail, meant)
  })

  t.test('a reference to nobody names who may be meant', async (t) => {
    const hints: [InjectOptions, string, place: string][] = [
      [
        designation({ therapy: 'lasme-sel' }),
        'there is no therapy "lasme-sel"; did you mean "lasme-cel"?',
        '/therapy',
      ],
      [
        designation({ program: 'fda:rmta' }),
        'there is no program "fda:rmta"; did you mean "fda:rmat"?',
        '/program',
      ],
      [
        therapy({ organizations: [{ organization: 'celectis', role: 'sponsor' }] }),
        'there is no organization "celectis"; did you mean "cellectis"?',
        '/organizations/0/organization',
      ],
      [therapy({ targets: ['BCMA'] }), 'there is no target "BCMA"; did you mean "tnfrsf17"?', '/targets/0'],
      [therapy({ targets: ['no-such'] }), 'there is no target "no-such"', '/targets/0'],
      [
        get('/v1/designations?program=fda:rmatt'),
        'there is no program "fda:rmatt"; did you mean "fda:rmat"?',
        'program',
      ],
    ]
    for (const [request, message, place] of hints) {
      const answer = await inject(request)
      t.equal(answer.statusCode, 422)
      const [fault] = answer.json().errors
      t.strictSame([fault.message, fault.pointer ?? fault.parameter], [message, place])
    }
    const targets = many(20, (i) => `nobody-${i}`)
    t.equal((await inject(therapy({ targets }))).json().errors.length, 20)
  })

  t.test('an address of nothing names the one that may be meant', async (t) => {
    const hints: [url: string, meant: string | undefined][] = [
      ['/v1/therapy', '/v1/therapies'],
      ['/therapies', '/v1/therapies'],
      ['/v2/therapies', '/v1/therapies'],
      ['/V1/Therapies?limit=1', '/v1/therapies'],
      ['/v1/therapie/lasme-cel/timelines', '/v1/therapies/lasme-cel/timeline'],
      ['/v1/stats/designation', '/v1/stats/designations'],
      ['/openapi.jsn', '/openapi.json'],
      ['/v1/nonsense', undefined],
      ['/v1/targets/cd19/matrix', undefined],
      [`/v1/${'x'.repeat(5000)}`, undefined],
    ]
    for (const [url, meant] of hints) {
      const { detail } = (await inject(get(url))).json()
      const [path] = url.split('?')
      t.equal(detail, `There is nothing at ${path}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`)
    }
  })

  t.test('a body full of faults is told the first of them, and soon', async (t) => {
    const start = performance.now()
    const { statusCode, body } = await inject(raw(`{"aliases":[${'1,'.repeat(400_000)}1]}`))
    t.equal(statusCode, 400)
    t.ok(JSON.parse(body).errors.length <= 20)
    const name = 'x'.repeat(900_000)
    const unknown = await inject(target({ [name]: 1 }))
    t.equal(unknown.statusCode, 400)
    t.ok(unknown.body.length < 2000)
    t.ok(performance.now() - start < 3000, 'soon')
  })

  t.test('a delete that says what type its missing body has is a delete', async (t) => {
    t.equal((await ask('POST', '/v1/targets', { symbol: 'GONE1' })).status, 201)
    const { status } = await ask('DELETE', '/v1/targets/gone1', undefined, json)
    t.equal(status, 204)
  })

  t.test('what is no HTTP is answered all the same', async (t) => {
    await app.listen({ host: '127.0.0.1', port: 0 })
    const [address] = app.addresses() as AddressInfo[]
    const tell = async (text: string) => {
      const socket = connect(address?.port ?? 0, '127.0.0.1')
      socket.end(text)
      let answer = ''
      for await (const chunk of socket) answer += chunk
      const [head = '', body = ''] = answer.split('\r\n\r\n')
      return { head, problem: validateBody(ProblemDocument, JSON.parse(body)) }
    }
    const cases: [string, number, string][] = [
      ['GET / HTTP/9.9\r\n\r\n', 400, '/problems/malformed'],
      ['hello?\r\n\r\n', 400, '/problems/malformed'],
      ['GET /v1/targets HTTP/1.1\r\nConnection: close\r\n\r\n', 400, '/problems/malformed'],
      [
        `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
        431,
        '/problems/headers-too-large',
      ],
    ]
    // Somebody who hangs up in the middle of a word hears nothing, and nobody else notices.
    const rude = connect(address?.port ?? 0, '127.0.0.1')
    rude.write('GET / HT', () => rude.resetAndDestroy())
    await once(rude, 'close')
    for (const [text, status, type] of cases) {
      const { head, problem } = await tell(text)
      t.match(head, new RegExp(`^HTTP/1.1 ${status} `))
      t.match(head, 'application/problem+json')
      t.match(head.toLowerCase(), `x-request-id: ${problem.requestId}`)
      t.equal(problem.status, status)
      t.equal(problem.type, type)
    }

    t.test('and addresses that others would have tidied up', async (t) => {
      t.equal((await ask('POST', '/v1/targets', { symbol: 'ABSOLUTE' })).status, 201)
      t.equal((await ask('PATCH', '/v1/targets/absolute', { slug: 'absolute-2' })).status, 200)
      const headOf = async (target: string) => {
        const socket = connect(address?.port ?? 0, '127.0.0.1')
        socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
        let answer = ''
        for await (const chunk of socket) answer += chunk
        return answer.split('\r\n\r\n', 1)[0]
      }
      t.match(
        await headOf('http://elsewhere.example/v1/targets/absolute'),
        /^HTTP\/1.1 308 .*\r\nlocation: \/v1\/targets\/absolute-2\r\n/s,
      )
      t.match(await headOf('HTTP://x:80/v1/targets?limit=1'), /\r\nlink: <\/v1\/targets\?limit=1&cursor=/)
      t.match(await headOf('http://x?a=b'), /^HTTP\/1.1 200 /)
      t.match(await headOf('/docs/static/%2e%2e/package.json'), /^HTTP\/1.1 404 /, 'what is outside')
    })

    t.test('and so is who never comes to an end', async (t) => {
      app.server.headersTimeout = 50
      app.server.requestTimeout = 100
      const head = `POST /v1/targets HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\n`
      const unended = ['GET /v1/tar', head, `${head}Content-Length: 20\r\n\r\n{"symbol":`]
      const answers = unended.map(async (text) => {
        const socket = connect(address?.port ?? 0, '127.0.0.1')
        socket.write(text)
        let answer = ''
        for await (const chunk of socket) answer += chunk
        t.match(answer, /^HTTP\/1.1 408 /, text)
        t.match(answer, 'application/problem+json')
      })
      await Promise.all(answers)
    })
  })
})

t.test('what takes too long, or is too much at once, is refused', async (t) => {
  const { database, settings } = await testDatabase(t)
  const hurried = connectDatabase({ ...settings, statementTimeoutMs: 300 })
  const app = await buildApp({ database: hurried, mostAtOnce: 2 })
  t.teardown(async () => {
    await app.close()
    await hurried.close()
  })
  await database.transaction(async (transaction) => {
    await transaction.rows(sql`lock table targets in access exclusive mode`)
    const waiting = Promise.all([
      app.inject({ url: '/v1/targets/cd19', remoteAddress: '192.0.2.1' }),
      app.inject({ url: '/v1/targets', remoteAddress: '192.0.2.2' }),
    ])
    const refused = await app.inject('/v1/programs')
    t.equal(refused.statusCode, 503)
    t.equal(refused.headers['retry-after'], '1')
    t.match(validateBody(ProblemDocument, refused.json()).type, '/problems/unavailable')
    t.equal((await app.inject('/livez')).statusCode, 200, 'the process lives')
    for (const { statusCode, headers, body } of await waiting) {
      t.equal(statusCode, 503)
      t.equal(headers['retry-after'], '10')
      t.match(validateBody(ProblemDocument, JSON.parse(body)).detail, 'too long')
    }
  })
  t.equal((await app.inject('/v1/targets/cd19')).statusCode, 200, 'afterwards all is well')
  await hurried.transaction(async (transaction) => {
    const [row] = await transaction.rows<{ slept: boolean }>(sql`select pg_sleep(0.4) is not null as slept`)
    t.ok(row?.slept, 'what is written may take its time')
  })
})

t.test('who keeps the service busy leaves room for others', async (t) => {
  const { app } = await testApp(t, { app: { mostAtOnce: 8 } })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const [address] = app.addresses() as AddressInfo[]
  const unended =
    'POST /v1/resolve HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n'
  let begun = 0
  app.server.on('request', () => begun++)
  const slow = [1, 2].map(() => connect(address?.port ?? 0, '127.0.0.1').setEncoding('utf8'))
  for (const socket of slow) socket.write(unended)
  while (begun < 2) await setImmediate()
  const ask = async (remoteAddress: string, url = '/v1/programs') => {
    const { statusCode, headers } = await app.inject({ url, remoteAddress })
    return [statusCode, headers['retry-after']]
  }
  t.strictSame(await ask('127.0.0.1'), [503, '1'])
  t.strictSame(await ask('127.0.0.1', '/livez'), [200, undefined])
  t.strictSame(await ask('192.0.2.1'), [200, undefined])
  const ends = slow.map((socket) => once(socket, 'data'))
  for (const socket of slow) socket.write('not JSON!')
  for (const [answer] of await Promise.all(ends)) t.match(answer, /^HTTP\/1.1 400 /)
  // Until the service has noticed that they are done.
  while ((await ask('127.0.0.1'))[0] === 503) await setImmediate()
  t.strictSame(await ask('127.0.0.1'), [200, undefined])
  for (const socket of slow) socket.destroy()
})
