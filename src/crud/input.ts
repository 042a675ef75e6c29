import { type Definition, type Item, itemsOf, type Part } from './definition.js'

/** The body that would write a record as it is: its own fields, with references as ids and nothing derived. */
export function inputFrom(definition: Definition, document: string): Item {
  return fieldsOf(definition, JSON.parse(document))
}

function fieldsOf(part: Part, record: Item): Item {
  const fields = Object.keys(part.input.properties).map((field) => [field, fieldOf(part, record, field)])
  return Object.fromEntries(fields)
}

function fieldOf({ references = {}, collections = {} }: Part, record: Item, field: string): unknown {
  if (field in references) return idOf(record[field])
  const collection = collections[field]
  if (collection === undefined) return record[field]
  return itemsOf(record, field).map((element) =>
    collection.single === undefined ? fieldsOf(collection, element as Item) : idOf(element),
  )
}

const idOf = (reference: unknown) => (reference as { id: string } | null)?.id ?? null
