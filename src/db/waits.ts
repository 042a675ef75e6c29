/** How long a piece of work waits for the database, noted only for work that asks for it. */

import { AsyncLocalStorage } from 'node:async_hooks'
import type { Database, Transaction } from './connection.js'

/** The time in which at least one statement of a piece of work was under way, and how many there were. */
export class Waits {
  statements = 0
  #underWay = 0
  #since = 0
  #milliseconds = 0

  get milliseconds(): number {
    return this.#milliseconds
  }

  begin(): void {
    if (this.#underWay === 0) this.#since = performance.now()
    this.#underWay += 1
  }

  end(): void {
    this.#underWay -= 1
    if (this.#underWay === 0) this.#milliseconds += performance.now() - this.#since
  }
}

const current = new AsyncLocalStorage<Waits>()
let noted = 0

/** Begins to note: until `endWaits`, whatever `withWaits` runs is noted. */
export function beginWaits(): Waits {
  noted += 1
  return new Waits()
}

/** Ends it. Where nobody else is noted, promises of all other work go without the hooks that this needs. */
export function endWaits(): void {
  noted -= 1
  if (noted === 0) current.disable()
}

/** Runs work, and what follows from it, whose waits are noted. */
export const withWaits = (waits: Waits, work: () => void): void => current.run(waits, work)

/** What others may have asked as well: waiting for it counts, the statement is theirs. */
export function waitFor<Result>(answer: Promise<Result>): Promise<Result> {
  const waits = current.getStore()
  return waits === undefined ? answer : noting(waits, answer)
}

async function noting<Result>(waits: Waits, answer: Promise<Result>): Promise<Result> {
  waits.begin()
  try {
    return await answer
  } finally {
    waits.end()
  }
}

/** A database that notes the waits of the work for which it is asked. */
export function notingWaits(database: Database): Database {
  return {
    ...database,
    rows: (statement) => notedStatement(() => database.rows(statement)),
    written: (statement, read) => notedStatement(() => database.written(statement, read)),
    transaction: (work) => {
      const waits = current.getStore()
      if (waits === undefined) return database.transaction(work)
      return aroundWork(waits, work, database.transaction)
    },
  }
}

const notingTransaction = (transaction: Transaction, waits: Waits): Transaction => ({
  ...transaction,
  rows: (statement) => asStatement(waits, transaction.rows(statement)),
  attempt: (work) => aroundWork(waits, work, transaction.attempt),
})

/** Runs a statement, noted where its work is. */
function notedStatement<Result>(run: () => Promise<Result>): Promise<Result> {
  const waits = current.getStore()
  return waits === undefined ? run() : asStatement(waits, run())
}

function asStatement<Result>(waits: Waits, answer: Promise<Result>): Promise<Result> {
  waits.statements += 1
  return noting(waits, answer)
}

type Work<Result> = (transaction: Transaction) => Promise<Result>

/** Runs a transaction: what comes before and after its work is waiting, too. */
async function aroundWork<Result>(
  waits: Waits,
  work: Work<Result>,
  run: (work: Work<Result>) => Promise<Result>,
): Promise<Result> {
  waits.begin()
  try {
    return await run(async (transaction) => {
      waits.end()
      try {
        return await work(notingTransaction(transaction, waits))
      } finally {
        waits.begin()
      }
    })
  } finally {
    waits.end()
  }
}
