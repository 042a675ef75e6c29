import type { Queryable } from '../db/connection.js'
import { type Bearer, bearersOf } from '../search/names.js'
import type { Definition } from './definition.js'

/** Says that a key names no record, and which it may mean: one that bears it as a name, else one called nearly so. */
export async function noSuchRecord(
  db: Queryable,
  { name, singular }: Definition,
  key: string,
): Promise<string> {
  const [meant] = await meantBy(db, name, key)
  const hint = meant === undefined ? '' : `; did you mean "${meant.slug}"?`
  return `there is no ${singular} "${key}"${hint}`
}

/** Of `fda:rmta` also those that are nearly called `rmta`. */
async function meantBy(db: Queryable, resource: string, key: string): Promise<Bearer[]> {
  const { bearers, near } = await bearersOf(db, resource, key)
  const found = [...bearers, ...near]
  const colon = key.lastIndexOf(':')
  return found.length > 0 || colon === -1 ? found : meantBy(db, resource, key.slice(colon + 1))
}
