import postgres from 'postgres'

/** A rule of the database that a statement would have broken. */
export interface Violation {
  kind: 'unique' | 'foreign-key' | 'check'
  constraint: string
}

const kinds: Record<string, Violation['kind']> = { 23505: 'unique', 23503: 'foreign-key', 23514: 'check' }

/** The rule that an error of the database says was broken; null for any other error. */
export function violationOf(error: unknown): Violation | null {
  if (!(error instanceof postgres.PostgresError)) return null
  const kind = kinds[error.code]
  return kind === undefined ? null : { kind, constraint: String(error.constraint_name) }
}

/** Codes of values that PostgreSQL cannot read or keep, such as a NUL character or a date that is none. */
const unreadable = new Set(['22P02', '22P05', '22021', '22007', '22008', '22009', '22003'])

/** Whether an error says that a value which a client sent cannot be read or kept by the database. */
export const isUnreadable = (error: unknown): boolean =>
  error instanceof postgres.PostgresError && unreadable.has(error.code)

/** Whether an error says that a statement took longer than it may. */
export const isTooSlow = (error: unknown): boolean =>
  error instanceof postgres.PostgresError && error.code === '57014'

const gone = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
])

/** Classes of codes of a server that is stopping, out of resources, without our database or does not know us. */
const unusable = /^(08|28|3D|53|57P)/

/** Whether an error says that the database is away: stopped, starting, out of reach or out of connections. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof postgres.PostgresError) return unusable.test(error.code)
  return error instanceof Error && 'code' in error && gone.has(String(error.code))
}
