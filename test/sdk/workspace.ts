import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { adminKey, testApp } from '../support/app.js'
import { makeFolder } from '../support/process.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = fileURLToPath(new URL('.', import.meta.url))

/** The contract that clients are made from. */
export const contract = join(root, 'openapi', 'openapi.json')

/** How a command ended, and what it wrote. */
export interface Ending {
  succeeded: boolean
  output: string
  errors: string
}

/** Where the client of a language is made, and its story told. */
export interface Workspace {
  folder: string
  /** Runs a command there, whatever becomes of it. */
  attempt(command: string, parameters: string[], env?: NodeJS.ProcessEnv): Promise<Ending>
  /** Runs a command that has to succeed; the message says what succeeds with it. */
  run(t: Test, message: string, command: string, parameters: string[], env?: NodeJS.ProcessEnv): Promise<void>
  /** Runs a command that has to tell the story. */
  tell(t: Test, command: string, parameters: string[], env: NodeJS.ProcessEnv): Promise<void>
}

/** The environment without what tap and coverage set, which would follow every process. */
const plainEnvironment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(?:NODE_OPTIONS|NODE_V8_COVERAGE|_?TAP)/.test(name)),
)

/** What a story tells, in whichever language. */
const told = await readFile(join(here, 'story.txt'), 'utf8')

/** A copy of what there is for a language: in the folder of `npm run sdk`, or in one that goes with the test. */
export async function makeWorkspace(t: Test, language: string): Promise<Workspace> {
  const folder = join(process.env.SDK_FOLDER ?? makeFolder(t), language)
  await mkdir(folder, { recursive: true })
  await cp(join(here, language), folder, { recursive: true })
  const attempt: Workspace['attempt'] = (command, parameters, env) =>
    new Promise((resolve) => {
      const options = { cwd: folder, env: { ...plainEnvironment, ...env }, maxBuffer: 64 * 1024 * 1024 }
      execFile(command, parameters, options, (error, output, errors) =>
        resolve({ succeeded: error === null, output, errors: errors || String(error ?? '') }),
      )
    })
  return {
    folder,
    attempt,
    async run(t, message, command, parameters, env) {
      const { succeeded, output, errors } = await attempt(command, parameters, env)
      t.equal(succeeded ? '' : output + errors, '', message)
    },
    async tell(t, command, parameters, env) {
      const { output, errors } = await attempt(command, parameters, env)
      t.equal(output, told, 'the story is told')
      t.equal(errors, '', 'and nothing besides')
    },
  }
}

/** Starts the service on a database of its own; answers how stories are told where it is. */
export async function startService(t: Test): Promise<{ OPENRMAT_URL: string; OPENRMAT_KEY: string }> {
  const { app } = await testApp(t)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { OPENRMAT_URL: url, OPENRMAT_KEY: adminKey }
}

/** Lets a workspace use the packages of this project. */
export async function linkPackages({ folder }: Workspace): Promise<void> {
  const link = join(folder, 'node_modules')
  await rm(link, { force: true })
  await symlink(join(root, 'node_modules'), link, 'junction')
}

/** Whether a command failed because a registry of packages cannot be reached from here. */
export const isUnreachable = ({ succeeded, errors }: Ending): boolean =>
  !succeeded && /connection broken by|dial tcp|no such host|i\/o timeout/.test(errors)
