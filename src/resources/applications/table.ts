import { index, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { partialDate, recordColumns, recordRules, stateColumns, textIndex } from '../../db/columns.js'
import { oneOf } from '../../db/constraints.js'
import { applicationStatuses, applicationTypes } from '../../domain/vocabularies.js'
import { authorities } from '../authorities/table.js'
import { indications } from '../indications/table.js'
import { organizations } from '../organizations/table.js'
import { therapies } from '../therapies/table.js'

/** What follows from the events of an application; made anew for each table. */
const foldedColumns = () => ({
  status: text('status', { enum: applicationStatuses.values }),
  submittedOn: partialDate('submitted_on'),
  clearedOn: partialDate('cleared_on'),
  approvedOn: partialDate('approved_on'),
  goalOn: partialDate('goal_on'),
})

/**
 * A request to an authority: to test a therapy in people (IND, CTA) or to market it (BLA, MAA …).
 * Not unique by therapy, authority, type and indication: a withdrawn application may be followed by another.
 * The columns after `note` are folded from its events.
 */
export const applications = pgTable(
  'applications',
  {
    ...recordColumns(),
    therapyId: uuid('therapy_id')
      .notNull()
      .references(() => therapies.id),
    authorityId: uuid('authority_id')
      .notNull()
      .references(() => authorities.id),
    type: text('type', { enum: applicationTypes.values }).notNull(),
    indicationId: uuid('indication_id').references(() => indications.id),
    number: text('number'),
    organizationId: uuid('organization_id').references(() => organizations.id),
    note: text('note'),
    ...foldedColumns(),
  },
  (t) => [
    ...recordRules('applications', t),
    textIndex('applications_by_number', t.number, t.id),
    index('applications_by_submission').on(t.submittedOn, t.id),
    index('applications_by_clearance').on(t.clearedOn, t.id),
    index('applications_by_approval').on(t.approvedOn, t.id),
    index('applications_by_goal').on(t.goalOn, t.id),

    oneOf('applications_type', t.type, applicationTypes),
    oneOf('applications_status', t.status, applicationStatuses),
    // The target of the events' foreign key, by which an event's status is held to its application's type.
    unique('applications_id_type').on(t.id, t.type),
    index().on(t.therapyId),
    index().on(t.authorityId),
    index().on(t.indicationId),
    index().on(t.organizationId),
  ],
)

/** What applications were, day by day: the columns that are folded from the events, under their names. */
export const applicationStates = pgTable(
  'application_states',
  {
    applicationId: uuid('application_id')
      .notNull()
      .references(() => applications.id, { onDelete: 'cascade' }),
    ...stateColumns(),
    ...foldedColumns(),
  },
  (t) => [
    primaryKey({ columns: [t.applicationId, t.certain, t.validFrom] }),
    // The columns after the id spare the look-up of rows that were of another status, or on other days.
    index('application_states_by_approval').on(
      t.certain,
      t.approvedOn,
      t.applicationId,
      t.status,
      t.validFrom,
      t.validTo,
    ),
    index('application_states_by_clearance').on(
      t.certain,
      t.clearedOn,
      t.applicationId,
      t.status,
      t.validFrom,
      t.validTo,
    ),
    index('application_states_by_status').on(t.certain, t.status),
  ],
)
