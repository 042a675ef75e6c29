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
    .flatMap(([name, schema]) => (isReference(schema) ? referenceColumns(name) : [valueColumn(name)]))
}

const isReference = (schema: TSchema): boolean =>
  schema.$ref === Reference.$id || (schema.anyOf ?? []).some(isReference)

function referenceColumns(name: string): Column[] {
  const part = (item: Item, field: string) => (item[name] as Record<string, string> | null)?.[field] ?? null
  return [
    { head: name, cell: (item) => part(item, 'slug') },
    { head: `${name}.name`, cell: (item) => part(item, 'name') },
  ]
}

const valueColumn = (name: string): Column => ({ head: name, cell: (item) => cellOf(item[name]) })

/** What has several values is written with semicolons, references by their slugs; anything deeper as JSON. */
function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return null
  if (typeof value === 'number' || typeof value === 'string') return value
  if (Array.isArray(value) && value.every(isShort)) return value.map(shortOf).join('; ')
  return typeof value === 'boolean' ? String(value) : JSON.stringify(value)
}

const referenceKeys = Object.keys(Reference.properties).join()
const isShort = (value: unknown) =>
  typeof value === 'string' || (value !== null && Object.keys(value as object).join() === referenceKeys)
const shortOf = (value: unknown) => (typeof value === 'string' ? value : (value as { slug: string }).slug)
