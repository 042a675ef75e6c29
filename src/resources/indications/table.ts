import { type AnyPgColumn, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { recordColumns, recordRules, textIndex } from '../../db/columns.js'
import { jsonOf, noGaps, notBlank } from '../../db/constraints.js'

/** Diseases and lines of treatment. A trigger (in the migration of rules) keeps the tree free of cycles. */
export const indications = pgTable(
  'indications',
  {
    ...recordColumns(),
    name: text('name').notNull().unique(),
    abbreviations: text('abbreviations').array().notNull(),
    parentId: uuid('parent_id').references((): AnyPgColumn => indications.id),
    identifiers: jsonb('identifiers').notNull(),
  },
  (t) => [
    ...recordRules('indications', t),
    textIndex('indications_by_name', t.name, t.id),
    index().on(t.parentId),
    notBlank('indications_name', t.name),
    noGaps('indications_abbreviations', t.abbreviations),
    jsonOf('indications_identifiers', t.identifiers, 'array'),
  ],
)
