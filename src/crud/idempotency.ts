import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { FastifyRequest } from 'fastify'
import type { Transaction } from '../db/connection.js'
import { problem } from '../http/problem.js'
import type { Item } from './definition.js'
import { idempotencyKeys } from './tables.js'

/** The `Idempotency-Key` of a request, whose it is, and what was asked for under it. */
export interface RequestKey {
  principal: string
  key: string
  fingerprint: string
}

/** What is answered to who created something. */
export interface Created {
  /** The address of what is new. */
  location: string
  etag: string
  updatedAt: Date
  body: string
}

/** What is answered, and whether it is what was answered to the same request before. */
export interface Answered extends Created {
  isReplayed: boolean
}

/** The key that a request came with; undefined when it may be carried out as often as it comes. */
export function requestKeyOf(request: FastifyRequest): RequestKey | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  // Who may write has a key of access; different ones do not know each other's.
  const { id } = request.principal as { id: string }
  return { principal: id, key: String(key), fingerprint: fingerprintOf(request) }
}

/** Follows from what is asked for, not from the order in which a client happens to write the fields of an object. */
function fingerprintOf({ method, url, body }: FastifyRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([method, url, body], inOrder))
    .digest('hex')
}

const inOrder = (_: string, value: unknown) =>
  value === null || typeof value !== 'object' || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value as Item).sort(([a], [b]) => (a < b ? -1 : 1)))

/**
 * Runs work once for each key, in its transaction: who repeats a request gets the first answer, and who repeats it
 * meanwhile waits for it. Work that fails leaves no trace, so that it may be tried again.
 */
export async function once(
  transaction: Transaction,
  requestKey: RequestKey | undefined,
  work: () => Promise<Created>,
): Promise<Answered> {
  if (requestKey === undefined) return { ...(await work()), isReplayed: false }
  if (!(await claim(transaction, requestKey))) return firstAnswer(transaction, requestKey)
  const created = await work()
  await remember(transaction, requestKey, created)
  return { ...created, isReplayed: false }
}

const isExpired = sql`${idempotencyKeys.createdAt} < now() - interval '24 hours'`

const isOf = ({ principal, key }: RequestKey) =>
  sql`${idempotencyKeys.principal} = ${principal} and ${idempotencyKeys.key} = ${key}`

/**
 * Takes a key that nobody took in the last day; the database lets only one transaction at a time try. Each time some
 * others that have expired are swept away, more than one, so that they become no more than a day brings.
 */
async function claim(transaction: Transaction, requestKey: RequestKey): Promise<boolean> {
  const { principal, key, fingerprint } = requestKey
  const rows = await transaction.rows(sql`
    with swept as (
      delete from ${idempotencyKeys} where (principal, key) in (
        select principal, key from ${idempotencyKeys} where ${isExpired} and not (${isOf(requestKey)})
        order by created_at limit 10 for update skip locked))
    insert into ${idempotencyKeys} (principal, key, fingerprint) values (${principal}, ${key}, ${fingerprint})
    on conflict (principal, key) do update set fingerprint = excluded.fingerprint, created_at = now()
    where ${isExpired}
    returning true`)
  return rows.length > 0
}

async function firstAnswer(transaction: Transaction, requestKey: RequestKey): Promise<Answered> {
  const [found] = await transaction.rows<Created & Pick<RequestKey, 'fingerprint'>>(sql`
    select fingerprint, location, etag, updated_at as "updatedAt", body from ${idempotencyKeys}
    where ${isOf(requestKey)}`)
  const { fingerprint, ...created } = found as Created & Pick<RequestKey, 'fingerprint'>
  if (fingerprint === requestKey.fingerprint) return { ...created, isReplayed: true }
  const message = 'the key came with another request before; a new request needs a new key'
  throw problem('idempotency-key-reused', `Idempotency-Key: ${message}`, {
    errors: [{ header: 'Idempotency-Key', message }],
  })
}

async function remember(
  transaction: Transaction,
  requestKey: RequestKey,
  { location, etag, updatedAt, body }: Created,
): Promise<void> {
  await transaction.rows(sql`
    update ${idempotencyKeys}
    set location = ${location}, etag = ${etag}, updated_at = ${updatedAt.toISOString()}::timestamptz, body = ${body}
    where ${isOf(requestKey)}`)
}
