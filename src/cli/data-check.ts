import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { findInvalidRecords, findStaleDocuments } from '../crud/check.js'
import { allDefinitions } from '../crud/registry.js'
import { StartError } from '../database.js'
import { isMigrated } from '../db/migrate.js'
import { loadRoutes } from '../resources/index.js'
import { findStaleEntries } from '../search/check.js'
import { checkSeed } from '../seed/check.js'
import { onDatabase, runCommand } from './command.js'

const help = `Checks the curated data of drizzle/seed, or of another folder: every body against its schema, references,
dates, evidence, names, keys, the order of events. Prints one line a fault, and exits with 1 when there is one.

Usage: npm run data:check                  check drizzle/seed
       npm run data:check -- FOLDER        check another folder
       npm run data:check -- --database    check what is stored in the database of the service`

/** Checks the curated data, or with --database what is stored; answers the exit code. */
export function main(argv: string[], env?: NodeJS.ProcessEnv): Promise<number> {
  const usage = { help, flags: ['database'], arguments: 1 }
  return runCommand(argv, usage, async ({ flags, arguments: [folder] }) => {
    const faults = flags.has('database') ? await storedFaults(env) : await seedFaults(folder)
    for (const fault of faults) console.log(fault)
    if (faults.length > 0) return 1
    console.log('Nothing is wrong')
    return 0
  })
}

async function seedFaults(folder?: string): Promise<string[]> {
  const faults = await (folder === undefined ? checkSeed() : checkSeed(pathToFileURL(`${resolve(folder)}/`)))
  return faults.map(({ file, pointer, message }) => `${file}#${pointer}: ${message}`)
}

const storedFaults = (env?: NodeJS.ProcessEnv): Promise<string[]> =>
  onDatabase(env, async (database) => {
    await loadRoutes()
    if (!(await isMigrated(database)))
      throw new StartError('The database is not migrated: start the service once')
    const stale = await findStaleDocuments(database)
    const unfound = await findStaleEntries(database, allDefinitions())
    const invalid = await findInvalidRecords(database)
    return [
      ...stale.map(({ resource, id }) => `${resource}/${id}: the kept document is not what its rows say`),
      ...unfound.map(
        ({ resource, id }) => `${resource}/${id}: what search knows of it is not what its document says`,
      ),
      ...invalid.map(({ resource, id, message }) => `${resource}/${id}: ${message}`),
    ]
  })
