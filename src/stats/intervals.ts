import { type Column, type SQL, sql } from 'drizzle-orm'
import type { RecordTable } from '../crud/definition.js'
import { isKey } from '../crud/keys.js'
import type { Meant } from '../crud/list-parameters.js'
import { relationOf } from '../crud/relation.js'
import { whereOf } from '../crud/where.js'
import type { Queryable } from '../db/connection.js'
import { object, partialDateText } from '../db/json.js'
import type { AsOf } from '../domain/as-of.js'
import { type Days, daysBetween, type Spread, spreadOf } from '../domain/interval.js'
import { type Fault, problem } from '../http/problem.js'
import { hintAt } from '../http/validation.js'
import { authorities } from '../resources/authorities/table.js'
import { countedBy } from '../resources/events/list.js'
import { events } from '../resources/events/table.js'
import { programs } from '../resources/programs/table.js'
import { therapiesResource } from '../resources/therapies/store.js'
import { therapies } from '../resources/therapies/table.js'
import { trialTherapies } from '../resources/trials/table.js'
import type { Milestone } from './milestones.js'

/** The most therapies that an answer names; all are counted and measured. */
export const mostIntervals = 1000

/** How long it was from one milestone to another, therapy by therapy. */
export interface Intervals {
  data: object[]
  /** How many therapies have dates of both. */
  count: number
  /** How many have both, but no date of one of them. */
  undated: number
  /** How the days are spread; null where there are none. */
  summary: { shortest: Spread; longest: Spread } | null
}

/** The days of both milestones of a therapy: the first day of each, and the one after its last. */
type Ranges = [fromStart: string, fromEnd: string, toStart: string, toEnd: string]

interface Found {
  ranges: Ranges[]
  therapies: object[]
  undated: number
  /** The slugs that there are, where one that was asked for is not among them. */
  unknown: Record<'from' | 'to', string[] | null>
}

/**
 * When each therapy came to a milestone. Of several events the earliest one counts: it was on or after the first
 * day that any of them allows, and before the first day on which one of them was surely over.
 */
function momentsOf(milestone: Milestone, asOf?: AsOf): SQL {
  const { subject, status, type } = milestone
  const isTrial = subject === 'trial'
  const therapyId = isTrial ? trialTherapies.therapyId : events.therapyId
  const conditions = [
    sql`${subjectIds[subject]} is not null`,
    sql`${events.status} = ${status}`,
    sql`not ${events.anticipated}`,
    ...ofKey(events.programId, programs, milestone.program),
    ...ofKey(events.authorityId, authorities, milestone.authority),
    ...(type === undefined ? [] : [sql`${events.applicationType} = ${type}`]),
    ...(asOf === undefined ? [] : [countedBy(asOf)]),
  ]
  return sql`
    select ${therapyId} as therapy_id, min(lower(${events.when})) as start, min(upper(${events.when})) as stop,
      (array_agg(${events.on} is null order by ${events.when}))[1] as announced
    from ${events}${isTrial ? sql` join ${trialTherapies} on ${trialTherapies.trialId} = ${events.trialId}` : sql``}
    where ${sql.join(conditions, sql` and `)}
    group by ${therapyId}`
}

const subjectIds: Record<Milestone['subject'], Column> = {
  designation: events.designationId,
  application: events.applicationId,
  trial: events.trialId,
}

const ofKey = (column: Column, table: RecordTable, key?: string): SQL[] =>
  key === undefined ? [] : [sql`${column} = (select ${table.id} from ${table} where ${isKey(table, key)})`]

/** The slugs that there are where a milestone names another one, else null. */
function unknownOf({ program, authority }: Milestone): SQL {
  if (program !== undefined) return slugsWithout(programs, program)
  return authority === undefined ? sql`null::json` : slugsWithout(authorities, authority)
}

const slugsWithout = (table: RecordTable, key: string): SQL => sql`
  case when not exists (select from ${table} where ${isKey(table, key)})
    then array_to_json(array(select ${table.slug} from ${table} order by ${table.slug})) end`

/** What is told of a milestone of a therapy. */
const momentJson = (name: 'a' | 'b'): SQL => {
  const [start, stop, announced] = [`start_${name}`, `stop_${name}`, `announced_${name}`].map(
    (column) => sql`${sql.identifier(column)}`,
  ) as [SQL, SQL, SQL]
  return object({
    date: partialDateText(sql`daterange(${start}, ${stop})`),
    earliest: start,
    latest: sql`${stop} - 1`,
    announced,
  })
}

/** How many days lie between two milestones of the therapies that are meant, in one round trip. */
export async function measureIntervals(
  db: Queryable,
  from: Milestone,
  to: Milestone,
  meant: Meant,
): Promise<Intervals> {
  const { asOf } = meant.modifiers
  const [row] = await db.rows<Found>(sql`
    with froms as (${momentsOf(from, asOf)}), tos as (${momentsOf(to, asOf)}),
    found as (
      select ${therapies.id} as id, ${therapies.slug} as slug, ${therapies.name} as name,
        a.start as start_a, a.stop as stop_a, a.announced as announced_a,
        b.start as start_b, b.stop as stop_b, b.announced as announced_b
      from ${relationOf(therapiesResource, asOf)}
      join froms a on a.therapy_id = ${therapies.id} join tos b on b.therapy_id = ${therapies.id}
      where ${whereOf(therapiesResource, meant)}),
    dated as (
      select *, row_number() over (order by lower(name) collate "C", id) as place
      from found where start_a is not null and start_b is not null)
    select
      (select coalesce(json_agg(json_build_array(start_a, stop_a, start_b, stop_b) order by place), '[]')
        from dated) as ranges,
      array_to_json(array(
        select ${object({
          therapy: object({ id: sql`id`, slug: sql`slug`, name: sql`name` }),
          from: momentJson('a'),
          to: momentJson('b'),
        })} from dated where place <= ${mostIntervals} order by place)) as therapies,
      (select count(*)::int from found where start_a is null or start_b is null) as undated,
      json_build_object('from', ${unknownOf(from)}, 'to', ${unknownOf(to)}) as unknown`)
  refuseUnknown({ from, to }, (row as Found).unknown)
  return intervalsOf(row as Found)
}

function intervalsOf({ ranges, therapies: named, undated }: Found): Intervals {
  const days = ranges.map(daysOf)
  return {
    count: days.length,
    undated,
    summary: summaryOf(days),
    data: named.map((therapy, index) => ({ ...therapy, days: days[index] })),
  }
}

const daysOf = ([fromStart, fromEnd, toStart, toEnd]: Ranges): Days =>
  daysBetween({ start: fromStart, end: fromEnd }, { start: toStart, end: toEnd })

function summaryOf(days: readonly Days[]): Intervals['summary'] {
  const shortest = spreadOf(days.map((each) => each.shortest))
  const longest = spreadOf(days.map((each) => each.longest))
  return shortest && longest && { shortest, longest }
}

/** Refuses milestones of a programme or an authority that there is not: no answer would be taken for one. */
function refuseUnknown(milestones: Record<'from' | 'to', Milestone>, unknown: Found['unknown']): void {
  const errors = (['from', 'to'] as const).flatMap((parameter): Fault[] => {
    const [{ program, authority = '' }, allowed] = [milestones[parameter], unknown[parameter]]
    if (allowed === null) return []
    const [kind, key] = program === undefined ? ['authority', authority] : ['program', program]
    return [{ parameter, message: `there is no ${kind} "${key}"${hintAt(key, allowed)}`, allowed }]
  })
  if (errors.length === 0) return
  throw problem('unprocessable', errors.map(({ message }) => message).join('; '), { errors })
}
