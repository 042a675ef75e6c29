import { normalName, plain, wordsOfName, wordsOfTerm } from '../domain/names.js'
import type { SearchedResource, WrittenOut } from './declaration.js'

/** What a field of a record says, as far as search tells it: a name, what it refers to, a word of a vocabulary. */
export interface Field {
  kind: 'name' | 'label' | 'title' | 'key' | 'link' | 'word'
  field: string
  value: string
  /** Of a reference: the id of the record referred to. */
  id?: string
}

/** A name of a record, as it is looked up. */
export interface NameRow {
  field: string
  value: string
  normal: string
  isKey: boolean
}

/** What search keeps of a record; all of it follows from the record's document. */
export interface SearchEntry {
  id: string
  resource: string
  slug: string
  name: string
  parent: string | null
  near: string[]
  own: string[]
  /** The lexemes of the record itself, besides the stems of its texts. */
  lexemes: string[]
  fields: Field[]
  texts: { field: string; value: string }[]
  /** The texts as their words are read: without accents, Greek letters by their names. */
  prose: string
  names: NameRow[]
  /** The words of its names and vocabularies. */
  words: string[]
}

type Document = Record<string, unknown>

/** Every value at a path; a list on the way stands for each of its items. */
function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path))
  const [first, ...rest] = path
  return first === undefined ? [value] : valuesAt((value as Document)[first], rest)
}

const fieldsAt = (document: Document, paths: readonly string[] = []) =>
  paths.flatMap((field) => valuesAt(document, field.split('.')).map((value) => ({ field, value })))

interface Reference {
  id: string
  name: string
}

const idsAt = (document: Document, paths: readonly string[] = []) => [
  ...new Set(fieldsAt(document, paths).map(({ value }) => (value as Reference).id)),
]

function textsAt(kind: Field['kind'], document: Document, paths: readonly string[] = []): Field[] {
  return fieldsAt(document, paths).map(({ field, value }) => ({ kind, field, value: String(value) }))
}

function writtenOut(
  kind: Field['kind'],
  document: Document,
  paths: Readonly<Record<string, WrittenOut>> = {},
): Field[] {
  return Object.entries(paths).flatMap(([path, write]) =>
    fieldsAt(document, [path]).flatMap(({ field, value }) =>
      write(value).map((text) => ({ kind, field, value: text })),
    ),
  )
}

/** Fields that say the same in other letters, such as a name that stands twice, are told once. */
function distinct(fields: readonly Field[]): Field[] {
  return [
    ...new Map(fields.map((field) => [`${field.kind} ${field.value}`, field] as const).reverse()).values(),
  ].reverse()
}

/** The lexeme of a reference to a record. */
export const linkTo = (id: string) => `#${id.replaceAll('-', '')}`

/** What search keeps of a record that has a document. */
export function searchEntryOf({ name, singular, search }: SearchedResource, document: Document): SearchEntry {
  const names = distinct(textsAt('name', document, search.names))
  const labels = distinct(writtenOut('label', document, search.labels))
  const titles = textsAt('title', document, search.titles)
  const keys = textsAt('key', document, ['slug', 'identifiers.value', ...(search.keys ?? [])])
  const links = fieldsAt(document, search.links).map(({ field, value }): Field => {
    const { id, name } = value as Reference
    return { kind: 'link', field, value: name, id }
  })
  const terms = distinct(writtenOut('word', document, search.words))
  const nameWords = unique([...names, ...labels].flatMap(({ value }) => wordsOfName(value)))
  const termWords = unique(terms.flatMap(({ value }) => wordsOfTerm(value)))
  const own = unique([...links.map(({ id }) => linkTo(id as string)), ...termWords.map((word) => `%${word}`)])
  const texts = textsAt('title', document, [...(search.titles ?? []), ...(search.texts ?? [])])
  const kinds = [singular, name].map((word) => `%${normalName(word)}`)
  return {
    id: String(document.id),
    resource: name,
    slug: String(document.slug),
    name: String(document[search.called ?? 'name']),
    parent: search.parent === undefined ? null : (idsAt(document, [search.parent])[0] ?? null),
    near: idsAt(document, search.near),
    own,
    lexemes: unique([...own, ...kinds, ...nameWords.map((word) => `=${word}`)]),
    fields: [...names, ...labels, ...titles, ...keys, ...links, ...terms],
    texts: texts.map(({ field, value }) => ({ field, value })),
    prose: plain(texts.map(({ value }) => value).join('\n')),
    names: [...names, ...titles, ...keys].flatMap(nameRow),
    words: unique([...nameWords, ...termWords]),
  }
}

const unique = (words: readonly string[]) => [...new Set(words)].sort()

function nameRow({ kind, field, value }: Field): NameRow[] {
  const normal = normalName(value)
  return normal === '' ? [] : [{ field, value, normal, isKey: kind !== 'name' }]
}
