import { type SQL, sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '../db/connection.js'
import { instantText, object } from '../db/json.js'
import { isId } from '../domain/slug.js'
import type { Scope } from '../domain/vocabularies.js'
import { isSameHash, makeToken, type Token } from './key.js'
import type { Key, KeyWithSecret } from './schema.js'
import { apiKeys } from './table.js'

/** Who asks: the bearer of a key. */
export interface Principal {
  id: string
  name: string
  scope: Scope
}

/** What is known of a key that a request bears: whose it is, or why it is worth nothing. */
export type Verdict = { principal: Principal } | { refusal: 'unknown' | 'revoked' | 'expired' }

/** What a key is to be. */
export interface KeyPlan {
  name: string
  scope: Scope
  expiresAt: Date | null
}

interface Found extends Principal {
  hash: string
  revoked: boolean
  expired: boolean
}

/**
 * Whose a key is, as the database has it now. The same statement notes that it was used, at most once a minute: so it
 * costs no round trip of its own, and nothing is left to finish when the database closes.
 */
export async function checkKey(db: Queryable, { prefix, hash }: Token): Promise<Verdict> {
  const [found] = await db.rows<Found>(sql`
    with found as (
      select id, name, scope, hash, revoked_at is not null as revoked,
        coalesce(expires_at <= now(), false) as expired
      from ${apiKeys} where prefix = ${prefix}),
    used as (
      update ${apiKeys} k set last_used_at = now() from found f
      where k.id = f.id and f.hash = ${hash} and not f.revoked and not f.expired
        and (k.last_used_at is null or k.last_used_at < now() - interval '1 minute'))
    select * from found`)
  if (found === undefined || !isSameHash(found.hash, hash)) return { refusal: 'unknown' }
  if (found.revoked) return { refusal: 'revoked' }
  if (found.expired) return { refusal: 'expired' }
  const { id, name, scope } = found
  return { principal: { id, name, scope } }
}

/** A key as the API shows it. */
const keyJson = object<Key>({
  id: apiKeys.id,
  prefix: apiKeys.prefix,
  name: apiKeys.name,
  scope: apiKeys.scope,
  createdAt: instantText(apiKeys.createdAt),
  expiresAt: instantText(apiKeys.expiresAt),
  lastUsedAt: instantText(apiKeys.lastUsedAt),
  revokedAt: instantText(apiKeys.revokedAt),
})

async function selectKeys(db: Queryable, rest: SQL): Promise<Key[]> {
  const rows = await db.rows<{ key: Key }>(sql`select ${keyJson} as key from ${apiKeys} ${rest}`)
  return rows.map(({ key }) => key)
}

/** The key of an id or of what is visible of it. */
const isNamed = (name: string): SQL =>
  isId(name) ? sql`${apiKeys.id} = ${name}` : sql`${apiKeys.prefix} = ${name}`

/** The id that no key has and that comes before all others. */
const beforeAll = '00000000-0000-0000-0000-000000000000'

/** Keys in the order in which they were made, revoked ones as well: so many after the one of an id. */
export const listKeys = (db: Queryable, after: string | null, limit: number): Promise<Key[]> =>
  selectKeys(
    db,
    sql`where ${apiKeys.id} > coalesce(${after}::uuid, ${beforeAll}) order by ${apiKeys.id} limit ${limit}`,
  )

/** A key by its id or by what is visible of it. */
export async function findKey(db: Queryable, name: string): Promise<Key | undefined> {
  const [key] = await selectKeys(db, sql`where ${isNamed(name)}`)
  return key
}

/** Keeps a key; only what `token` says of itself then opens anything. */
export async function keepKey(db: Queryable, token: Token, plan: KeyPlan): Promise<Key> {
  const [kept] = await db.rows<{ key: Key }>(sql`
    insert into ${apiKeys} (id, prefix, hash, name, scope, expires_at)
    values (${uuidv7()}, ${token.prefix}, ${token.hash}, ${plan.name}, ${plan.scope},
      ${plan.expiresAt?.toISOString() ?? null}::timestamptz)
    returning ${keyJson} as key`)
  return kept?.key as Key
}

/** Makes a key; the answer is the only place that ever holds all of it. */
export async function createKey(db: Queryable, plan: KeyPlan): Promise<KeyWithSecret> {
  const token = makeToken()
  return { ...(await keepKey(db, token, plan)), key: token.text }
}

/** Takes all its worth from a key, at once and everywhere; answers whether there is such a key. */
export async function revokeKey(db: Queryable, name: string): Promise<boolean> {
  const rows = await db.rows(sql`
    update ${apiKeys} set revoked_at = coalesce(${apiKeys.revokedAt}, now())
    where ${isNamed(name)} returning id`)
  return rows.length > 0
}

/** Whether somebody can administer keys: there is a key for it that is neither revoked nor expired. */
export async function hasAdminKey(db: Queryable): Promise<boolean> {
  const rows = await db.rows(sql`
    select from ${apiKeys}
    where scope = 'admin' and revoked_at is null and (expires_at is null or expires_at > now()) limit 1`)
  return rows.length > 0
}
