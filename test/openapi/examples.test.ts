import { readFile, writeFile } from 'node:fs/promises'
import t from 'tap'
import { buildApp } from '../../src/app.js'
import { connect, type Database } from '../../src/db/connection.js'
import { problemKinds } from '../../src/http/problem.js'
import { type Answer, type TestApp, testApp, withKey, withoutKey } from '../support/app.js'
import { type Operation, operationsOf, readContract, schemaChecker } from './contract.js'
import { addressOf, queryOf } from './requests.js'

const file = new URL('../../openapi/examples.json', import.meta.url)

const contract = await readContract()
const operations = operationsOf(contract)
const check = schemaChecker(contract)

type Request = Parameters<TestApp['ask']>

const successOf = ({ responses }: Operation) => ('201' in responses ? 201 : 200)

/** Exports are streams of what lists and records show already. */
const isStream = ({ path }: Operation) => path.endsWith('/export')

/** What an answer of the contract is the answer to: it is called as the component that describes it, or as the operation. */
async function requestsOf(service: TestApp): Promise<Record<string, Request>> {
  const { body: designation } = await service.ask('GET', '/v1/designations/allo-715-fda-rmat-rrmm')
  const requests: Record<string, Request> = {}
  for (const operation of operations.filter(
    (operation) => operation.method === 'GET' && operation.path.startsWith('/v1/') && !isStream(operation),
  )) {
    const { operationId, responses } = operation
    const component = responses[200]?.content?.['application/json']?.schema.$ref?.split('/').at(-1)
    // Counts of several lists are described by one component.
    const name = component === 'Counts' ? operationId : String(component)
    requests[name] = ['GET', `${await addressOf(operation, service)}${queryOf(operation)}`]
  }
  return {
    ...requests,
    Therapy: ['GET', '/v1/therapies/allo-715?include='],
    getTherapy: ['GET', '/v1/therapies/jcell?include=designations'],
    TherapyTimeline: ['GET', '/v1/therapies/jcell/timeline'],
    IndicationAncestors: ['GET', '/v1/indications/hemophilia-b/ancestors'],
    TherapyMatrix: ['GET', '/v1/therapies/jcell/matrix'],
    Event: ['GET', `/v1/events/${designation.events[0].id}`],
    Namesakes: ['GET', '/v1/therapies/onasemnogene%20abeparvovec?include='],
    Malformed: ['GET', '/v1/therapies/allo-715?inclde=trials'],
    BadCursor: ['GET', '/v1/therapies?cursor=UlZ4c0xHSmxiV1J1WlhKbGN5SmQ'],
    Unauthorized: ['POST', '/v1/targets', { symbol: 'LILRB4' }, withoutKey],
    Forbidden: ['POST', '/v1/targets', { symbol: 'LILRB4' }, await withKey(service.database, 'read')],
    NotFound: ['GET', '/v1/therapies/lasme-sel'],
    MethodNotAllowed: ['POST', '/v1/therapies/allo-715'],
    NotAcceptable: ['GET', '/v1/therapies', undefined, { accept: 'application/xml' }],
    AlreadyTaken: ['POST', '/v1/targets', { symbol: 'CD22' }],
    Conflict: ['DELETE', '/v1/organizations/cellectis'],
    Gone: ['GET', '/v1/targets/lilrb4'],
    PreconditionFailed: ['PATCH', '/v1/targets/cd22', { aliases: [] }, { 'if-match': '"7-000000000000"' }],
    TooLarge: ['POST', '/v1/targets', { symbol: 'x'.repeat(2 ** 20) }],
    UnsupportedMediaType: ['POST', '/v1/targets', { symbol: 'LILRB4' }, { 'content-type': 'text/plain' }],
    Unprocessable: ['POST', '/v1/designations', { therapy: 'lasme-sel', program: 'fda:rmat' }],
  }
}

/** Ids, times, cursors and keys differ from registry to registry; here they are the same in each, as are waits. */
function masked(answer: unknown): unknown {
  const ids = new Map<string, string>()
  const text = JSON.stringify(answer)
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
      ids.set(id, ids.get(id) ?? `019aa0f2-6c00-7000-8000-${String(ids.size + 1).padStart(12, '0')}`)
      return ids.get(id) as string
    })
    .replace(/("\d+-)[0-9a-f]{12}\b/g, '$1000000000001')
    .replace(/rmat_\w{12}/g, 'rmat_7Kq2ZrT9aB3x')
    .replace(/try again in \d+ s/g, 'try again in 42 s')
  return JSON.parse(text, (key, value) => {
    if (value !== null && /^(?:created|updated|deleted|lastUsed)At$/.test(key))
      return '2026-11-20T08:00:00.000Z'
    return key === 'next' && value !== null ? 'UlZ4c0xHSmxiV1J1WlhKbGN5SmQ' : value
  })
}

interface Matrix {
  columns: { authority: { slug: string } }[]
  rows: { programs: { status: string }[] }[]
}

/** A matrix has a cell for every programme: here are those of one authority, and of what is known. */
const abridgedMatrix = ({ columns, rows, ...rest }: Matrix) => ({
  ...rest,
  columns: columns.filter(({ authority }) => authority.slug === 'fda'),
  rows: rows.map(({ programs, ...row }) => ({
    ...row,
    programs: programs.filter(({ status }) => status !== 'unknown'),
  })),
})

function asExample([method, url]: Request, { body }: Answer) {
  const request = `${method} ${url.replace(/[0-9a-f-]{36}/, '{id}')}`
  if (body.rows !== undefined) return { summary: `${request}, abridged`, value: masked(abridgedMatrix(body)) }
  return { summary: body.name ?? body.symbol ?? request, value: masked(body) }
}

/** The answers of the contract as the service gives them now. */
async function answersOf(service: TestApp): Promise<Record<string, unknown>> {
  const { ask } = service
  const requests = await requestsOf(service)
  await ask('POST', '/v1/targets', { symbol: 'LILRB4' })
  await ask('DELETE', '/v1/targets/lilrb4')
  const answers: Record<string, unknown> = {}
  for (const [name, request] of Object.entries(requests)) {
    answers[name] = asExample(request, await ask(...request))
  }
  return {
    ...answers,
    IdempotencyKeyReused: await answerToReusedKey(service),
    TooManyRequests: await answerOverLimit(service),
    Unavailable: await answerOfFailing({}),
    Failure: await answerOfFailing({ written: () => Promise.reject(new Error('a fault')) }),
  }
}

const newTarget = (symbol: string): Request => [
  'POST',
  '/v1/targets',
  { symbol },
  { 'idempotency-key': 'leukocyte-receptors-1' },
]

async function answerToReusedKey({ ask }: TestApp) {
  await ask(...newTarget('LILRB1'))
  return asExample(newTarget('LILRB2'), await ask(...newTarget('LILRB2')))
}

/** What a service answers to the third of three requests that takes only two a minute. */
async function answerOverLimit({ database }: TestApp) {
  const app = await buildApp({ database, rateLimit: { address: 2, loopback: true } })
  await app.inject('/v1/targets/cd22')
  await app.inject('/v1/targets/cd22')
  const answer = await app.inject('/v1/targets/cd22')
  await app.close()
  return { summary: 'GET /v1/targets/cd22', value: masked(answer.json()) }
}

/** What a service answers whose database is away, or fails otherwise. */
async function answerOfFailing(fault: Partial<Database>) {
  const database = { ...connect({ host: '127.0.0.1', port: 1 }), ...fault }
  const app = await buildApp({ database })
  const answer = await app.inject('/v1/targets/cd22')
  await app.close()
  await database.close()
  return { summary: 'GET /v1/targets/cd22', value: masked(answer.json()) }
}

const isRecording = process.env.TAP_SNAPSHOT === '1'

t.test('the examples of the contract', async (t) => {
  const service = await testApp(t)
  const { ask } = service
  const answers = await answersOf(service)
  if (isRecording) await writeFile(file, `${JSON.stringify(answers, null, 2)}\n`)

  t.test('are what the service answers on the curated data', async (t) => {
    const committed = JSON.parse(await readFile(file, 'utf8'))
    t.same(
      committed,
      answers,
      'record them: npm run openapi && npx tap --snapshot test/openapi/examples.test.ts && npm run openapi',
    )
  })

  t.test('show every kind of problem but those that reach no route', async (t) => {
    const shown = Object.values(answers).map((answer) => (answer as { value: { type?: string } }).value.type)
    const others = Object.keys(problemKinds).filter((kind) => !shown.includes(`/problems/${kind}`))
    t.same(others, ['headers-too-large'])
  })

  for (const method of ['POST', 'PUT', 'PATCH'] as const) {
    for (const operation of operations.filter((each) => each.method === method)) {
      t.test(`of ${operation.operationId} are accepted as they stand`, async (t) => {
        const address = await addressOf(operation, service)
        for (const [type, { example }] of Object.entries(operation.requestBody?.content ?? {})) {
          const answer = await ask(method, address, example, { 'content-type': type })
          t.equal(answer.status, successOf(operation), answer.text)
          t.same(check(operation, answer.status, answer.body), [], 'the answer is as the contract says')
          t.equal('etag' in answer.headers, 'ETag' in (operation.responses[answer.status]?.headers ?? {}))
        }
      })
    }
  }

  for (const operation of operations.filter((each) => each.method === 'GET' && !isStream(each))) {
    t.test(`of ${operation.operationId} name what there is`, async (t) => {
      const answer = await ask('GET', `${await addressOf(operation, service)}${queryOf(operation)}`)
      t.equal(answer.status, 200, answer.text)
      t.same(check(operation, 200, answer.body), [], 'the answer is as the contract says')
    })
  }

  t.test('are not enough: every operation refuses a parameter that it does not know', async (t) => {
    for (const operation of operations) {
      const { method, operationId, requestBody } = operation
      const body = requestBody?.content['application/json']?.example
      const query = `${queryOf(operation) || '?'}&unheard=of`
      const answer = await ask(method as 'GET', `${await addressOf(operation, service)}${query}`, body)
      t.match(answer, { status: 400, body: { errors: [{ parameter: 'unheard' }] } }, operationId)
      t.same(check(operation, 400, answer.body), [], operationId)
    }
  })
})
