/** What keeps the embedded PostgreSQL from running; the message says it in one line, with what to do. */
export type EmbeddedPostgresProblem =
  | 'in-use'
  | 'other-major'
  | 'missing-data'
  | 'no-permission'
  | 'no-binaries'
  | 'incompatible-system'
  | 'disk-full'
  | 'failed'

/** Thrown for everything that the embedded PostgreSQL cannot do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError'

  constructor(
    readonly code: EmbeddedPostgresProblem,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

const loaderMessages = /GLIBC(XX)?_[\d.]+|loading shared libraries|Error relocating|Library not loaded/
const fullDiskMessages = /No space left on device|[Cc]heck free disk space|wrote only \d+ of/
const permissionCodes = new Set(['EACCES', 'EPERM', 'EROFS'])
const diskCodes = new Set(['ENOSPC', 'EDQUOT'])

/** The error for a PostgreSQL program that failed, from what it wrote. */
export function programError(program: string, output: string): EmbeddedPostgresError {
  const lines = output.split('\n').map((text) => text.trim())
  // Without the time and process id that the server's log puts before it.
  const [line = lines.findLast(Boolean) ?? 'no message'] = lines
    .flatMap((text) => /(?:FATAL|PANIC|error): .*/.exec(text) ?? [])
    .slice(-1)
  if (loaderMessages.test(output)) return incompatibleSystem(line)
  if (fullDiskMessages.test(output)) return diskFull(line)
  if (/(?:could not|cannot) .*Permission denied/.test(line)) return noPermission(line)
  return new EmbeddedPostgresError('failed', `PostgreSQL's ${program} failed: ${line}`)
}

/** The error for what the operating system refused (`ENOSPC`, `EACCES` …); every other error is itself. */
export function systemError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof EmbeddedPostgresError) return error
  const { code = '' } = error as NodeJS.ErrnoException
  if (diskCodes.has(code)) return diskFull(error.message, error)
  if (permissionCodes.has(code)) return noPermission(error.message, error)
  return error
}

/** The error for binaries that this system's C library cannot load. */
export function incompatibleSystem(reason: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'incompatible-system',
    `The PostgreSQL that npm installed does not run on this system (${reason}): ` +
      'set DATABASE_URL to a PostgreSQL 15 to 18 server',
  )
}

/** The error for a folder or a program that this user may not use. */
export function noPermission(reason: string, cause?: Error): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'no-permission',
    `The data folder cannot be used (${reason}): set DATA_DIR to a folder that this user may write to`,
    { cause },
  )
}

function diskFull(reason: string, cause?: Error): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'disk-full',
    `The disk of the data folder is full (${reason}): free some space or set DATA_DIR to another disk`,
    { cause },
  )
}
