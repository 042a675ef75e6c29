import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { buildApp } from '../app.js'
import { connect } from '../db/connection.js'
import { contractText } from '../plugins/contract.js'

const folder = new URL('../../openapi/', import.meta.url)

/** Writes the contract to `openapi/openapi.json`, or to the file that is named; answers the exit code. */
export async function main([
  file = fileURLToPath(new URL('openapi.json', folder)),
]: string[]): Promise<number> {
  // The routes want a database, and none of them is asked: nothing connects.
  const database = connect({})
  const app = await buildApp({ database })
  await mkdir(folder, { recursive: true })
  await writeFile(file, contractText(app))
  await app.close()
  await database.close()
  console.log(`The contract is in ${file}`)
  return 0
}
