import type { TSchema } from '@sinclair/typebox'
import { problem } from '../http/problem.js'
import { components } from '../http/schema.js'
import { hintAt } from '../http/validation.js'
import type { Item } from './definition.js'

/** The fields that are wanted of something, each with those wanted below it; none below means all of it. */
export interface Selection extends Map<string, Selection> {}

/** Reads `name,therapy.slug` against a schema; a problem names a field that there is not. */
export function readFields(record: TSchema, text: string): Selection {
  const selection: Selection = new Map()
  for (const path of text.split(',')) addPath(selection, path, fieldsOf(record))
  return selection
}

function addPath(selection: Selection, path: string, fields: Record<string, TSchema>): void {
  let [below, known] = [selection, fields]
  for (const name of path.split('.')) {
    const schema = known[name]
    if (schema === undefined) throw unknownField(path, name, Object.keys(known))
    const next = below.get(name) ?? new Map()
    below.set(name, next)
    below = next
    known = fieldsOf(schema)
  }
}

function unknownField(path: string, name: string, allowed: string[]) {
  const message = `unknown field "${name}" in "${path}"${hintAt(name, allowed)}`
  return problem('malformed', message, { errors: [{ parameter: 'fields', message, allowed }] })
}

/** The fields of an object, of the objects of a list, or of what may also be null. */
function fieldsOf(schema: TSchema): Record<string, TSchema> {
  if (schema.$ref !== undefined) return fieldsOf(components.get(schema.$ref) as TSchema)
  if (schema.items !== undefined) return fieldsOf(schema.items)
  if (schema.anyOf !== undefined) return Object.assign({}, ...schema.anyOf.map(fieldsOf))
  return schema.properties ?? {}
}

/** An item with the fields of a selection alone, in their own order. */
export function select(item: unknown, selection: Selection): unknown {
  if (selection.size === 0 || item === null || typeof item !== 'object') return item
  if (Array.isArray(item)) return item.map((each) => select(each, selection))
  const chosen = Object.entries(item as Item).flatMap(([name, value]) => {
    const below = selection.get(name)
    return below === undefined ? [] : [[name, select(value, below)]]
  })
  return Object.fromEntries(chosen)
}
