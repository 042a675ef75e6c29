import { jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { recordColumns, recordRules, textIndex } from '../../db/columns.js'
import { countryCode, jsonOf, noGaps, notBlank, oneOf, webAddress } from '../../db/constraints.js'
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
    ...recordRules('organizations', t),
    textIndex('organizations_by_name', t.name, t.id),
    textIndex('organizations_by_country', t.country, t.id),
    oneOf('organizations_kind', t.kind, organizationKinds),
    notBlank('organizations_name', t.name),
    noGaps('organizations_aliases', t.aliases),
    countryCode('organizations_country', t.country),
    webAddress('organizations_website', t.website),
    jsonOf('organizations_identifiers', t.identifiers, 'array'),
  ],
)
