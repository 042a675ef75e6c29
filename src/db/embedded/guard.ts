import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Stops the server when this process is gone without having stopped it itself (`kill -9`, a crash). */
export interface Guard {
  /** Ends the guard and leaves the server as it is. */
  dismiss(): Promise<void>
}

/** A shell that waits at a pipe of this process: the pipe ends, in whatever way this process does. */
export function guardServer(pid: number): Guard {
  const shell = spawn(
    '/bin/sh',
    ['-c', 'read -r dismissed || kill -INT "$1"', 'openrmat-guard', String(pid)],
    {
      cwd: '/',
      env: {},
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  )
  const ended = once(shell, 'exit').catch(() => {})
  shell.stdin.on('error', () => {})
  return {
    dismiss: async () => {
      shell.stdin.end('dismissed\n')
      await ended
    },
  }
}
