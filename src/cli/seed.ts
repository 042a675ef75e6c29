import { seed } from '../seed/seed.js'
import { upgrade } from '../upgrade.js'
import { onDatabase, runCommand } from './command.js'

const help = `Loads the curated data of drizzle/seed: what is new is created, what says something else is replaced,
what says the same stays as it is. The service may run meanwhile.

Usage: npm run seed

Settings are those of the service: npm start -- --help lists them.`

/** Loads the curated data into the database of the service; answers the exit code. */
export function main(argv: string[], env?: NodeJS.ProcessEnv): Promise<number> {
  return runCommand(argv, { help }, () =>
    onDatabase(env, async (database) => {
      await upgrade(database)
      const { created, updated, unchanged } = await seed(database)
      console.log(`${created} created, ${updated} updated, ${unchanged} unchanged`)
      return 0
    }),
  )
}
