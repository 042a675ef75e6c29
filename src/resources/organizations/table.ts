import { jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { recordColumns, recordIndexes, textIndex } from '../../db/columns.js'
import { oneOf } from '../../db/constraints.js'
import { organizationKinds } from '../../domain/vocabularies.js'

export const organizations = pgTable(
  'organizations',
  {
    ...recordColumns(),
    name: text('name').notNull().unique(),
    aliases: text('aliases').array().notNull(),
    kind: text('kind', { enum: organizationKinds.values }),
    country: text('country'),
    website: text('website'),
    identifiers: jsonb('identifiers').notNull(),
  },
  (t) => [
    ...recordIndexes('organizations', t),
    textIndex('organizations_by_name', t.name, t.id),
    textIndex('organizations_by_country', t.country, t.id),
    oneOf('organizations_kind', t.kind, organizationKinds),
  ],
)
