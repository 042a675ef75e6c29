import { readFile, writeFile } from 'node:fs/promises'
import t from 'tap'
import { buildApp } from '../../src/app.js'
import { connect, type Database } from '../../src/db/connection.js'
import { type Answer, type TestApp, testApp } from '../support/app.js'
import { type Operation, operationsOf, readContract, schemaChecker } from './contract.js'

const file = new URL('../../openapi/examples.json', import.meta.url)

const contract = await readContract()
const operations = operationsOf(contract)
const check = schemaChecker(contract)

/** The address of an operation with the examples of its parameters; only events have no address that is known. */
const addressOf = ({ path, pathParameters }: Operation, event: string) =>
  path.replace('{id}', path.startsWith('/v1/events/') ? event : (pathParameters[0]?.example ?? ''))

type Request = Parameters<TestApp['ask']>

/** What to ask a list for, where one record of the whole list would tell little. */
const queries: Record<string, string> = {
  listTherapies: 'modality=car-t&target=cd22&limit=1&total=true',
  listDesignations: 'program=fda:rmat&sort=-announcedOn&limit=1&total=true',
  listApplications: 'authority=fda&type=BLA&sort=-goalOn&limit=1&total=true',
  listTrials: 'therapy=lasme-cel&limit=1',
  listPrograms: 'authority=mhlw&limit=1',
  listOrganizations: 'country=FR&limit=2',
  listIndications: 'parent=b-all&limit=2',
  listSources: 'publisher=FDA&limit=2',
  listEvents: 'therapy=lasme-cel&limit=1',
  searchRecords: 'q=lasmecabtagen+timgedlucel&limit=1',
  suggestRecords: 'q=ucart&limit=2',
  countDesignations: 'groupBy=program&modality=car-t&cellOrigin=allogeneic',
  countApplications: 'groupBy=authority&type=BLA&modality=car-t',
  countTrials: 'groupBy=phase&target=cd22',
  countEvents: 'groupBy=status&therapy=lasme-cel',
  findFirstDesignations:
    'groupBy=program,indication&program=fda:rmat&modality=car-t&cellOrigin=allogeneic&indication=r-r-b-all',
  measureIntervals: 'from=designation:fda:rmat:granted&to=application:BLA:approved&target=cd19',
  listIndicationAncestors: '',
}

/** A list, or something else that is asked by a query. */
const queryOf = (operationId: string) => {
  const query = queries[operationId] ?? (operationId.startsWith('list') ? 'limit=2' : '')
  return query === '' ? '' : `?${query}`
}

const successOf = ({ responses }: Operation) => ('201' in responses ? 201 : 200)

/** All that is sent is written, but for names to resolve. */
const isWrite = ({ operationId }: Operation) => operationId !== 'resolveNames'

/** Exports are streams of what lists and records show already. */
const isStream = ({ path }: Operation) => path.endsWith('/export')

/** Which request each answer of the contract is the answer to: by the component that describes it, or the operation. */
function requestsOf(event: string): Record<string, Request> {
  const requests: Record<string, Request> = {}
  for (const operation of operations.filter(
    (operation) => operation.method === 'GET' && operation.path.startsWith('/v1/') && !isStream(operation),
  )) {
    const { operationId, path, responses } = operation
    const component = responses[200]?.content?.['application/json']?.schema.$ref?.split('/').at(-1)
    requests[component as string] = [
      'GET',
      addressOf({ ...operation, path: path + queryOf(operationId) }, event),
    ]
  }
  return {
    ...requests,
    Therapy: ['GET', '/v1/therapies/lasme-cel?include='],
    getTherapy: ['GET', '/v1/therapies/lasme-cel?include=trials'],
    Choices: ['GET', '/v1/therapies/onasemnogene%20abeparvovec?include='],
    Malformed: ['GET', '/v1/therapies?modalty=car-t'],
    NotFound: ['GET', '/v1/therapies/lasme-sel'],
    Conflict: ['DELETE', '/v1/organizations/cellectis'],
    Gone: ['GET', '/v1/targets/lilrb4'],
    PreconditionFailed: ['PATCH', '/v1/targets/cd22', { aliases: [] }, { 'if-match': '"7-000000000000"' }],
    TooLarge: ['POST', '/v1/targets', { symbol: 'x'.repeat(2 ** 20) }],
    UnsupportedMediaType: ['POST', '/v1/targets', { symbol: 'LILRB4' }, { 'content-type': 'text/plain' }],
    Unprocessable: ['POST', '/v1/designations', { therapy: 'lasme-sel', program: 'fda:rmat' }],
  }
}

/** Ids, times and cursors differ from registry to registry; here they are the same in each. */
function masked(answer: unknown): unknown {
  const ids = new Map<string, string>()
  const text = JSON.stringify(answer).replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
    ids.set(id, ids.get(id) ?? `019aa0f2-6c00-7000-8000-${String(ids.size + 1).padStart(12, '0')}`)
    return ids.get(id) as string
  })
  return JSON.parse(text.replace(/(\d-)[0-9a-f]{12}\b/g, '$1000000000001'), (key, value) => {
    if (/^(?:created|updated|deleted)At$/.test(key)) return '2026-11-20T08:00:00.000Z'
    return key === 'next' && value !== null ? 'UlZ4c0xHSmxiV1J1WlhKbGN5SmQ' : value
  })
}

const asExample = (request: string, { body }: Answer) => ({
  summary: body.name ?? body.symbol ?? request,
  value: masked(body),
})

/** The answers of the contract as the service gives them now. */
async function answersOf({ ask }: TestApp): Promise<Record<string, unknown>> {
  const { body: designation } = await ask('GET', '/v1/designations/lasme-cel-fda-rmat-r-r-b-all')
  const event = designation.events[0].id
  await ask('POST', '/v1/targets', { symbol: 'LILRB4' })
  await ask('DELETE', '/v1/targets/lilrb4')
  const answers: Record<string, unknown> = {}
  for (const [name, request] of Object.entries(requestsOf(event))) {
    const [method, url] = request
    answers[name] = asExample(`${method} ${url.replace(event, '{id}')}`, await ask(...request))
  }
  return {
    ...answers,
    Unavailable: await answerOfFailing({}),
    Failure: await answerOfFailing({ rows: () => Promise.reject(new Error('a fault')) }),
  }
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

  // Not one of the record in the examples: what replaces that gives its events new ids.
  const { body: other } = await ask('GET', '/v1/designations/eque-cel-fda-rmat-rrmm')
  const event = other.events[0].id
  for (const method of ['POST', 'PUT', 'PATCH'] as const) {
    for (const operation of operations.filter((each) => each.method === method)) {
      t.test(`of ${operation.operationId} are accepted as they stand`, async (t) => {
        const address = addressOf(operation, event)
        for (const [type, { example }] of Object.entries(operation.requestBody?.content ?? {})) {
          const answer = await ask(method, address, example, { 'content-type': type })
          t.equal(answer.status, successOf(operation), answer.text)
          t.same(check(operation, answer.status, answer.body), [], 'the answer is as the contract says')
          t.equal(answer.headers.etag !== undefined, isWrite(operation))
        }
      })
    }
  }

  for (const operation of operations.filter((each) => each.method === 'GET' && !isStream(each))) {
    t.test(`of ${operation.operationId} name what there is`, async (t) => {
      const answer = await ask('GET', `${addressOf(operation, event)}${queryOf(operation.operationId)}`)
      t.equal(answer.status, 200, answer.text)
      t.same(check(operation, 200, answer.body), [], 'the answer is as the contract says')
    })
  }

  t.test('are not enough: every operation refuses a parameter that it does not know', async (t) => {
    for (const operation of operations) {
      const { method, operationId, requestBody } = operation
      const body = requestBody?.content['application/json']?.example
      const query = `${queryOf(operationId) || '?'}&unheard=of`
      const answer = await ask(method as 'GET', `${addressOf(operation, event)}${query}`, body)
      t.match(answer, { status: 400, body: { errors: [{ parameter: 'unheard' }] } }, operationId)
      t.same(check(operation, 400, answer.body), [], operationId)
    }
  })
})
