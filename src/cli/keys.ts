import { ConfigError } from '../config.js'
import type { Database } from '../db/connection.js'
import { migrate } from '../db/migrate.js'
import { isPartialDate } from '../domain/partial-date.js'
import { scopes } from '../domain/vocabularies.js'
import { type Key, maxNameLength } from '../keys/schema.js'
import { createKey, type KeyPlan, listKeys, revokeKey } from '../keys/store.js'
import { type Given, onDatabase, runCommand } from './command.js'

const help = `Makes, lists and revokes the keys of the service, which may run meanwhile.

Usage: npm run keys -- create NAME [--scope read|write|admin] [--expires 2027-06-30]
       npm run keys -- list
       npm run keys -- revoke KEY

A scope includes those before it; read when left out. A key with --expires works until the end of that day (UTC).
create prints the whole key, this once: only a hash of it is kept. KEY is an id, or what is visible of the key
(rmat_ and 12 characters), as list shows them.

Settings are those of the service: npm start -- --help lists them.`

/** Work on keys; answers the exit code. */
type Work = (database: Database) => Promise<number>

/** What each command does with its argument; they throw a ConfigError for one that they cannot take. */
const commands: Partial<Record<string, (given: Given) => Work>> = { create, list, revoke }

/** Makes, lists or revokes keys in the database of the service; answers the exit code. */
export function main(argv: string[], env?: NodeJS.ProcessEnv): Promise<number> {
  const usage = { help, options: ['scope', 'expires'], arguments: 2 }
  return runCommand(argv, usage, async (given) => {
    const [name = ''] = given.arguments
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (command === undefined) throw new ConfigError('Say create, list or revoke: --help says how')
    const work = command(given)
    return onDatabase(env, async (database) => {
      await migrate(database)
      return work(database)
    })
  })
}

function create(given: Given): Work {
  const plan = planOf(given)
  return async (database) => {
    const { key } = await createKey(database, plan)
    // Alone on standard output, so that a script can take it from there.
    console.log(key)
    console.error('It is shown this once: only a hash of it is kept')
    return 0
  }
}

function planOf({ arguments: [, name = ''], options: { scope = 'read', expires } }: Given): KeyPlan {
  if (name.trim() === '' || name.length > maxNameLength)
    throw new ConfigError(`A key needs a name that says whose it is, of at most ${maxNameLength} characters`)
  if (!scopes.has(scope))
    throw new ConfigError(`--scope is "${scope}": allowed is ${scopes.values.join(', ')}`)
  return { name, scope, expiresAt: expires === undefined ? null : endOf(expires) }
}

const dayMs = 24 * 60 * 60 * 1000

/** The end of a day. */
function endOf(day: string): Date {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(day) && isPartialDate(day)
  const end = isDay ? Date.parse(`${day}T00:00:00Z`) + dayMs : 0
  if (end > Date.now()) return new Date(end)
  throw new ConfigError(`--expires is "${day}": allowed is a day from today on, such as 2027-06-30`)
}

function list(): Work {
  return async (database) => {
    for await (const key of allKeys(database)) console.log(line(key))
    return 0
  }
}

const batch = 1000

/** Every key, as they are read. */
async function* allKeys(database: Database, after: string | null = null): AsyncGenerator<Key> {
  const keys = await listKeys(database, after, batch)
  yield* keys
  const last = keys.at(-1)
  if (last !== undefined) yield* allKeys(database, last.id)
}

function line({ prefix, scope, name, createdAt, lastUsedAt, expiresAt, revokedAt }: Key): string {
  const dates = { created: createdAt, used: lastUsedAt, expires: expiresAt, revoked: revokedAt }
  const told = Object.entries(dates).filter(([, date]) => date !== null)
  return [
    prefix,
    scope.padEnd(5),
    told.map(([what, date]) => `${what} ${date?.slice(0, 16).replace('T', ' ')}`).join(', '),
    name,
  ].join('  ')
}

function revoke({ arguments: [, key = ''] }: Given): Work {
  if (key === '') throw new ConfigError('Say which key, by its id or by what is visible of it')
  return async (database) => {
    const isRevoked = await revokeKey(database, key)
    console.log(isRevoked ? `${key} is revoked` : `There is no key ${key}`)
    return isRevoked ? 0 : 1
  }
}
