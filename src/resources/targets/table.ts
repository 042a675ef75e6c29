import { jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { recordColumns, recordRules, textIndex } from '../../db/columns.js'
import { jsonOf, noGaps, notBlank } from '../../db/constraints.js'

export const targets = pgTable(
  'targets',
  {
    ...recordColumns(),
    symbol: text('symbol').notNull().unique(),
    name: text('name'),
    aliases: text('aliases').array().notNull(),
    identifiers: jsonb('identifiers').notNull(),
  },
  (t) => [
    ...recordRules('targets', t),
    textIndex('targets_by_symbol', t.symbol, t.id),
    notBlank('targets_symbol', t.symbol),
    noGaps('targets_aliases', t.aliases),
    jsonOf('targets_identifiers', t.identifiers, 'array'),
  ],
)
