import type { Static } from '@sinclair/typebox'
import { type Column, type SQL, sql } from 'drizzle-orm'
import { object } from '../../db/json.js'
import { applications } from '../applications/table.js'
import { authorities } from '../authorities/table.js'
import { designations } from '../designations/table.js'
import { indications } from '../indications/table.js'
import { organizations } from '../organizations/table.js'
import { programs } from '../programs/table.js'
import { trialIndications, trials } from '../trials/table.js'
import type { Event } from './schema.js'
import { events } from './table.js'

/** A kind of record that has events, with what its events say of it in words. */
interface Kind {
  type: 'designation' | 'application' | 'trial'
  table: typeof designations | typeof applications | typeof trials
  /** The id of the record that an event happened to. */
  owner: Column
  /** The therapies, out of the fields of the document that is kept of the record. */
  therapies: SQL
  /** What it is, for short: `FDA RMAT`, `FDA IND`, `BALLI-01`. */
  title: SQL
  /** What it is for, for short; null where nobody says. */
  purpose: SQL
}

const shortName = sql`coalesce(${indications.abbreviations}[1], ${indications.name})`

const nameOf = (indication: SQL | Column) =>
  sql`(select ${shortName} from ${indications} where ${indications.id} = ${indication})`

const kinds: readonly Kind[] = [
  {
    type: 'designation',
    table: designations,
    owner: events.designationId,
    therapies: sql`json_build_array(r.therapy)`,
    title: sql`(select ${authorities.abbreviation} || ' ' || coalesce(${programs.abbreviation}, ${programs.name})
      from ${programs} join ${authorities} on ${authorities.id} = ${programs.authorityId}
      where ${programs.id} = ${events.programId})`,
    purpose: nameOf(sql`coalesce(${events.indicationId}, ${events.subjectIndicationId})`),
  },
  {
    type: 'application',
    table: applications,
    owner: events.applicationId,
    therapies: sql`json_build_array(r.therapy)`,
    title: sql`(select ${authorities.abbreviation} || ' ' || replace(${events.applicationType}, '-', ' ')
      from ${authorities} where ${authorities.id} = ${events.authorityId})`,
    purpose: nameOf(events.subjectIndicationId),
  },
  {
    type: 'trial',
    table: trials,
    owner: events.trialId,
    therapies: sql`r.therapies`,
    title: sql`coalesce(${trials.acronym}, ${trials.registryId}, ${trials.title})`,
    purpose: sql`(select string_agg(${shortName}, ', ' order by ${trialIndications.position})
      from ${trialIndications} join ${indications} on ${indications.id} = ${trialIndications.indicationId}
      where ${trialIndications.trialId} = ${events.trialId})`,
  },
]

const newHolder = sql`(select ' to ' || ${organizations.name}
  from ${organizations} where ${organizations.id} = ${events.organizationId})`

/** An event in words: `FDA RMAT granted: R/R B-ALL`. */
const labelOf = ({ title, purpose }: Kind) => sql`concat(${title}, ' ', replace(${events.status}, '-', ' '),
  ${newHolder}, case when ${events.anticipated} then ' (anticipated)' end, ': ' || ${purpose})`

/** The event of a row of `events` out of the document of what it happened to. */
function itemOf(kind: Kind): SQL {
  const { type, table, owner, therapies } = kind
  const item = object<Static<typeof Event>>({
    id: events.id,
    subject: object<Static<typeof Event>['subject']>({
      type: sql`${sql.raw(`'${type}'`)}::text`,
      id: sql`r.id`,
      slug: sql`r.slug`,
      name: sql`r.name`,
    }),
    therapies,
    label: labelOf(kind),
    status: sql`e.status`,
    on: sql`e."on"`,
    anticipated: sql`e.anticipated`,
    announcedOn: sql`e."announcedOn"`,
    organization: sql`e.organization`,
    indication: sql`e.indication`,
    note: sql`e.note`,
    evidence: sql`e.evidence`,
  })
  return sql`select ${item} from ${table},
    json_to_record(${table.document}::json)
      r (id json, slug json, name json, therapy json, therapies json, events json),
    json_to_record(r.events -> ${events.position}) e (status json, "on" json, anticipated json, "announcedOn" json,
      organization json, indication json, note json, evidence json)
    where ${table.id} = ${owner}`
}

/** The event of a row of `events` as the API answers it: as the document that is kept of its record tells it. */
export const eventJson: SQL = sql`(${sql.join(kinds.map(itemOf), sql` union all `)})`
