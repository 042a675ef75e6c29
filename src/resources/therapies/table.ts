import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { recordColumns, recordRules, textIndex } from '../../db/columns.js'
import { jsonOf, notBlank, oneOf } from '../../db/constraints.js'
import {
  cellOrigins,
  cellSources,
  modalities,
  nameTypes,
  organizationRoles,
  stages,
  vectors,
} from '../../domain/vocabularies.js'
import { organizations } from '../organizations/table.js'
import { targets } from '../targets/table.js'

export const therapies = pgTable(
  'therapies',
  {
    ...recordColumns(),
    name: text('name').notNull(),
    modality: text('modality', { enum: modalities.values }),
    cellOrigin: text('cell_origin', { enum: cellOrigins.values }),
    cellSource: text('cell_source', { enum: cellSources.values }),
    vector: text('vector', { enum: vectors.values }),
    vectorDetail: text('vector_detail'),
    /** The receptor's parts, or null where nothing is known of them. */
    construct: jsonb('construct'),
    identifiers: jsonb('identifiers').notNull(),
    stage: text('stage', { enum: stages.values }),
    summary: text('summary'),
  },
  (t) => [
    ...recordRules('therapies', t),
    textIndex('therapies_by_name', t.name, t.id),

    oneOf('therapies_modality', t.modality, modalities),
    oneOf('therapies_cell_origin', t.cellOrigin, cellOrigins),
    oneOf('therapies_cell_source', t.cellSource, cellSources),
    oneOf('therapies_vector', t.vector, vectors),
    oneOf('therapies_stage', t.stage, stages),
    notBlank('therapies_name', t.name),
    jsonOf('therapies_construct', t.construct, 'object'),
    jsonOf('therapies_identifiers', t.identifiers, 'array'),
  ],
)

const therapyId = () =>
  uuid('therapy_id')
    .notNull()
    .references(() => therapies.id, { onDelete: 'cascade' })

/** Every name that a therapy is known by; the same one may belong to two therapies. */
export const therapyNames = pgTable(
  'therapy_names',
  {
    therapyId: therapyId(),
    position: integer('position').notNull(),
    name: text('name').notNull(),
    type: text('type', { enum: nameTypes.values }).notNull(),
    /** Where the name is used, such as a brand of one region; null for everywhere. */
    territory: text('territory'),
  },
  (t) => [
    primaryKey({ columns: [t.therapyId, t.position] }),
    notBlank('therapy_names_name', t.name),
    oneOf('therapy_names_type', t.type, nameTypes),
  ],
)

export const therapyTargets = pgTable(
  'therapy_targets',
  {
    therapyId: therapyId(),
    position: integer('position').notNull(),
    targetId: uuid('target_id')
      .notNull()
      .references(() => targets.id),
  },
  (t) => [primaryKey({ columns: [t.therapyId, t.targetId] }), index().on(t.targetId)],
)

/** Who develops, makes or sells a therapy, in which role and where. */
export const therapyOrganizations = pgTable(
  'therapy_organizations',
  {
    therapyId: therapyId(),
    position: integer('position').notNull(),
    organizationId: uuid('organization_id')
      .notNull()
      .references(() => organizations.id),
    role: text('role', { enum: organizationRoles.values }).notNull(),
    territory: text('territory'),
  },
  (t) => [
    primaryKey({ columns: [t.therapyId, t.position] }),
    index().on(t.organizationId),
    oneOf('therapy_organizations_role', t.role, organizationRoles),
  ],
)
