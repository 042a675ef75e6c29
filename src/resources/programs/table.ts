import { index, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { partialDate, recordColumns, recordRules, textIndex } from '../../db/columns.js'
import { noGaps, notBlank, webAddress } from '../../db/constraints.js'
import { authorities } from '../authorities/table.js'

export const programs = pgTable(
  'programs',
  {
    ...recordColumns(),
    authorityId: uuid('authority_id')
      .notNull()
      .references(() => authorities.id),
    name: text('name').notNull(),
    abbreviation: text('abbreviation'),
    legalBasis: text('legal_basis'),
    establishedOn: partialDate('established_on'),
    criteria: text('criteria').array().notNull(),
    benefits: text('benefits').array().notNull(),
    url: text('url'),
  },
  (t) => [
    ...recordRules('programs', t),
    textIndex('programs_by_name', t.name, t.id),
    index('programs_by_establishment').on(t.establishedOn, t.id),
    unique('programs_authority_name').on(t.authorityId, t.name),
    index().on(t.authorityId),
    notBlank('programs_name', t.name),
    noGaps('programs_criteria', t.criteria),
    noGaps('programs_benefits', t.benefits),
    webAddress('programs_url', t.url),
  ],
)
