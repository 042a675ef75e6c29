import { readdir, readFile } from 'node:fs/promises'
import type { Item } from '../crud/definition.js'
import { allDefinitions, inReferenceOrder } from '../crud/registry.js'
import { loadRoutes } from '../resources/index.js'

/** Where the curated data is. */
export const seedFolder = new URL('../../drizzle/seed/', import.meta.url)

/** A file on one therapy: what is recorded of it, with the therapy itself left out of what belongs to it. */
export interface TherapyFile {
  therapy: Item
  designations?: Item[]
  applications?: Item[]
  trials?: Item[]
}

/** A file of the curated data, by its path in the folder. */
export interface SeedFile {
  file: string
  text: string
}

/** A body of the curated data, and where it stands. */
export interface SeedBody {
  resource: string
  body: Item
  file: string
  /** The JSON pointer to it in its file. */
  pointer: string
}

/** The bodies of the curated data, resource by resource, in an order in which each refers only to earlier ones. */
export type SeedBodies = [resource: string, bodies: Item[]][]

/** The files of the curated data: one a resource, where it has one, and one a therapy with what belongs to it. */
export async function readSeedFiles(folder: URL): Promise<SeedFile[]> {
  await loadRoutes()
  const present = new Set(await readdir(folder))
  const lists = allDefinitions().map(({ name }) => `${name}.json`)
  const therapies = (await readdir(new URL('therapies/', folder))).sort()
  const files = [
    ...lists.filter((file) => present.has(file)).sort(),
    ...therapies.map((name) => `therapies/${name}`),
  ]
  return Promise.all(
    files.map(async (file) => ({ file, text: await readFile(new URL(file, folder), 'utf8') })),
  )
}

/** The bodies in a file of the curated data. */
export function bodiesIn(file: string, content: unknown): SeedBody[] {
  const entries = (resource: string, list: Item[], pointer: string): SeedBody[] =>
    list.map((body, index) => ({ resource, body, file, pointer: `${pointer}/${index}` }))
  if (!file.startsWith('therapies/')) return entries(file.replace(/\.json$/, ''), content as Item[], '')
  const { therapy, designations = [], applications = [], trials = [] } = content as TherapyFile
  const ofTherapy = (list: Item[]) => list.map((body) => ({ ...body, therapy: therapy.slug }))
  return [
    { resource: 'therapies', body: therapy, file, pointer: '/therapy' },
    ...entries('designations', ofTherapy(designations), '/designations'),
    ...entries('applications', ofTherapy(applications), '/applications'),
    ...entries('trials', trials, '/trials'),
  ]
}

/** Reads the curated data of a folder. */
export async function readSeed(folder = seedFolder): Promise<SeedBodies> {
  const files = await readSeedFiles(folder)
  const bodies = files.flatMap(({ file, text }) => bodiesIn(file, JSON.parse(text)))
  return inReferenceOrder().map(({ name }) => [
    name,
    bodies.filter(({ resource }) => resource === name).map(({ body }) => body),
  ])
}
