import { readdir, readFile } from 'node:fs/promises'
import type { Item } from '../crud/definition.js'

const folder = new URL('../../drizzle/seed/', import.meta.url)

/** A file on one therapy: what is recorded of it, with the therapy itself left out of what belongs to it. */
interface TherapyFile {
  therapy: Item
  designations?: Item[]
  applications?: Item[]
  trials?: Item[]
}

/** The bodies of the curated data, resource by resource, in an order in which each refers only to earlier ones. */
export type SeedBodies = [resource: string, bodies: Item[]][]

const shared = ['authorities', 'sources', 'programs', 'organizations', 'targets', 'indications']

async function readJson<Content>(file: string): Promise<Content> {
  return JSON.parse(await readFile(new URL(file, folder), 'utf8'))
}

/** Reads the curated data of `drizzle/seed`. */
export async function readSeed(): Promise<SeedBodies> {
  const arrays = await Promise.all(
    shared.map(async (name) => [name, await readJson<Item[]>(`${name}.json`)] as [string, Item[]]),
  )
  const names = (await readdir(new URL('therapies/', folder))).sort()
  const files = await Promise.all(names.map((name) => readJson<TherapyFile>(`therapies/${name}`)))
  const below = (list: 'designations' | 'applications') =>
    files.flatMap((file) => (file[list] ?? []).map((body) => ({ ...body, therapy: file.therapy.slug })))
  return [
    ...arrays,
    ['therapies', files.map(({ therapy }) => therapy)],
    ['designations', below('designations')],
    ['applications', below('applications')],
    ['trials', files.flatMap(({ trials = [] }) => trials)],
  ]
}
