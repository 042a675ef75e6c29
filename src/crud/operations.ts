import mergePatch from 'json-merge-patch'
import type { Database, Transaction } from '../db/connection.js'
import { recordTag } from '../http/conditional.js'
import type { Definition, Item } from './definition.js'
import { deleteRecord } from './delete.js'
import type { Kept } from './documents.js'
import { type Answered, type Created, once, type RequestKey } from './idempotency.js'
import { inputFrom } from './input.js'
import { lockRecord } from './read.js'
import { conflictOf } from './violations.js'
import { writeRecords } from './write.js'

/** Refuses, by throwing, to change a record that is not the one that the client has seen. */
export type Precondition = (record: Kept) => void

/** Checks a whole body against the schema of new records, and fills in what was left out. */
export type Validate = (body: Item) => Item

/** Runs a change in a transaction of its own; a unique value that is taken becomes a problem. */
async function change<Result>(
  db: Database,
  definition: Definition,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  try {
    return await db.transaction(work)
  } catch (error) {
    throw conflictOf(definition, error) ?? error
  }
}

async function writeOne(
  transaction: Transaction,
  definition: Definition,
  input: Item,
  current?: Kept,
): Promise<Kept> {
  const [kept] = await writeRecords(transaction, definition, [{ input, ...(current && { current }) }])
  return kept as Kept
}

/** Creates something in a transaction of its own, once for each key that requests come with. */
export const createOnce = (
  db: Database,
  definition: Definition,
  requestKey: RequestKey | undefined,
  work: (transaction: Transaction) => Promise<Created>,
): Promise<Answered> =>
  change(db, definition, (transaction) => once(transaction, requestKey, () => work(transaction)))

/** Stores a new record. */
export const createRecord = (
  db: Database,
  definition: Definition,
  input: Item,
  requestKey?: RequestKey,
): Promise<Answered> =>
  createOnce(db, definition, requestKey, async (transaction) => {
    const kept = await writeOne(transaction, definition, input)
    const location = `/v1/${definition.name}/${encodeURIComponent(kept.slug)}`
    return { location, etag: recordTag(kept), updatedAt: kept.updatedAt, body: kept.document }
  })

/** Puts a whole new body in the place of a record's. */
export function replaceRecord(
  db: Database,
  definition: Definition,
  key: string,
  input: Item,
  precondition: Precondition,
): Promise<Kept> {
  return rewriteRecord(db, definition, key, precondition, () => input)
}

/** Changes the fields that a merge patch (RFC 7396) names. */
export function updateRecord(
  db: Database,
  definition: Definition,
  key: string,
  patch: Item,
  { precondition, validate }: { precondition: Precondition; validate: Validate },
): Promise<Kept> {
  return rewriteRecord(db, definition, key, precondition, (input) =>
    validate(mergePatch.apply(input, patch) as Item),
  )
}

/** Writes a record again with the body that `next` makes of its present one. */
export function rewriteRecord(
  db: Database,
  definition: Definition,
  key: string,
  precondition: Precondition,
  next: (input: Item) => Item,
): Promise<Kept> {
  return change(db, definition, (transaction) =>
    rewriteWithin(transaction, definition, key, precondition, next),
  )
}

/** Writes a record again within a transaction that does more. */
export async function rewriteWithin(
  transaction: Transaction,
  definition: Definition,
  key: string,
  precondition: Precondition,
  next: (input: Item) => Item,
): Promise<Kept> {
  const current = await lockRecord(transaction, definition, key)
  precondition(current)
  return writeOne(transaction, definition, next(inputFrom(definition, current.document)), current)
}

/** Deletes a record and, with `cascade`, what lies below it. */
export function removeRecord(
  db: Database,
  definition: Definition,
  key: string,
  { precondition, cascade }: { precondition: Precondition; cascade: boolean },
): Promise<void> {
  return change(db, definition, async (transaction) => {
    const current = await lockRecord(transaction, definition, key)
    precondition(current)
    await deleteRecord(transaction, definition, current, cascade)
  })
}
