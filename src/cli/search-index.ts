import { allDefinitions } from '../crud/registry.js'
import { migrate } from '../db/migrate.js'
import { loadRoutes } from '../resources/index.js'
import { rebuildSearchIndex } from '../search/rebuild.js'
import { onDatabase, runCommand } from './command.js'

const help = `Makes the index of the search again from what is stored. The service does so by itself when it starts with
other rules than those by which the index was made; it may run meanwhile, and writes wait.

Usage: npm run search:index

Settings are those of the service: npm start -- --help lists them.`

/** Makes the index of the search in the database of the service again; answers the exit code. */
export function main(argv: string[], env?: NodeJS.ProcessEnv): Promise<number> {
  return runCommand(argv, { help }, () =>
    onDatabase(env, async (database) => {
      await migrate(database)
      await loadRoutes()
      const records = await rebuildSearchIndex(database, allDefinitions())
      console.log(`${records} records can be searched`)
      return 0
    }),
  )
}
