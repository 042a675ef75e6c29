// What is asked, of whom, and whether the answers are right.
import { readFileSync } from 'node:fs'
import http from 'node:http'

/** What each workload is; `view` of expected.sql has its parameters and answers, `check` says how they are compared. */
export const workloads = {
  W1: { title: 'one therapy with its designations', view: 'w1', check: 'set' },
  W1n: { title: 'the same, asked again by its tag (304)', view: 'w1', check: 'unchanged' },
  W2: {
    title: '20 designations of a programme and a status, last granted first',
    view: 'w2',
    check: 'ordered',
  },
  W3k: { title: 'the same, deep in the list', view: 'w3', check: 'ordered' },
  W4c: { title: 'names that contain a text', view: 'w4c', check: 'ordered' },
  W4p: { title: 'names that begin with a text', view: 'w4p', check: 'ordered' },
  W4t: { title: 'a name with a wrong letter', view: 'w4t', check: 'recall' },
  W5: { title: 'create a designation, then read it', view: 'w5', check: 'created' },
  W6: { title: 'how many of a programme and a status', view: 'w6', check: 'count' },
  W7: { title: 'export of all designations, rows', view: null, check: 'rows' },
  livez: { title: 'whether it lives', view: null, check: 'status' },
}

/** The workloads that read and have parameters. */
export const reads = ['W1', 'W2', 'W3k', 'W4c', 'W4p', 'W4t', 'W6']

const ours = JSON.parse(readFileSync(new URL('openrmat.json', import.meta.url), 'utf8'))
const list = '/designations?program={program}&status={status}'

const openrmat = { ...ours.workloads, W1n: ours.workloads.W1, livez: { path: '/livez' } }

/** How each server is asked. */
export const paths = {
  openrmat,
  unkept: openrmat,
  floor: {
    W1: { path: '/therapies/{key}' },
    W2: { path: list },
    W3k: { path: `${list}&day={after_date}&id={after_id}` },
    W4c: { path: '/therapies?contains={q}' },
    W4p: { path: '/therapies?starts={q}' },
    W4t: { path: '/therapies?similar={q}' },
    W5: {
      create: { ...ours.workloads.W5.create, path: '/designations' },
      read: { path: '/designations/{id}' },
    },
    W6: { path: `${list}&count=true` },
    W7: { path: '/designations/export' },
    livez: { path: '/ready' },
  },
}

const inPath = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name]))
const inBody = (text, values) => text.replace(/"\{(\w+)\}"/g, (_, name) => JSON.stringify(values[name]))

/** A request with the parameters of a question filled in. */
export function requestOf({ path, headers = {}, body }, { p = {} } = {}) {
  if (body === undefined) return { method: 'GET', path: inPath(path, p), headers }
  return {
    method: 'POST',
    path: inPath(path, p),
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: inBody(JSON.stringify(body), p),
  }
}

/** The answer to one request. */
export function send(port, { method, path, headers, body }) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }))
    })
    request.on('error', reject)
    request.end(body)
  })
}

const ids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

/** What is wrong with an answer; undefined when nothing is. */
const faults = {
  status: () => undefined,
  unchanged: ({ status }) => (status === 304 ? undefined : `answers ${status}`),
  count: ({ text }, { expect: [count] }) =>
    new RegExp(`"total" ?: ?${count}\\D`).test(text) ? undefined : `${count} is not the total`,
  recall: ({ text }, { expect: [id] }) => (text.includes(id) ? undefined : 'is not found'),
  set({ text }, { expect, allowed = [], text: names = [] }) {
    const found = new Set(text.match(ids))
    const known = new Set([...expect, ...allowed])
    if (expect.some((id) => !found.has(id))) return 'does not have all'
    if ([...found].some((id) => !known.has(id))) return 'has something else'
    return names.find((name) => !text.includes(JSON.stringify(name).slice(1, -1)))
  },
  ordered(answer, question) {
    const { expect } = question
    const inOrder = [...new Set(answer.text.match(ids))].filter((id) => expect.includes(id))
    return inOrder.join() === [...new Set(expect)].join()
      ? faults.set(answer, question)
      : 'is in another order'
  },
}

/** Answers that are looked at before anything is timed, and how many of them a search may miss. */
const looked = 25
const mayMiss = 5

const sampleOf = (questions) => {
  const step = Math.max(1, Math.floor(questions.length / looked))
  return questions.filter((_, index) => index % step === 0).slice(0, looked)
}

async function checkCreated(port, { create, read }, [question]) {
  const made = await send(port, requestOf(create, question))
  if (made.status !== 201) throw new Error(`creating answers ${made.status}: ${made.text.slice(0, 300)}`)
  const [id] = made.text.match(ids)
  const answer = await send(port, requestOf(read, { p: { id } }))
  if (!answer.text.includes(id) || !answer.text.includes(question.expect[0]))
    throw new Error(`what was created cannot be read: ${answer.text.slice(0, 300)}`)
  return answer.text.length
}

/** Compares answers with what the tables say; throws at a wrong one. Answers the length of a usual one in bytes. */
export async function check(port, workload, template, questions) {
  const kind = workloads[workload].check
  if (kind === 'created') return checkCreated(port, template, questions)
  if (kind === 'rows') return 0
  let [bytes, missed] = [0, 0]
  const sample = sampleOf(questions)
  for (const question of sample) {
    const request = requestOf(template, question)
    const answer = await send(port, kind === 'unchanged' ? await askedAgain(port, request) : request)
    if (answer.status >= 400)
      throw new Error(`${request.path} answers ${answer.status}: ${answer.text.slice(0, 300)}`)
    const fault = faults[kind](answer, question)
    if (fault !== undefined && (kind !== 'recall' || ++missed > mayMiss))
      throw new Error(`${workload}: ${request.path}: ${fault}`)
    bytes += Buffer.byteLength(answer.text) / sample.length
  }
  return Math.round(bytes)
}

/** A request with the tag of what it was answered. */
export async function askedAgain(port, request) {
  const { headers } = await send(port, request)
  return { ...request, headers: { ...request.headers, 'If-None-Match': headers.etag } }
}
