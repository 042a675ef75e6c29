import type { Static } from '@sinclair/typebox'
import { type Column, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { Collection } from '../../crud/definition.js'
import { list, object } from '../../db/json.js'
import { gradeOfSource } from '../../domain/vocabularies.js'
import { sourcesResource } from '../sources/store.js'
import { sources } from '../sources/table.js'
import { type Evidence, NewEvidence } from './schema.js'
import { evidence } from './table.js'

type Owner = 'eventId' | 'therapyId' | 'trialId' | 'programId'

/** The evidence that an event, a therapy, a trial or a programme rests on. */
export const evidenceOf = (owner: Owner): Collection => ({
  table: evidence,
  owner,
  input: NewEvidence,
  references: { source: () => sourcesResource },
})

const grade = sql.join(
  Object.entries(gradeOfSource).map(([kind, grade]) => sql.raw(`when '${kind}' then '${grade}'`)),
  sql` `,
)

const sourceJson = object<Static<typeof Evidence>['source']>({
  id: sources.id,
  slug: sources.slug,
  name: sources.title,
  url: sources.url,
})

/** The evidence of the row whose id is given, as JSON. */
export const evidenceJson = (owner: Owner, id: Column): SQL =>
  list(
    object<Static<typeof Evidence>>({
      source: sourceJson,
      quote: evidence.quote,
      locator: evidence.locator,
      grade: sql`case ${sources.kind} ${grade} end`,
    }),
    sql`${evidence} join ${sources} on ${sources.id} = ${evidence.sourceId}`,
    sql`${getTableColumns(evidence)[owner]} = ${id}`,
    evidence.position,
  )
