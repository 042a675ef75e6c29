import { type AnyPgColumn, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { recordColumns, recordIndexes, textIndex } from '../../db/columns.js'

/** Diseases and lines of treatment. A trigger (first migration) keeps the tree free of cycles. */
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
    ...recordIndexes('indications', t),
    textIndex('indications_by_name', t.name, t.id),
    index().on(t.parentId),
  ],
)
