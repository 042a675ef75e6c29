import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { incompatibleSystem, noPermission, programError } from './errors.js'
import type { ServerUser } from './platform.js'

/** PostgreSQL gets none of this process's environment: it holds secrets, and settings of other servers. */
const environment = { LC_ALL: 'C' }

/**
 * How every PostgreSQL program is spawned: as the server's user, in a folder that this user can enter, and in a
 * session of its own, or the Ctrl-C meant for the service would also end what works for it.
 */
export function spawnOptions(program: string, user: ServerUser | undefined) {
  return { cwd: dirname(program), env: environment, detached: true, windowsHide: true, ...user }
}

/** Runs a program to its end and answers what it wrote; throws when it failed. */
export function run(program: string, parameters: string[], user: ServerUser | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, {
      ...spawnOptions(program, user),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output: Buffer[] = []
    const collect = (chunk: Buffer) => output.push(chunk)
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', (error) => reject(spawnError(error)))
    child.once('close', (status) => {
      const text = Buffer.concat(output).toString()
      if (status === 0) resolve(text)
      else reject(programError(program.split(/[\\/]/).pop() as string, text))
    })
  })
}

/** The error for a program that could not even be spawned. */
export function spawnError(error: NodeJS.ErrnoException): Error {
  // The file is there, so what is missing is the loader that it names: this is not a system with glibc.
  if (error.code === 'ENOENT') return incompatibleSystem('its C library is another one')
  if (error.code === 'EACCES' || error.code === 'EPERM') return noPermission(error.message, error)
  return error
}
