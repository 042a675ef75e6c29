import { sql } from 'drizzle-orm'
import { check, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../db/columns.js'
import { formOf, notBlank, oneOf } from '../db/constraints.js'
import { scopes } from '../domain/vocabularies.js'
import { prefixPattern } from './key.js'

/** Keys, of which only hashes are kept. A revoked one stays, so that a leak can be traced to it. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: uuid('id').primaryKey(),
    prefix: text('prefix').notNull().unique(),
    hash: text('hash').notNull(),
    name: text('name').notNull(),
    scope: text('scope').notNull(),
    createdAt: instant('created_at').notNull().default(sql`now()`),
    expiresAt: instant('expires_at'),
    lastUsedAt: instant('last_used_at'),
    revokedAt: instant('revoked_at'),
  },
  (t) => [
    formOf('api_keys_prefix', t.prefix, prefixPattern),
    formOf('api_keys_hash', t.hash, '^[0-9a-f]{64}$'),
    notBlank('api_keys_name', t.name),
    oneOf('api_keys_scope', t.scope, scopes),
    check('api_keys_expiry', sql`${t.expiresAt} > ${t.createdAt}`),
  ],
)
