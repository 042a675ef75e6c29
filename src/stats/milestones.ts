import {
  type ApplicationType,
  applicationStatuses,
  applicationTypes,
  designationEventStatuses,
  statusesOf,
  trialEventStatuses,
} from '../domain/vocabularies.js'
import { type Problem, problem } from '../http/problem.js'
import { hintAt } from '../http/validation.js'

/** Something that happens to a therapy: by which kind of record, and what narrows it down. */
export interface Milestone {
  subject: 'designation' | 'application' | 'trial'
  status: string
  /** The slug or id of the programme. */
  program?: string
  /** The slug or id of the authority. */
  authority?: string
  type?: ApplicationType
}

/** How milestones are written, in words. */
export const milestoneForms =
  '`designation:STATUS`, `designation:PROGRAM:STATUS`, `application:STATUS`, `application:TYPE:STATUS`, `application:AUTHORITY:STATUS`, `application:AUTHORITY:TYPE:STATUS` or `trial:STATUS`'

export const milestonePattern = '^(?:designation|application|trial)(?::[^:\\s]+){1,3}$'

/** Reads `designation:fda:rmat:granted`; a problem names a type or a status that there is not. */
export function readMilestone(parameter: string, text: string): Milestone {
  const [subject, ...parts] = text.split(':') as [Milestone['subject'], ...string[]]
  const status = parts.pop() as string
  const milestone = { subject, status, ...narrowed(parameter, subject, parts) }
  const allowed = statusesFor(milestone)
  if (allowed.includes(status)) return milestone
  throw unknown(parameter, `nothing "${status}" happens to such ${articled[subject]}`, status, allowed)
}

const articled = { designation: 'a designation', application: 'an application', trial: 'a trial' }

/** What stands between the kind of record and its status. */
function narrowed(parameter: string, subject: Milestone['subject'], parts: string[]): Partial<Milestone> {
  if (parts.length === 0) return {}
  // The slug of a programme has the authority before a colon.
  if (subject === 'designation') return { program: parts.join(':').toLowerCase() }
  if (subject === 'application') return ofApplication(parameter, parts)
  throw problem('malformed', 'A trial has no more than a status.', {
    errors: [{ parameter, message: 'of a trial only a status can be asked for: trial:started' }],
  })
}

function ofApplication(parameter: string, [first = '', second, ...more]: string[]): Partial<Milestone> {
  if (second === undefined && applicationTypes.has(first)) return { type: first }
  if (second === undefined) return { authority: first.toLowerCase() }
  if (more.length === 0 && applicationTypes.has(second))
    return { authority: first.toLowerCase(), type: second }
  const { values } = applicationTypes
  throw unknown(parameter, `"${second}" is no type of application`, second, values)
}

/** What is only ever expected never happens. */
function statusesFor({ subject, type }: Omit<Milestone, 'status'>): readonly string[] {
  if (subject === 'designation') return designationEventStatuses.values
  if (subject === 'trial') return trialEventStatuses.values
  if (type === undefined) return applicationStatuses.values
  return statusesOf(type).values.filter((status) => status !== 'goal-date')
}

function unknown(parameter: string, what: string, given: string, allowed: readonly string[]): Problem {
  const message = `${what}${hintAt(given, allowed)}`
  return problem('malformed', message, { errors: [{ parameter, message, allowed }] })
}
