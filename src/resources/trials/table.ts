import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { partialDate, recordColumns, recordRules, textIndex } from '../../db/columns.js'
import { oneOf } from '../../db/constraints.js'
import { trialPhases, trialRegistries, trialStatuses } from '../../domain/vocabularies.js'
import { indications } from '../indications/table.js'
import { organizations } from '../organizations/table.js'
import { therapies } from '../therapies/table.js'

/** A registered study. `startedOn` is folded from its events. */
export const trials = pgTable(
  'trials',
  {
    ...recordColumns(),
    registry: text('registry', { enum: trialRegistries.values }),
    registryId: text('registry_id'),
    acronym: text('acronym'),
    title: text('title'),
    phase: text('phase', { enum: trialPhases.values }),
    pivotal: boolean('pivotal'),
    status: text('status', { enum: trialStatuses.values }),
    sponsorId: uuid('sponsor_id').references(() => organizations.id),
    startedOn: partialDate('started_on'),
  },
  (t) => [
    ...recordRules('trials', t),
    textIndex('trials_by_registry_id', t.registryId, t.id),
    textIndex('trials_by_acronym', t.acronym, t.id),
    index('trials_by_start').on(t.startedOn, t.id),

    unique('trials_registration').on(t.registry, t.registryId),
    oneOf('trials_registry', t.registry, trialRegistries),
    oneOf('trials_phase', t.phase, trialPhases),
    oneOf('trials_status', t.status, trialStatuses),
    check('trials_registration_whole', sql`(${t.registry} is null) = (${t.registryId} is null)`),
    check('trials_name', sql`btrim(coalesce(${t.acronym}, ${t.title}, ${t.registryId}, '')) <> ''`),
    index().on(t.sponsorId),
  ],
)

const trialId = () =>
  uuid('trial_id')
    .notNull()
    .references(() => trials.id, { onDelete: 'cascade' })

export const trialTherapies = pgTable(
  'trial_therapies',
  {
    trialId: trialId(),
    position: integer('position').notNull(),
    therapyId: uuid('therapy_id')
      .notNull()
      .references(() => therapies.id),
  },
  (t) => [primaryKey({ columns: [t.trialId, t.therapyId] }), index().on(t.therapyId)],
)

export const trialIndications = pgTable(
  'trial_indications',
  {
    trialId: trialId(),
    position: integer('position').notNull(),
    indicationId: uuid('indication_id')
      .notNull()
      .references(() => indications.id),
  },
  (t) => [primaryKey({ columns: [t.trialId, t.indicationId] }), index().on(t.indicationId)],
)
