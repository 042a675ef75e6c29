// The practical floor for Node.js: node:http, postgres.js, prepared statements, JSON made by PostgreSQL. It checks
// nothing, knows no errors, keys, limits or tags, and keeps neither documents nor search entries when it writes.
import http from 'node:http'
import postgres from 'postgres'
import { statements } from './statements.mjs'

// One statement at a time on a connection: the same rate as with pipelines, and a third of their p99.
const sql = postgres(process.env.DATABASE_URL, { max: 10, max_pipeline: 1, onnotice() {} })
const isId = (key) => key.length === 36

function send(response, status, body) {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

async function answer(response, statement, parameters, status = 200) {
  const [row] = await sql.unsafe(statements[statement], parameters, { prepare: true })
  send(response, row === undefined ? 404 : status, row?.json ?? '{}')
}

async function bodyOf(request) {
  let text = ''
  for await (const chunk of request) text += chunk
  return JSON.parse(text)
}

async function create(request, response) {
  const { therapy, program, indication, organization, events } = await bodyOf(request)
  const [{ evidence }] = events
  return answer(response, 'create', [therapy, program, indication, organization, evidence[0].source], 201)
}

async function exportAll(response) {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  const exported = sql.unsafe(statements.exported)
  const rows = await exported.readable()
  rows.on('error', () => response.destroy())
  rows.pipe(response)
  // PostgreSQL ends early only when what it wrote by then is read.
  response.on('close', () => {
    if (rows.readableEnded) return
    rows.resume()
    exported.cancel()
  })
}

const ofTherapies = {
  one: (response, key) => answer(response, isId(key) ? 'therapyById' : 'therapyBySlug', [key]),
  list: (response, query) => {
    const [kind] = ['contains', 'starts', 'similar'].filter((each) => query.has(each))
    return answer(response, kind, [query.get(kind)])
  },
}
const ofDesignations = {
  one: (response, key) => (key === 'export' ? exportAll(response) : answer(response, 'designation', [key])),
  list(response, query) {
    const meant = [query.get('program'), query.get('status')]
    if (query.has('count')) return answer(response, 'count', meant)
    if (!query.has('day')) return answer(response, 'list', meant)
    return answer(response, 'listAfter', [...meant, query.get('day'), query.get('id')])
  },
}

async function handle(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  const [, name, key] = pathname.split('/')
  if (name === 'ready') return send(response, 200, '{}')
  if (request.method === 'POST') return create(request, response)
  const resource = name === 'therapies' ? ofTherapies : ofDesignations
  return key === undefined ? resource.list(response, searchParams) : resource.one(response, key)
}

const server = http.createServer((request, response) => {
  handle(request, response).catch((error) => {
    if (response.headersSent) response.destroy()
    else send(response, 500, JSON.stringify({ error: error.message }))
  })
})
server.listen(Number(process.env.PORT), '127.0.0.1')
