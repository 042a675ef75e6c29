import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../config.js'
import { openDatabase, StartError } from '../database.js'
import type { Database } from '../db/connection.js'
import { EmbeddedPostgresError } from '../db/embedded/index.js'

/** What a command takes: options that are on or off, and arguments. */
interface Usage {
  help: string
  flags?: readonly string[]
  arguments?: number
}

/** What a command was given. */
export interface Given {
  flags: ReadonlySet<string>
  arguments: string[]
}

/**
 * Runs a command; answers its exit code. `--help` prints what it does; what the person at the keyboard can mend is
 * said in one line, with 2 for a wrong setting or option and 1 for anything else.
 */
export async function runCommand(
  argv: string[],
  usage: Usage,
  work: (given: Given) => Promise<number>,
): Promise<number> {
  try {
    const given = read(argv, usage)
    if (!given.flags.has('help')) return await work(given)
    console.log(usage.help)
    return 0
  } catch (error) {
    console.error(isExpected(error) ? error.message : error)
    return error instanceof ConfigError ? 2 : 1
  }
}

/** Whether an error says in its message alone what is wrong; those of the operating system do. */
function isExpected(error: unknown): error is Error {
  const kinds = [ConfigError, StartError, EmbeddedPostgresError]
  return error instanceof Error && (kinds.some((kind) => error instanceof kind) || 'syscall' in error)
}

function read(argv: string[], { flags = [], arguments: most = 0 }: Usage): Given {
  const options = Object.fromEntries(['help', ...flags].map((name) => [name, { type: 'boolean' as const }]))
  try {
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: most > 0 })
    return { flags: new Set(Object.keys(values)), arguments: positionals.slice(0, most) }
  } catch (error) {
    const [reason] = (error as Error).message.split('. ')
    throw new ConfigError(`${reason}: --help says what there is`)
  }
}

/** Does some work on the database of the service, which may run meanwhile. */
export async function onDatabase<Result>(
  env: NodeJS.ProcessEnv | undefined,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const options = { log: console.log, onFailure: console.error, share: true }
  const { database, close } = await openDatabase(readConfig(env), options)
  try {
    return await work(database)
  } finally {
    await close()
  }
}
