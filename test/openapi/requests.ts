/** How operations are asked for what the curated data hold: the examples of the contract as requests. */
import type { TestApp } from '../support/app.js'
import type { Operation } from './contract.js'

/** What to ask a list for, where one record of the whole list would tell little. */
const queries: Record<string, string> = {
  listTherapies: 'modality=car-t&target=cd22&limit=1&total=true',
  listDesignations: 'program=fda:rmat&indication=dmd&limit=1&total=true',
  listApplications: 'therapy=nepic&total=true',
  listTrials: 'therapy=gd2cart&limit=1',
  listPrograms: 'authority=ema&limit=1',
  listOrganizations: 'country=FR&limit=1',
  listIndications: 'parent=b-all&limit=1',
  listSources: 'publisher=FDA&limit=1',
  listEvents: 'therapy=lasme-cel&limit=1',
  searchRecords: 'q=lasmecabtagen+timgedlucel&limit=1',
  suggestRecords: 'q=ucart&limit=2',
  countDesignations: 'groupBy=program&modality=car-t&cellOrigin=allogeneic',
  countApplications: 'groupBy=authority&type=BLA&modality=car-t',
  countTrials: 'groupBy=phase&target=cd22',
  countEvents: 'groupBy=status&therapy=lasme-cel',
  findFirstDesignations:
    'groupBy=program,indication&program=fda:rmat&modality=car-t&cellOrigin=allogeneic&indication=r-r-b-all',
  measureIntervals:
    'from=designation:fda:rmat:granted&to=application:BLA:approved&name=obecabtagene+autoleucel',
  listIndicationAncestors: '',
}

/** A list, or something else that is asked by a query. */
export const queryOf = ({ operationId }: Operation) => {
  const query = queries[operationId] ?? (operationId.startsWith('list') ? 'limit=1' : '')
  return query === '' ? '' : `?${query}`
}

/** The address of the collection that an operation on one of its records belongs to. */
export const collectionOf = ({ path }: Operation) => path.replace(/\/\{id\}.*/, '')

/** The address of an operation with another id in it. */
export const addressWith = ({ path }: Operation, id: string) => path.replace('{id}', encodeURIComponent(id))

/** What no example can name: its ids differ from registry to registry. */
const nameless = ['/v1/events', '/v1/keys']

/** The address of an operation on the record of its example; where no example can name it, on the first of its list. */
export async function addressOf(operation: Operation, { ask }: Pick<TestApp, 'ask'>): Promise<string> {
  const [parameter] = operation.pathParameters
  if (parameter === undefined) return operation.path
  const collection = collectionOf(operation)
  if (!nameless.includes(collection)) return addressWith(operation, String(parameter.example))
  const { body } = await ask('GET', `${collection}?limit=1`)
  return addressWith(operation, body.data[0].id)
}
