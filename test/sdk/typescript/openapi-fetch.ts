import createClient from 'openapi-fetch'
import type { components, paths } from './openrmat.js'

type Problem = components['schemas']['Problem']

const api = createClient<paths, 'application/json' | 'application/problem+json'>({
  baseUrl: process.env.OPENRMAT_URL ?? 'http://localhost:3000',
  headers: { authorization: `Bearer ${process.env.OPENRMAT_KEY}` },
})

/** The data of an answer; a problem document is thrown as the error that it describes. */
function dataOf<Data>({ data, error }: { data?: Data; error?: Problem }): Data {
  if (data === undefined) throw new Error(error?.detail)
  return data
}

// A name is found as it is remembered.
const q = 'tisagenlecluecel'
const { data: hits } = dataOf(await api.GET('/v1/search', { params: { query: { q, limit: 1 } } }))
const [hit] = hits
if (hit === undefined) throw new Error(`Nothing is called ${q}`)
console.log(`${q}: ${hit.name} (${hit.matched.how})`)

// Read the record.
const therapy = dataOf(await api.GET('/v1/therapies/{id}', { params: { path: { id: hit.slug } } }))
const targets = therapy.targets.map(({ name }) => name).join(', ')
console.log(`${therapy.name}: ${therapy.modality}, ${therapy.cellOrigin}, against ${targets}`)

// A list comes a page at a time: each says the cursor of the next.
const query = { program: ['fda:rmat'], sort: '-announcedOn', limit: 5 }
let cursor: string | undefined
let found = 0
let pages = 0
do {
  const { data, page } = dataOf(
    await api.GET('/v1/designations', { params: { query: { ...query, cursor } } }),
  )
  found += data.length
  pages += 1
  cursor = page.next ?? undefined
} while (cursor !== undefined && pages < 3)
console.log(`${found} RMAT designations on ${pages} pages`)

// Create a therapy, and its designation with what happened to it.
const created = await api.POST('/v1/therapies', {
  body: {
    name: 'Ixmyelocel-T',
    modality: 'other-cell-therapy',
    cellOrigin: 'autologous',
    cellSource: 'bone-marrow',
  },
})
const { slug } = dataOf(created)
const designation = dataOf(
  await api.POST('/v1/designations', {
    body: {
      therapy: slug,
      program: 'fda:rmat',
      indication: 'ischemic-heart-failure',
      events: [
        { status: 'requested' },
        { status: 'granted', announcedOn: '2017-05-10', note: 'The day is that of the press release.' },
      ],
    },
  }),
)
console.log(`${designation.name}: ${designation.status}, announced on ${designation.announcedOn}`)

// Change the version that was read, and no other: its ETag goes along.
const update = {
  params: { path: { id: slug }, header: { 'If-Match': created.response.headers.get('etag') ?? '' } },
  body: { summary: 'Cells of the bone marrow of the patient, expanded.' },
}
const updated = dataOf(await api.PATCH('/v1/therapies/{id}', update))
console.log(`${updated.name}: version ${updated.version}`)

// The same again: the ETag is stale now.
const { error: stale } = await api.PATCH('/v1/therapies/{id}', update)
console.log(`${stale?.status} ${stale?.title}`)

// A problem document says what would be right.
const { error: problem } = await api.GET('/v1/designations', { params: { query: { status: ['grantd'] } } })
console.log(`${problem?.status} ${problem?.title}`)
for (const { parameter, message } of problem?.errors ?? []) console.log(`${parameter}: ${message}`)

// Delete the therapy, and what refers to it.
const { response } = await api.DELETE('/v1/therapies/{id}', {
  params: { path: { id: slug }, query: { cascade: true } },
})
console.log(`${slug}: deleted (${response.status})`)
