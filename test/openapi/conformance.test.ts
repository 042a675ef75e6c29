import t, { type Test } from 'tap'
import { type Answer, type TestApp, testApp } from '../support/app.js'
import { answerChecker, typeOf } from './answers.js'
import { type Operation, readContract } from './contract.js'
import { provocations, type Recipe } from './provocations.js'

const contract = await readContract()
const check = answerChecker(contract)

/** In this order: what is there is read before it is changed, made before it is renamed, and renamed before it goes. */
const statuses = [
  ...['200', '304', '307', '400', '401', '403', '404', '406', '409', '412', '413', '415', '429'],
  ...['503', 'default', '300', '201', '422', '308', '204', '410'],
]

/** What is tried on every operation, whether it is documented or not: what comes of it has to be. */
const usual: Record<string, string[]> = {
  GET: ['304', '400', '401', '403', '404', '406', '422'],
  POST: ['400', '401', '403', '404', '409', '413', '415'],
  PUT: ['400', '401', '403', '404', '409', '413', '415'],
  PATCH: ['400', '401', '403', '404', '409', '413', '415'],
  DELETE: ['400', '401', '403', '404'],
}

const isTried = ({ method, responses }: Operation, status: string) =>
  status in responses || usual[method]?.includes(status)

/** Each request of these is made, for its media type or its headers; of the others one is enough. */
const isOfMany = (status: string) => status === '200' || status === '201'

/** What no request brings about: ten thousand groups. */
const unseen = ['x-truncated']

/** What was documented and seen: statuses, media types and headers of operations. */
const seen = new Set<string>()

function note({ operationId }: Operation, status: string, answer: Answer): void {
  for (const part of ['', typeOf(answer), ...Object.keys(answer.headers)]) {
    seen.add(`${operationId} ${status} ${part}`)
  }
}

/** All that the contract says that an operation can answer, in the words of `seen`. */
function promisesOf({ operationId, responses }: Operation): string[] {
  return Object.entries(responses).flatMap(([status, { content = {}, headers = {} }]) => {
    const parts = ['', ...Object.keys(content), ...Object.keys(headers).map((name) => name.toLowerCase())]
    return parts.filter((part) => !unseen.includes(part)).map((part) => `${operationId} ${status} ${part}`)
  })
}

/** A service whose database fails. */
async function failingApp(t: Test, fault: Error): Promise<TestApp> {
  const service = await testApp(t, { template: 'empty' })
  const fail = () => Promise.reject(fault)
  Object.assign(service.database, { rows: fail, written: fail, transaction: fail })
  return service
}

/** Asks over the network, with more headers than Node.js takes. */
async function overflow(address: string): Promise<Answer> {
  const answer = await fetch(address, { headers: { oversized: 'x'.repeat(20_000) } })
  const text = await answer.text()
  return { status: answer.status, headers: Object.fromEntries(answer.headers), text, body: JSON.parse(text) }
}

t.test('every operation answers as the contract says, and nothing else', async (t) => {
  const service = await testApp(t)
  const { recipes, exampleOf, remember, operations } = await provocations(contract, service)
  const services: Record<string, TestApp> = {
    429: await testApp(t, { template: 'empty', app: { rateLimit: { address: 1, key: 1, loopback: true } } }),
    503: await failingApp(t, Object.assign(new Error('away'), { code: 'ECONNREFUSED' })),
    default: await failingApp(t, new Error('a fault')),
  }
  const byExample: Recipe = async (operation) => [await exampleOf(operation)]
  const counts = new Map<string, number>()

  /** Holds an answer to the contract, whichever status it has; whether it is the one sought. */
  function holds(t: Test, operation: Operation, status: string, answer: Answer, url: string): boolean {
    const own = String(answer.status)
    const name = status === 'default' && !(own in operation.responses) ? status : own
    t.same(check(operation, answer, name), [], `${operation.operationId} ${own}: ${operation.method} ${url}`)
    note(operation, name, answer)
    counts.set(name, (counts.get(name) ?? 0) + 1)
    remember(operation, answer)
    return name === status
  }

  async function provoke(t: Test, operation: Operation, status: string): Promise<void> {
    const { ask } = services[status] ?? service
    for (const { url, body, headers } of await (recipes[status] ?? byExample)(operation)) {
      const answer = await ask(operation.method as 'GET', url, body, headers)
      if (holds(t, operation, status, answer, url) && !isOfMany(status)) return
    }
  }

  for (const status of statuses) {
    t.test(status, async (t) => {
      for (const operation of operations.filter((each) => isTried(each, status))) {
        await provoke(t, operation, status)
      }
    })
  }

  t.test('also where the database is not asked', async (t) => {
    const unasked = operations.filter(({ operationId }) => !seen.has(`${operationId} default `))
    t.same(
      unasked.map(({ operationId }) => operationId),
      ['getLiveness', 'getVersion'],
    )
    const address = await service.app.listen({ host: '127.0.0.1', port: 0 })
    for (const operation of unasked) {
      const { path } = operation
      holds(t, operation, 'default', await overflow(`${address}${path}`), path)
    }
  })

  t.test('and nothing is documented that cannot be seen', async (t) => {
    t.same(
      operations.flatMap(promisesOf).filter((promise) => !seen.has(promise)),
      [],
    )
    t.comment('status   answers')
    for (const [status, count] of [...counts].sort()) t.comment(status.padEnd(8), count)
  })
})
