import { createHash } from 'node:crypto'
import { problem } from './problem.js'

type Position = readonly (string | null)[]

/** What a cursor belongs to: a list with its sort and filters, as one text. */
const marker = (list: string) => createHash('sha256').update(list).digest('base64url').slice(0, 10)

const seal = (body: string) => createHash('sha256').update(`cursor ${body}`).digest('base64url').slice(0, 10)

/** The text by which a client asks for what comes after a position of a list. */
export function writeCursor(list: string, position: Position): string {
  const body = JSON.stringify([marker(list), ...position])
  return Buffer.from(`${seal(body)}${body}`).toString('base64url')
}

/** The position in a cursor, of so many keys; a problem when it is damaged or belongs to another list, sort or filter. */
export function readCursor(list: string, cursor: string, length: number): Position {
  const text = Buffer.from(cursor, 'base64url').toString()
  const [sum, body] = [text.slice(0, 10), text.slice(10)]
  if (seal(body) !== sum) throw badCursor('The cursor is damaged.')
  const [mark, ...position] = partsOf(body)
  if (mark !== marker(list)) throw badCursor('The cursor belongs to another list, sort or filter.')
  if (position.length !== length) throw badCursor('The cursor is damaged.')
  return position
}

/** The parts of a cursor; none when somebody made it up, since its sum is no secret. */
function partsOf(body: string): Position {
  try {
    const parts: unknown = JSON.parse(body)
    return Array.isArray(parts) && parts.every(isPart) ? parts : []
  } catch {
    return []
  }
}

const isPart = (part: unknown) => part === null || typeof part === 'string'

const badCursor = (detail: string) =>
  problem('bad-cursor', detail, { errors: [{ parameter: 'cursor', message: detail }] })
