import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../config.js'
import { openDatabase, StartError } from '../database.js'
import type { Database } from '../db/connection.js'
import { EmbeddedPostgresError } from '../db/embedded/index.js'

/** What a command takes: options that are on or off, options with a value, and arguments. */
interface Usage {
  help: string
  flags?: readonly string[]
  options?: readonly string[]
  arguments?: number
}

/** What a command was given. */
export interface Given {
  flags: ReadonlySet<string>
  options: Partial<Record<string, string>>
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

function read(argv: string[], { flags = [], options = [], arguments: most = 0 }: Usage): Given {
  const taken = {
    ...optionsOf(['help', ...flags], 'boolean'),
    ...optionsOf(options, 'string'),
  }
  try {
    const { values, positionals } = parseArgs({ args: argv, options: taken, allowPositionals: most > 0 })
    const given = Object.entries(values)
    return {
      flags: new Set(given.filter(([, value]) => value === true).map(([name]) => name)),
      options: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
      arguments: positionals.slice(0, most),
    }
  } catch (error) {
    const [reason] = (error as Error).message.split('. ')
    throw new ConfigError(`${reason}: --help says what there is`)
  }
}

const optionsOf = <Type extends 'boolean' | 'string'>(names: readonly string[], type: Type) =>
  Object.fromEntries(names.map((name) => [name, { type }]))

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
