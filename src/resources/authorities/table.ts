import { pgTable, text } from 'drizzle-orm/pg-core'
import { recordColumns, recordRules, textIndex } from '../../db/columns.js'
import { countryCode, notBlank, webAddress } from '../../db/constraints.js'

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
    ...recordRules('authorities', t),
    textIndex('authorities_by_name', t.name, t.id),
    textIndex('authorities_by_abbreviation', t.abbreviation, t.id),
    textIndex('authorities_by_jurisdiction', t.jurisdiction, t.id),
    notBlank('authorities_name', t.name),
    notBlank('authorities_abbreviation', t.abbreviation),
    countryCode('authorities_jurisdiction', t.jurisdiction),
    webAddress('authorities_url', t.url),
  ],
)
