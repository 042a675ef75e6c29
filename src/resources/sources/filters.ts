import { Type } from '@sinclair/typebox'
import { type SQL, sql } from 'drizzle-orm'
import type { Filter } from '../../crud/filters/filter.js'
import { idsOf } from '../../crud/filters/reference-filters.js'
import { definitionOf } from '../../crud/registry.js'
import { applications } from '../applications/table.js'
import { designations } from '../designations/table.js'
import { events } from '../events/table.js'
import { evidence } from '../evidence/table.js'
import { trials, trialTherapies } from '../trials/table.js'
import { sources as t } from './table.js'

/** The ids of the records of a resource that keys name. */
function named(resource: string, keys: readonly string[]): SQL {
  const ids = idsOf(definitionOf(resource), keys)
  return 'one' in ids ? sql`array[${ids.one}]` : ids.any
}

/** The sources on which facts rest of the records that keys name; those of a therapy are all that is known of it. */
function citedFor(keys: readonly string[]): SQL {
  const therapy = named('therapies', keys)
  const ofTrials = sql`array(
    select ${trials.id} from ${trials} where ${trials.id} = any(${named('trials', keys)})
    union select ${trialTherapies.trialId} from ${trialTherapies} where ${trialTherapies.therapyId} = any(${therapy}))`
  const below = (table: typeof designations | typeof applications, resource: string) => sql`array(
    select ${table.id} from ${table}
    where ${table.therapyId} = any(${therapy}) or ${table.id} = any(${named(resource, keys)}))`
  return sql`
    select ${evidence.sourceId} from ${evidence}
    where ${evidence.therapyId} = any(${therapy})
      or ${evidence.programId} = any(${named('programs', keys)})
      or ${evidence.trialId} = any(${ofTrials})
      or ${evidence.eventId} = any(array(
        select ${events.id} from ${events}
        where ${events.designationId} = any(${below(designations, 'designations')})
          or ${events.applicationId} = any(${below(applications, 'applications')})
          or ${events.trialId} = any(${ofTrials})))`
}

/** Sources by what rests on them. */
export const byCitation: Filter = {
  schema: Type.String({
    minLength: 1,
    maxLength: 300,
    description:
      'What rests on it: a therapy (with its designations, applications and trials), or one designation, application, trial or programme. A slug, an id or any name.',
    examples: ['lasme-cel'],
  }),
  matches: (keys) => sql`${t.id} in (${citedFor(keys)})`,
  missing: sql`${t.id} not in (select ${evidence.sourceId} from ${evidence})`,
}
