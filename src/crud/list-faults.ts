import type { Fault } from '../http/problem.js'
import { type Collection, type Definition, type Item, itemsOf } from './definition.js'
import type { Kept } from './documents.js'

/** What is wrong with the lists of a record: a reference stands twice, or an item has an id that is not its own. */
export function listFaults({ collections = {} }: Definition, item: Item, current?: Kept): Fault[] {
  const before: Item = current === undefined ? {} : JSON.parse(current.document)
  return Object.entries(collections).flatMap(([field, collection]) => {
    const items = itemsOf(item, field) as Item[]
    if (collection.identified) return idFaults(field, items, itemsOf(before, field) as Item[])
    return collection.single === undefined ? [] : repetitions(field, items, collection.single)
  })
}

function repetitions(field: string, items: Item[], single: NonNullable<Collection['single']>): Fault[] {
  const ids = items.map((item) => item[single])
  return ids.flatMap((id, index) => {
    const first = ids.indexOf(id)
    return first === index
      ? []
      : [{ pointer: `/${field}/${index}`, message: `refers to the same record as /${field}/${first}` }]
  })
}

function idFaults(field: string, items: Item[], before: Item[]): Fault[] {
  const known = new Set(before.map(({ id }) => id))
  // Each id is known once: the second item that claims it claims what is no longer there.
  return items.flatMap(({ id }, index) =>
    id === undefined || known.delete(String(id).toLowerCase())
      ? []
      : [
          {
            pointer: `/${field}/${index}/id`,
            message: 'is no id of this record; leave it out of what is new',
          },
        ],
  )
}
