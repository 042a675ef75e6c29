import type { Queryable } from '../db/connection.js'
import type { SearchedResource } from './declaration.js'
import { type Findings, findingsOf } from './findings.js'
import { parseQuery } from './query.js'
import { type Hit, rank } from './rank.js'

/** What a search is answered with. */
export interface Found {
  hits: Hit[]
  corrections: { word: string; readAs: string[] }[]
  relaxed: boolean
}

/** Finds records of some resources by anything that is said of them, the best first. */
export async function search(
  db: Queryable,
  text: string,
  resources: readonly SearchedResource[],
  limit: number,
): Promise<Found> {
  const query = parseQuery(text)
  // What is only not to be there is no question.
  if (query.units.every(({ excluded }) => excluded)) return { hits: [], corrections: [], relaxed: false }
  const places = new Map(resources.map(({ name, search }) => [name, search.place]))
  const [row] = await db.rows<{ findings: Findings }>(findingsOf(query, [...places.keys()]))
  const { findings } = row as { findings: Findings }
  const readings = query.units.map(({ text: word }, index) => ({
    word,
    readAs: findings.corrections.filter(({ unit }) => unit === index).map(({ word }) => word),
  }))
  return {
    hits: rank(query, findings, places, limit),
    corrections: readings.filter(({ readAs }) => readAs.length > 0),
    relaxed: findings.relaxed,
  }
}
