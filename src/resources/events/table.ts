import { sql } from 'drizzle-orm'
import { boolean, check, foreignKey, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
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
    /** Of a transfer: the new holder. */
    organizationId: uuid('organization_id').references(() => organizations.id),
    /** Of an amendment: the new indication. */
    indicationId: uuid('indication_id').references(() => indications.id),
    note: text('note'),
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
    index().on(t.designationId),
    index().on(t.applicationId),
    index().on(t.trialId),
    index().on(t.organizationId),
    index().on(t.indicationId),
  ],
)
