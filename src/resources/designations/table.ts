import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { partialDate, recordColumns, recordRules, stateColumns } from '../../db/columns.js'
import { jsonOf, oneOf } from '../../db/constraints.js'
import { designationStatuses } from '../../domain/vocabularies.js'
import { indications } from '../indications/table.js'
import { organizations } from '../organizations/table.js'
import { programs } from '../programs/table.js'
import { therapies } from '../therapies/table.js'

/** A therapy in a programme, for an indication. The columns after `note` are folded from its events. */
export const designations = pgTable(
  'designations',
  {
    ...recordColumns(),
    therapyId: uuid('therapy_id')
      .notNull()
      .references(() => therapies.id),
    programId: uuid('program_id')
      .notNull()
      .references(() => programs.id),
    indicationId: uuid('indication_id').references(() => indications.id),
    /** 1 unless the programme was granted again for the same therapy and indication. */
    cycle: integer('cycle').notNull(),
    organizationId: uuid('organization_id').references(() => organizations.id),
    identifiers: jsonb('identifiers').notNull(),
    note: text('note'),
    status: text('status', { enum: designationStatuses.values }),
    grantedOn: partialDate('granted_on'),
    announcedOn: partialDate('announced_on'),
    holderId: uuid('holder_id').references(() => organizations.id),
    currentIndicationId: uuid('current_indication_id').references(() => indications.id),
  },
  (t) => [
    ...recordRules('designations', t),
    index('designations_by_grant').on(t.grantedOn, t.id),
    index('designations_by_announcement').on(t.announcedOn, t.id),
    index('designations_by_program').on(t.programId, t.status, t.grantedOn, t.id),
    // For counting: what is the same in many rows stands in it once, so that it is a tenth of the one above.
    index('designations_counted').on(t.programId, t.status),
    unique('designations_key').on(t.therapyId, t.programId, t.indicationId, t.cycle).nullsNotDistinct(),
    check('designations_cycle', sql`${t.cycle} between 1 and 1000`),
    jsonOf('designations_identifiers', t.identifiers, 'array'),
    oneOf('designations_status', t.status, designationStatuses),
    index().on(t.indicationId),
    index().on(t.organizationId),
    index().on(t.holderId),
    index().on(t.currentIndicationId),
  ],
)

/**
 * What designations were, day by day: the columns that are folded from the events, under their names. They refer to
 * nothing that the designation or its events do not refer to.
 */
export const designationStates = pgTable(
  'designation_states',
  {
    designationId: uuid('designation_id')
      .notNull()
      .references(() => designations.id, { onDelete: 'cascade' }),
    ...stateColumns(),
    /** Always that of the designation, repeated so that one index finds the grants of a programme in order. */
    programId: uuid('program_id').notNull(),
    status: text('status', { enum: designationStatuses.values }),
    grantedOn: partialDate('granted_on'),
    announcedOn: partialDate('announced_on'),
    holderId: uuid('holder_id'),
    currentIndicationId: uuid('current_indication_id'),
  },
  (t) => [
    primaryKey({ columns: [t.designationId, t.certain, t.validFrom] }),
    // The columns after the id spare the look-up of rows that were of another status, or on other days.
    index('designation_states_by_grant').on(
      t.certain,
      t.grantedOn,
      t.designationId,
      t.status,
      t.validFrom,
      t.validTo,
    ),
    index('designation_states_by_program').on(
      t.certain,
      t.programId,
      t.status,
      t.grantedOn,
      t.designationId,
      t.validFrom,
      t.validTo,
    ),
    index('designation_states_by_holder').on(t.certain, t.holderId),
  ],
)
