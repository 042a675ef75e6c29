import { jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { recordColumns, recordIndexes, textIndex } from '../../db/columns.js'

export const targets = pgTable(
  'targets',
  {
    ...recordColumns(),
    symbol: text('symbol').notNull().unique(),
    name: text('name'),
    aliases: text('aliases').array().notNull(),
    identifiers: jsonb('identifiers').notNull(),
  },
  (t) => [...recordIndexes('targets', t), textIndex('targets_by_symbol', t.symbol, t.id)],
)
