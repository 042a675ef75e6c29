import { index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../db/columns.js'

/** Slugs that records had before they were renamed: the old address still leads to the record. */
export const formerSlugs = pgTable(
  'former_slugs',
  {
    resource: text('resource').notNull(),
    slug: text('slug').notNull(),
    id: uuid('id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.resource, t.slug] }), index().on(t.id)],
)

/** Records that were deleted, so that their address can say so. */
export const tombstones = pgTable(
  'tombstones',
  {
    id: uuid('id').primaryKey(),
    resource: text('resource').notNull(),
    slug: text('slug').notNull(),
    deletedAt: instant('deleted_at').notNull(),
  },
  (t) => [index().on(t.resource, t.slug)],
)
