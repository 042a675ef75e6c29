import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { partialDate } from '../../db/columns.js'
import { isOneOf } from '../../db/constraints.js'
import {
  applicationTypes,
  clinicalTrialApplicationEventStatuses,
  clinicalTrialApplicationTypes,
  designationEventStatuses,
  marketingApplicationEventStatuses,
  trialEventStatuses,
} from '../../domain/vocabularies.js'
import { applications } from '../applications/table.js'
import { designations } from '../designations/table.js'
import { indications } from '../indications/table.js'
import { organizations } from '../organizations/table.js'
import { trials } from '../trials/table.js'

/** What happened to one designation, application or trial, in the order in which it was written. */
export const events = pgTable(
  'events',
  {
    id: uuid('id').primaryKey(),
    designationId: uuid('designation_id').references(() => designations.id, { onDelete: 'cascade' }),
    applicationId: uuid('application_id'),
    /** The type of the application, held equal by the foreign key, so that the status can be checked by it. */
    applicationType: text('application_type', { enum: applicationTypes.values }),
    trialId: uuid('trial_id').references(() => trials.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    status: text('status').notNull(),
    /** Null for what was announced and never dated. */
    on: partialDate('on'),
    anticipated: boolean('anticipated').notNull(),
    announcedOn: partialDate('announced_on'),
    /** When it was, as far as anybody says: on its day, else when it was announced. */
    when: partialDate('when').generatedAlwaysAs(sql`coalesce("on", announced_on)`),
    /** Of a transfer: the new holder. */
    organizationId: uuid('organization_id').references(() => organizations.id),
    /** Of an amendment: the new indication. */
    indicationId: uuid('indication_id').references(() => indications.id),
    note: text('note'),
    // What it happened to, repeated from there so that one index finds events by it in the order of their days.
    /** Of the designation or the application; a trial has a list of therapies. `event_therapies` has them all. */
    therapyId: uuid('therapy_id'),
    /** Of the designation. */
    programId: uuid('program_id'),
    /** Of the application; that of a designation is its programme's. */
    authorityId: uuid('authority_id'),
    /** Of the designation or the application; a trial has a list of indications. */
    subjectIndicationId: uuid('subject_indication_id'),
    /** Who holds the designation now, applied, or sponsors the trial. */
    subjectOrganizationId: uuid('subject_organization_id'),
  },
  (t) => [
    foreignKey({
      name: 'events_application',
      columns: [t.applicationId, t.applicationType],
      foreignColumns: [applications.id, applications.type],
    })
      .onDelete('cascade')
      .onUpdate('cascade'),
    check('events_subject', sql`num_nonnulls(${t.designationId}, ${t.applicationId}, ${t.trialId}) = 1`),
    check('events_application_type', sql`(${t.applicationId} is null) = (${t.applicationType} is null)`),
    check(
      'events_designation_status',
      sql`${t.designationId} is null or ${isOneOf(t.status, designationEventStatuses)}`,
    ),
    check(
      'events_application_status',
      sql`${t.applicationId} is null or case
        when ${isOneOf(t.applicationType, clinicalTrialApplicationTypes)}
        then ${isOneOf(t.status, clinicalTrialApplicationEventStatuses)}
        else ${isOneOf(t.status, marketingApplicationEventStatuses)} end`,
    ),
    check('events_trial_status', sql`${t.trialId} is null or ${isOneOf(t.status, trialEventStatuses)}`),
    check('events_goal_date_anticipated', sql`${t.status} <> 'goal-date' or ${t.anticipated}`),
    check('events_transferred_to', sql`${t.organizationId} is null or ${t.status} = 'transferred'`),
    check('events_amended_to', sql`${t.indicationId} is null or ${t.status} = 'amended'`),
    index('events_by_date').on(t.when, t.id),
    index('events_by_day').on(t.on, t.id),
    index('events_by_announcement').on(t.announcedOn, t.id),
    index('events_by_status').on(t.status, t.when, t.id),
    index('events_by_program').on(t.programId, t.when, t.id),
    index('events_by_authority').on(t.authorityId, t.when, t.id).where(sql`${t.authorityId} is not null`),
    index('events_by_subject_indication').on(t.subjectIndicationId, t.when, t.id),
    index('events_by_subject_organization').on(t.subjectOrganizationId, t.when, t.id),
    // Few are only expected, so that finding them must not walk through all that happened.
    index('events_anticipated').on(t.when, t.id).where(sql`${t.anticipated}`),
    index().on(t.designationId),
    // An event happened to one thing, and few name another: what is null is never looked for, so it is not kept.
    index().on(t.applicationId).where(sql`${t.applicationId} is not null`),
    index().on(t.trialId).where(sql`${t.trialId} is not null`),
    index().on(t.organizationId).where(sql`${t.organizationId} is not null`),
    index().on(t.indicationId).where(sql`${t.indicationId} is not null`),
  ],
)

/** Which therapies each event is about: the one way from many therapies to their events, whatever they happened to. */
export const eventTherapies = pgTable(
  'event_therapies',
  {
    eventId: uuid('event_id')
      .notNull()
      .references(() => events.id, { onDelete: 'cascade' }),
    therapyId: uuid('therapy_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.eventId, t.therapyId] }), index().on(t.therapyId, t.eventId)],
)
