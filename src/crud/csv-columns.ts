import type { TSchema } from '@sinclair/typebox'
import type { Cell } from '../http/csv.js'
import { Reference } from '../http/schema.js'
import type { Item, Listable } from './definition.js'
import type { Selection } from './fields.js'

/** A column of a list as CSV: what stands in its head, and in its cell of an item. */
export interface Column {
  head: string
  cell(item: Item): Cell
}

/** The columns of a list: one a field, and of a reference its slug and its name; of `fields`, those that are wanted. */
export function columnsOf({ record, related = {} }: Listable, fields?: Selection): Column[] {
  return Object.entries(record.properties)
    .filter(([name]) => !(name in related) && (fields === undefined || fields.has(name)))
    .flatMap(([name, schema]) =>
      isReference(schema) ? referenceColumns(name, partsOf(fields?.get(name))) : [valueColumn(name)],
    )
}

/** What is wanted of a reference. */
const partsOf = (wanted?: Selection): string[] =>
  wanted === undefined || wanted.size === 0 ? ['slug', 'name'] : [...wanted.keys()]

const isReference = (schema: TSchema): boolean =>
  schema.$ref === Reference.$id || (schema.anyOf ?? []).some(isReference)

const referenceColumns = (name: string, parts: string[]): Column[] =>
  parts.map((part) => ({
    head: part === 'slug' ? name : `${name}.${part}`,
    cell: (item) => (item[name] as Record<string, string> | null)?.[part] ?? null,
  }))

const valueColumn = (name: string): Column => ({ head: name, cell: (item) => cellOf(item[name]) })

/** What has several values is written with semicolons, as short as it can be; anything deeper as JSON. */
function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return null
  if (typeof value === 'number' || typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  const texts = Array.isArray(value) ? value.map(shortOf) : [value]
  return texts.every((text) => typeof text === 'string') ? texts.join('; ') : JSON.stringify(value)
}

const referenceKeys = Object.keys(Reference.properties).join()

/** The slug of a reference; of what else has a single field, such as the only one that is wanted, that field. */
function shortOf(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Object.keys(value).join() === referenceKeys) return (value as Item).slug
  return Object.keys(value).length === 1 ? shortOf(Object.values(value)[0]) : value
}
