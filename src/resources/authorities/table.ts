import { pgTable, text } from 'drizzle-orm/pg-core'
import { recordColumns, recordIndexes, textIndex } from '../../db/columns.js'

export const authorities = pgTable(
  'authorities',
  {
    ...recordColumns(),
    name: text('name').notNull().unique(),
    abbreviation: text('abbreviation').notNull(),
    jurisdiction: text('jurisdiction').notNull(),
    url: text('url'),
  },
  (t) => [
    ...recordIndexes('authorities', t),
    textIndex('authorities_by_name', t.name, t.id),
    textIndex('authorities_by_abbreviation', t.abbreviation, t.id),
    textIndex('authorities_by_jurisdiction', t.jurisdiction, t.id),
  ],
)
