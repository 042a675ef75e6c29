import type { Link } from '../http/document.js'
import { Reference } from '../http/schema.js'
import type { Definition, Listable } from './definition.js'
import { allDefinitions } from './registry.js'

type Links = Record<string, Link>

/** Links to operations on the record whose id an answer holds, named as they are. */
export const linksTo = (id: string, ...operationIds: string[]): Links =>
  Object.fromEntries(operationIds.map((operationId) => [operationId, { operationId, parameters: { id } }]))

const own = '$response.body#/id'

/** From a record that was created to all that can be asked of it. */
export const createdLinks = ({ noun: { one } }: Definition): Links =>
  linksTo(own, `get${one}`, `replace${one}`)

/** What can be asked next of a record: to change it, the records that it names, and those that are found by it. */
export const recordLinks = (definition: Definition): Links => ({
  ...linksTo(own, `update${definition.noun.one}`, `delete${definition.noun.one}`),
  ...referenceLinks(definition),
  ...relatedLinks(definition),
})

/** The first record of a page. */
export const pageLinks = ({ noun }: Listable): Links => linksTo('$response.body#/data/0/id', `get${noun.one}`)

/** The records that a record always names. */
function referenceLinks({ references = {}, record }: Definition): Links {
  const always = Object.entries(references).filter(
    ([field]) => record.properties[field]?.$ref === Reference.$id,
  )
  return Object.assign(
    {},
    ...always.map(([field, definition]) =>
      linksTo(`$response.body#/${field}/id`, `get${definition().noun.one}`),
    ),
  )
}

/** The lists that can be filtered by a record of this resource. */
function relatedLinks({ singular }: Definition): Links {
  const lists = allDefinitions().filter(({ filters }) => singular in filters)
  return Object.fromEntries(
    lists.map(({ noun }) => [
      `list${noun.many}`,
      { operationId: `list${noun.many}`, parameters: { [singular]: own } },
    ]),
  )
}
