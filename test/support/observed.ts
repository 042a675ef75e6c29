import type { Database } from '../../src/db/connection.js'
import type { Statement } from '../../src/db/fixed.js'

/** A database that shows each statement, except those of transactions, to `see` before it runs. */
export function observed(database: Database, see: (statement: Statement) => unknown): Database {
  return {
    ...database,
    rows: async (statement) => {
      await see(statement)
      return database.rows(statement)
    },
    written: async (statement, read) => {
      await see(statement)
      return database.written(statement, read)
    },
    each: async (statement, take) => {
      await see(statement)
      return database.each(statement, take)
    },
  }
}
