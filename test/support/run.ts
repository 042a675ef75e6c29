import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionSettings } from '../../src/db/connection.js'

/** What all test files of one run share. */
export interface TestRun {
  /** The server, and a database from which others can be created. */
  server: ConnectionSettings
  /** Databases to clone: a migrated one without records, and one with the curated data. */
  templates: { empty: string; seeded: string }
  /** A key in both of them that may do everything. */
  adminKey: string
}

// The test runner is the parent of its before and after scripts and of every test file.
const name = `openrmat-test-${process.ppid}`

/** The data folder of the embedded server of this run. */
export const dataDir = join(tmpdir(), name)

/** Where the run is described for its test files. */
export const runFile = join(tmpdir(), `${name}.json`)

/** A name for a database of this run. */
export const databaseName = (purpose: string) => `test_${process.ppid}_${purpose}`
