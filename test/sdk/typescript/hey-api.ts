import { client } from './openrmat/client.gen.js'
import {
  createDesignation,
  createTherapy,
  deleteTherapy,
  getTherapy,
  listDesignations,
  searchRecords,
  updateTherapy,
} from './openrmat/index.js'

client.setConfig({
  baseUrl: process.env.OPENRMAT_URL ?? 'http://localhost:3000',
  auth: process.env.OPENRMAT_KEY,
})

// A name is found as it is remembered.
const q = 'tisagenlecluecel'
const search = await searchRecords({ query: { q, limit: 1 }, throwOnError: true })
const [hit] = search.data.data
if (hit === undefined) throw new Error(`Nothing is called ${q}`)
console.log(`${q}: ${hit.name} (${hit.matched.how})`)

// Read the record.
const { data: therapy } = await getTherapy({ path: { id: hit.slug }, throwOnError: true })
const targets = therapy.targets.map(({ name }) => name).join(', ')
console.log(`${therapy.name}: ${therapy.modality}, ${therapy.cellOrigin}, against ${targets}`)

// A list comes a page at a time: each says the cursor of the next.
const query = { program: ['fda:rmat'], sort: '-announcedOn', limit: 5 }
let cursor: string | undefined
let found = 0
let pages = 0
do {
  const { data: list } = await listDesignations({ query: { ...query, cursor }, throwOnError: true })
  found += list.data.length
  pages += 1
  cursor = list.page.next ?? undefined
} while (cursor !== undefined && pages < 3)
console.log(`${found} RMAT designations on ${pages} pages`)

// Create a therapy, and its designation with what happened to it.
const { data: created, response } = await createTherapy({
  body: {
    name: 'Ixmyelocel-T',
    modality: 'other-cell-therapy',
    cellOrigin: 'autologous',
    cellSource: 'bone-marrow',
  },
  throwOnError: true,
})
const { data: designation } = await createDesignation({
  body: {
    therapy: created.slug,
    program: 'fda:rmat',
    indication: 'ischemic-heart-failure',
    events: [
      { status: 'requested' },
      { status: 'granted', announcedOn: '2017-05-10', note: 'The day is that of the press release.' },
    ],
  },
  throwOnError: true,
})
console.log(`${designation.name}: ${designation.status}, announced on ${designation.announcedOn}`)

// Change the version that was read, and no other: its ETag goes along.
const update = {
  path: { id: created.slug },
  headers: { 'If-Match': response.headers.get('etag') ?? '' },
  body: { summary: 'Cells of the bone marrow of the patient, expanded.' },
}
const { data: updated } = await updateTherapy({ ...update, throwOnError: true })
console.log(`${updated.name}: version ${updated.version}`)

// The same again: the ETag is stale now.
const { error: stale } = await updateTherapy(update)
console.log(`${stale?.status} ${stale?.title}`)

// A problem document says what would be right.
const { error: problem } = await listDesignations({ query: { status: ['grantd'] } })
console.log(`${problem?.status} ${problem?.title}`)
for (const { parameter, message } of problem?.errors ?? []) console.log(`${parameter}: ${message}`)

// Delete the therapy, and what refers to it.
const deleted = await deleteTherapy({
  path: { id: created.slug },
  query: { cascade: true },
  throwOnError: true,
})
console.log(`${created.slug}: deleted (${deleted.response.status})`)
