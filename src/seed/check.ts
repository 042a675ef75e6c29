import { readFile } from 'node:fs/promises'
import { type Item, itemsOf } from '../crud/definition.js'
import { mentions } from '../crud/references.js'
import { definitionOf } from '../crud/registry.js'
import { uniqueKeys } from '../crud/violations.js'
import type { Fault, Problem } from '../http/problem.js'
import { validateBody } from '../http/validation.js'
import { loadRoutes } from '../resources/index.js'
import { bodiesIn, readSeedFiles, type SeedBody, type SeedFile, seedFolder } from './files.js'

/** What is wrong with the curated data, and where. */
export interface SeedFault {
  file: string
  pointer: string
  message: string
}

/** A name that several records have, on purpose. */
interface SharedName {
  resource: string
  name: string
  slugs: string[]
  reason: string
}

const sharedNamesFile = 'shared-names.json'

/** Everything that is wrong with the curated data of a folder; needs no database. */
export async function checkSeed(folder = seedFolder): Promise<SeedFault[]> {
  await loadRoutes()
  const shared = { file: sharedNamesFile, text: await readFile(new URL(sharedNamesFile, folder), 'utf8') }
  const files = [...(await readSeedFiles(folder)), shared].map(readContent)
  const unreadable = files.flatMap(({ faults }) => faults)
  // What is in a file that cannot be read would be missed everywhere.
  if (unreadable.length > 0) return unreadable
  const intended = files.pop()?.content as SharedName[]
  const bodies = files.flatMap(({ file, content }) => bodiesIn(file, content))
  const wellFormed = bodies.flatMap(bodyFaults)
  if (wellFormed.length > 0) return wellFormed
  const whole = bodies.map((entry) => ({ ...entry, body: withDefaults(entry) }))
  return [
    ...whole.flatMap(placeFaults),
    ...orderFaults(whole),
    ...keyFaults(whole),
    ...referenceFaults(whole),
    ...whole.flatMap(ruleFaults),
    ...whole.flatMap(evidenceFaults),
    ...cycleFaults(whole),
    ...nameFaults(whole, intended),
  ]
}

/** The content of a file, or why it cannot be read. */
function readContent({ file, text }: SeedFile): { file: string; content?: unknown; faults: SeedFault[] } {
  const fault = (pointer: string, message: string) => ({ file, faults: [{ file, pointer, message }] })
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    return fault('', `is no JSON: ${(error as Error).message}`)
  }
  const wrong = shapeFault(file, content)
  if (wrong !== undefined) return fault(...wrong)
  if (text !== `${JSON.stringify(content, null, 2)}\n`) {
    return fault('', 'is not written as JSON.stringify(…, null, 2) with one newline at the end')
  }
  return { file, content, faults: [] }
}

const partsOfTherapyFile = ['therapy', 'designations', 'applications', 'trials']
const isObject = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isListOfObjects = (value: unknown): value is Item[] => Array.isArray(value) && value.every(isObject)
const isSharedName = ({ slugs, ...texts }: Item) =>
  Array.isArray(slugs) && ['resource', 'name', 'reason'].every((field) => typeof texts[field] === 'string')

type Place = [pointer: string, message: string]

/** Where and why the content of a file is not what its place in the folder asks for. */
function shapeFault(file: string, content: unknown): Place | undefined {
  if (file.startsWith('therapies/')) return therapyFileFault(content)
  if (!isListOfObjects(content)) return ['', 'must be a list of records']
  const odd = file === sharedNamesFile ? content.findIndex((name) => !isSharedName(name)) : -1
  return odd < 0 ? undefined : [`/${odd}`, 'must have resource, name, slugs and reason']
}

function therapyFileFault(content: unknown): Place | undefined {
  if (!isObject(content) || !isObject(content.therapy)) return ['/therapy', 'is required']
  const parts = Object.entries(content).filter(([part]) => part !== 'therapy')
  const unknown = parts.find(([part]) => !partsOfTherapyFile.includes(part))
  if (unknown !== undefined) return [`/${unknown[0]}`, `only ${partsOfTherapyFile.join(', ')} can stand here`]
  const noList = parts.find(([, list]) => !isListOfObjects(list))
  return noList && [`/${noList[0]}`, 'must be a list of records']
}

/** What is wrong with a body by the schema of new records. */
function bodyFaults({ resource, body, file, pointer }: SeedBody): SeedFault[] {
  const slug =
    typeof body.slug === 'string' ? [] : [{ file, pointer: `${pointer}/slug`, message: 'is required' }]
  try {
    validateBody(definitionOf(resource).input, structuredClone(body))
    return slug
  } catch (error) {
    const errors = (error as Problem).details.errors as Fault[]
    return [
      ...slug,
      ...errors.map((fault) => ({ file, pointer: pointer + fault.pointer, message: fault.message })),
    ]
  }
}

const withDefaults = ({ resource, body }: SeedBody): Item =>
  validateBody(definitionOf(resource).input, structuredClone(body))

/** A therapy's file is named by its slug; a trial stands in the file of its first therapy. */
function placeFaults({ resource, body, file, pointer }: SeedBody): SeedFault[] {
  const slug = file.replace(/^therapies\/(.*)\.json$/, '$1')
  if (resource === 'therapies' && body.slug !== slug) {
    return [{ file, pointer: `${pointer}/slug`, message: `"${body.slug}" is not the name of the file` }]
  }
  const first = itemsOf(body, 'therapies')[0]
  if (resource === 'trials' && first !== slug) {
    return [{ file, pointer: `${pointer}/therapies/0`, message: `belongs into the file of "${first}"` }]
  }
  return []
}

/** Lists that are not sorted by slug, which keeps changes of them easy to review. */
function orderFaults(bodies: readonly SeedBody[]): SeedFault[] {
  return bodies.flatMap(({ resource, body, file, pointer }, index) => {
    const before = bodies[index - 1]
    const isSameList = before?.file === file && before.resource === resource
    if (!isSameList || String(before.body.slug) <= String(body.slug)) return []
    return [{ file, pointer, message: `"${body.slug}" stands behind "${before.body.slug}": sort by slug` }]
  })
}

function grouped<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>()
  for (const value of values) {
    const key = keyOf(value)
    groups.set(key, [...(groups.get(key) ?? []), value])
  }
  return groups
}

/** Records that have what only one may have: a slug, a name, a number in a registry. */
function keyFaults(bodies: readonly SeedBody[]): SeedFault[] {
  return [...grouped(bodies, ({ resource }) => resource)].flatMap(([resource, list]) =>
    uniqueKeys(definitionOf(resource)).flatMap((key) => repeatedKeys(list, key)),
  )
}

function repeatedKeys(
  list: readonly SeedBody[],
  { fields, nulls }: { fields: string[]; nulls: boolean },
): SeedFault[] {
  const valuesOf = ({ body }: SeedBody) => fields.map((field) => body[field] ?? null)
  const known = list.filter((entry) => nulls || !valuesOf(entry).includes(null))
  return [...grouped(known, (entry) => JSON.stringify(valuesOf(entry))).values()].flatMap(
    ([first, ...others]) =>
      others.map(({ file, pointer }) => ({
        file,
        pointer,
        message: `has the same ${fields.join(', ')} as ${first?.file}#${first?.pointer}`,
      })),
  )
}

/** References to what is not there. */
function referenceFaults(bodies: readonly SeedBody[]): SeedFault[] {
  const slugs = new Set(bodies.map(({ resource, body }) => `${resource}/${body.slug}`))
  return bodies.flatMap(({ resource, body, file, pointer }) =>
    mentions(definitionOf(resource), body, pointer)
      .filter((mention) => !slugs.has(`${mention.resource.name}/${mention.key}`))
      .map((mention) => ({
        file,
        pointer: mention.pointer,
        message: `there is no ${mention.resource.singular} "${mention.key}"`,
      })),
  )
}

/** What the rules of the resource say of a body: statuses of another type, orders of events that cannot be. */
function ruleFaults({ resource, body, file, pointer }: SeedBody): SeedFault[] {
  const faults = definitionOf(resource).faults?.(body) ?? []
  return faults.map((fault) => ({ file, pointer: pointer + fault.pointer, message: fault.message }))
}

/** Facts that nobody vouches for: records and events that can have evidence and have none. */
function evidenceFaults({ resource, body, file, pointer }: SeedBody): SeedFault[] {
  const { collections = {} } = definitionOf(resource)
  const bare = (item: Item, place: string) =>
    itemsOf(item, 'evidence').length > 0 ? [] : [{ file, pointer: place, message: 'rests on no evidence' }]
  return [
    ...('evidence' in collections ? bare(body, pointer) : []),
    ...itemsOf(body, 'events').flatMap((event, index) => bare(event as Item, `${pointer}/events/${index}`)),
  ]
}

/** Indications that lie below themselves. */
function cycleFaults(bodies: readonly SeedBody[]): SeedFault[] {
  const indications = bodies.filter(({ resource }) => resource === 'indications')
  const parents = new Map(indications.map(({ body }) => [body.slug, body.parent]))
  const isCircular = (slug: unknown) => {
    const above = new Set<unknown>()
    for (let parent = parents.get(slug); parent && !above.has(parent); parent = parents.get(parent))
      above.add(parent)
    return above.has(slug)
  }
  return indications
    .filter(({ body }) => isCircular(body.slug))
    .map(({ file, pointer }) => ({ file, pointer: `${pointer}/parent`, message: 'lies below itself' }))
}

/** The fields that hold what a record is called. */
const nameFields = ['name', 'symbol', 'aliases', 'abbreviations', 'names']
const named = ['therapies', 'organizations', 'targets', 'indications']

/** A name as people take it for the same: without case, spaces and hyphens. */
const plain = (name: string) => name.toLowerCase().replace(/[\s-]/g, '')

function namesOf(body: Item): string[] {
  const names = nameFields.flatMap((field) => [body[field] ?? []].flat() as (string | { name: string })[])
  return names.map((name) => (typeof name === 'string' ? name : name.name))
}

/** Names that several records have without anybody intending it, and intentions that nothing comes of. */
function nameFaults(bodies: readonly SeedBody[], intended: readonly SharedName[]): SeedFault[] {
  const found = named.flatMap((resource) => sharedNames(resource, bodies))
  const keyOf = ({ resource, name, slugs }: Omit<SharedName, 'reason'>) =>
    JSON.stringify([resource, plain(name), [...slugs].sort()])
  const wanted = new Set(intended.map(keyOf))
  const shared = new Set(found.map(keyOf))
  const accidental = found
    .filter((name) => !wanted.has(keyOf(name)))
    .map(({ name, slugs, file, pointer }) => ({
      file,
      pointer,
      message: `"${name}" is a name of ${slugs.join(' and ')}: list it in ${sharedNamesFile} if that is right`,
    }))
  const idle = intended.flatMap((name, index) =>
    shared.has(keyOf(name))
      ? []
      : [{ file: sharedNamesFile, pointer: `/${index}`, message: `"${name.name}" is not shared by these` }],
  )
  return [...accidental, ...idle]
}

/** The names that several records of a resource have, each where it stands last. */
function sharedNames(resource: string, bodies: readonly SeedBody[]) {
  const owners = bodies
    .filter((entry) => entry.resource === resource)
    .flatMap(({ body, file, pointer }) =>
      namesOf(body).map((name) => ({ resource, name, slug: String(body.slug), file, pointer })),
    )
  return [...grouped(owners, ({ name }) => plain(name)).values()].flatMap((list) => {
    const slugs = [...new Set(list.map(({ slug }) => slug))]
    return slugs.length < 2 ? [] : list.slice(-1).map((owner) => ({ ...owner, slugs }))
  })
}
