import { sql } from 'drizzle-orm'
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

/**
 * What was answered to whom under an `Idempotency-Key`, so that a repeated request gets the same answer: whose key (that
 * of access) it was, the key that they chose, what they asked for, and the answer.
 */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    principal: uuid('principal').notNull(),
    key: text('key').notNull(),
    fingerprint: text('fingerprint').notNull(),
    createdAt: instant('created_at').notNull().default(sql`now()`),
    location: text('location').notNull().default(''),
    etag: text('etag').notNull().default(''),
    updatedAt: instant('updated_at').notNull().default(sql`now()`),
    body: text('body').notNull().default(''),
  },
  (t) => [primaryKey({ columns: [t.principal, t.key] }), index().on(t.createdAt)],
)
