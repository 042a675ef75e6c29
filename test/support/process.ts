import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type PlatformFacts, thisPlatform } from '../../src/db/embedded/platform.js'

/** A process that a test started. */
export interface Running {
  child: ChildProcess
  /** What it wrote so far, on both streams. */
  output(): string
  /** Resolves with the first match in its output; throws when it ends or takes long without one. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** How it ended. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; output: string }>
}

export interface Teardown {
  teardown(work: () => unknown): unknown
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const serverModule = new URL('../../src/server.ts', import.meta.url).href

/** A new folder that every user can enter, removed after the test. */
export function makeFolder(t: Teardown): string {
  const folder = mkdtempSync(join(tmpdir(), 'openrmat-test-'))
  chmodSync(folder, 0o755)
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/**
 * The facts of this system for a test that is root, whoever runs it: what root runs as `nobody` runs as the
 * same user where the test is not root.
 */
export function rootPlatform(folder: string): PlatformFacts {
  const uid = process.getuid?.() ?? 0
  const here = { ...thisPlatform(0), systemDirs: [join(folder, 'system')] }
  if (uid === 0) return here
  const passwd = join(folder, 'passwd')
  writeFileSync(passwd, `nobody:x:${uid}:${process.getgid?.()}::/:/bin/false\n`)
  return { ...here, passwd }
}

/** Waits for something that comes true soon. */
export async function until(condition: () => boolean | Promise<boolean>, patienceMs = 30_000): Promise<void> {
  const deadline = Date.now() + patienceMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not come true in time')
    await sleep(10)
  }
}

/** How this process loads TypeScript and is covered; without the loader of mocks, which there are none of. */
const loaders = process.execArgv.filter((argument) => !argument.includes('@tapjs/mock'))

/** Runs the service from its sources in a process of its own, which coverage sees too. */
export function runService(
  t: Teardown,
  env: Record<string, string>,
  {
    argv = [],
    graceMs = 'undefined',
    prelude = '',
    user = {},
  }: {
    user?: { uid?: number; gid?: number }
    argv?: string[]
    graceMs?: number | 'undefined'
    prelude?: string
  } = {},
): Running {
  const code = `${prelude}
    const { main } = await import(${JSON.stringify(serverModule)})
    await main(${JSON.stringify(argv)}, process.env, ${graceMs})`
  return runNode(t, [...loaders, '--input-type=module', '--eval', code], { env, ...user })
}

/** Runs Node.js with the environment of the test but for the settings of the service. */
export function runNode(
  t: Teardown,
  parameters: string[],
  {
    env = {},
    cwd = root,
    ...user
  }: { env?: Record<string, string>; cwd?: string; uid?: number; gid?: number },
): Running {
  const { DATABASE_URL, ...rest } = process.env
  const child = spawn(process.execPath, parameters, {
    cwd,
    env: { ...rest, HOST: '127.0.0.1', PORT: '0', LOG_FORMAT: 'json', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  })
  let output = ''
  const collect = (chunk: Buffer) => {
    output += chunk.toString()
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  let isOver = false
  const ended = once(child, 'close').then(([code, signal]) => {
    isOver = true
    return { code, signal, output }
  })
  t.teardown(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return {
    child,
    output: () => output,
    ended,
    says: async (pattern) => {
      await until(() => isOver || pattern.test(output), 90_000)
      const found = pattern.exec(output)
      if (found === null) throw new Error(`it ended without ${pattern}:\n${output}`)
      return found
    },
  }
}

/** The address at which a service says that it is ready (JSON log). */
export async function whenReady({ says }: Running): Promise<string> {
  const [, url] = await says(/"api":"(http:[^"]*)\/v1"/)
  return String(url)
}
