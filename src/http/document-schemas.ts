import { isDeepStrictEqual } from 'node:util'
import type { Shelf } from './shelf.js'

/** A schema of an OpenAPI document, as far as it is arranged here. */
export interface Schema {
  title?: string
  description?: string
  default?: unknown
  examples?: unknown
  type?: unknown
  format?: string
  items?: Schema
  properties?: Record<string, Schema>
}

/** Where the schemas of parameters are kept that are components. */
export interface SchemaDesk {
  schemas: Shelf
  texts: ReadonlyMap<string, string>
}

/**
 * A component for those who read it: with defaults in words, since generators take a field that has one for a field
 * that is always there; and without examples of single fields where an example shows the whole.
 */
export function arrangedSchema(schema: Schema, isShown: boolean): Schema {
  if (schema.properties === undefined) return schema
  const fields = Object.entries(schema.properties).map(([name, { examples, ...field }]) => [
    name,
    withoutDefault(isShown || examples === undefined ? field : { ...field, examples }),
  ])
  return { ...schema, properties: Object.fromEntries(fields) }
}

function withoutDefault({ default: value, ...field }: Schema): Schema {
  const isEmpty = value === undefined || value === null || isDeepStrictEqual(value, [])
  return isEmpty ? field : { ...field, description: `${field.description} \`${value}\` when left out.` }
}

/** The schema of a parameter, with references to what is a component already. */
export const parameterSchema = (schema: Schema, description: string | undefined, desk: SchemaDesk): Schema =>
  named(titled(inWords(schema), description, desk), desk)

/** What has a title is a component of that name: generators make one type of it, not one for each operation. */
function titled(schema: Schema, description: string | undefined, desk: SchemaDesk): Schema {
  const { title, default: usual, items, ...type } = schema
  if (items !== undefined) return { ...schema, items: titled(items, description, desk) }
  if (title === undefined) return schema
  const component = desk.schemas.keep(title, { description, ...type })
  return { ...component, ...(usual !== undefined && { default: usual }) }
}

/** What a component describes already is a reference to it; the parameter says what it means here. */
function named(schema: Schema, { texts }: SchemaDesk): Schema & { $ref?: string } {
  const name = texts.get(constraintsOf(schema))
  return name === undefined ? schema : { $ref: `#/components/schemas/${name}` }
}

/** What a schema demands, whatever it says of it. */
function constraintsOf({ description: _, examples: __, ...constraints }: Schema): string {
  return JSON.stringify(Object.entries(constraints).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The texts that have a form of their own and are components, by what they demand. */
export const textsOf = (schemas: Record<string, Schema>): Map<string, string> =>
  new Map(
    Object.entries(schemas).flatMap(([name, schema]) =>
      schema.format === undefined ? [] : [[constraintsOf(schema), name] as const],
    ),
  )

/** The description of a list has an example, so that its items need none. */
function inWords({ items, ...schema }: Schema): Schema {
  if (items === undefined) return schema
  const { examples: _, ...rest } = items
  return { ...schema, items: rest }
}
