import { index, pgTable, text } from 'drizzle-orm/pg-core'
import { instant, partialDate, recordColumns, recordRules, textIndex } from '../../db/columns.js'
import { formOf, notBlank, oneOf, webAddress } from '../../db/constraints.js'
import { sourceKinds } from '../../domain/vocabularies.js'

export const sources = pgTable(
  'sources',
  {
    ...recordColumns(),
    url: text('url').notNull().unique(),
    title: text('title').notNull(),
    publisher: text('publisher'),
    publishedOn: partialDate('published_on'),
    kind: text('kind', { enum: sourceKinds.values }).notNull(),
    retrievedAt: instant('retrieved_at'),
    /** SHA-256 of the text that was read, in hexadecimal. */
    digest: text('digest'),
  },
  (t) => [
    ...recordRules('sources', t),
    textIndex('sources_by_title', t.title, t.id),
    textIndex('sources_by_publisher', t.publisher, t.id),
    index('sources_by_publication').on(t.publishedOn, t.id),

    oneOf('sources_kind', t.kind, sourceKinds),
    notBlank('sources_title', t.title),
    webAddress('sources_url', t.url),
    formOf('sources_digest', t.digest, '^[0-9a-f]{64}$'),
  ],
)
