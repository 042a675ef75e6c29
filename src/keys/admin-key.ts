import { rename, rm, writeFile } from 'node:fs/promises'
import type { Database } from '../db/connection.js'
import { makeToken } from './key.js'
import { hasAdminKey, keepKey } from './store.js'

/**
 * Sees to it that whoever started the service can administer it: makes an admin key where there is none, and keeps it in
 * a file that only its owner can read. Answers the key when it was made.
 */
export async function ensureAdminKey(database: Database, file: string): Promise<string | undefined> {
  if (await hasAdminKey(database)) return undefined
  const token = makeToken()
  // Before it is worth anything: a key that nobody has could not be shown again.
  await writePrivate(file, `${token.text}\n`)
  await keepKey(database, token, { name: 'First start', scope: 'admin', expiresAt: null })
  return token.text
}

/** Writes a file that is its owner's alone from the beginning, whatever mode one of its name had. */
async function writePrivate(file: string, text: string): Promise<void> {
  const fresh = `${file}.new`
  await rm(fresh, { force: true })
  await writeFile(fresh, text, { mode: 0o600, flag: 'wx' })
  await rename(fresh, file)
}
