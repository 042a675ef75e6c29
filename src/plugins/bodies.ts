import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Fault, pointerPart, problem } from '../http/problem.js'

/** Bodies are JSON, on PATCH also under the name that RFC 7396 gives them; anything else is a 415. */
export const bodiesPlugin = fp(
  async (app) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, jsonParser(app))
    app.addContentTypeParser('application/merge-patch+json', { parseAs: 'buffer' }, patchParser(app))
  },
  { name: 'bodies', fastify: '5.x' },
)

const utf8 = new TextDecoder('utf-8', { fatal: true })

type Parser = (
  request: FastifyRequest,
  body: Buffer,
  done: (error: Error | null, value?: unknown) => void,
) => void

/** Reads a merge patch, which nothing is created or replaced with. */
function patchParser(app: FastifyInstance): Parser {
  const parse = jsonParser(app)
  return (request, body, done) => {
    if (request.method !== 'POST' && request.method !== 'PUT') return parse(request, body, done)
    done(problem('unsupported-media-type', 'A merge patch is a body of PATCH alone: send application/json.'))
  }
}

/** Reads JSON strictly: nothing in it is dropped or replaced because it cannot be stored. */
function jsonParser(app: FastifyInstance): Parser {
  const parse = app.getDefaultJsonParser('error', 'error')
  return (request, body, done) => {
    // Clients say what type all of their bodies have, also where they send none.
    if (body.length === 0 && request.method === 'DELETE') return done(null)
    const text = textOf(body)
    if (text === null) return done(problem('malformed', 'The body is not UTF-8.'))
    parse(request, text, (error: Error | null, value?: unknown) => {
      if (error) return done(error)
      const errors = isTooDeep(value) || mayHoldUnstorable.test(text) ? unstorable(value) : []
      if (errors.length === 0) return done(null, value)
      done(problem('malformed', errors.map(({ message }) => message).join('; '), { errors }))
    })
  }
}

function textOf(body: Buffer): string | null {
  try {
    return utf8.decode(body)
  } catch {
    return null
  }
}

/** How a NUL character or half of a surrogate pair is written in JSON. */
const mayHoldUnstorable = /\\u(?:0000|d[89a-f])/i

/** Levels of lists and objects in a body; no resource has half as many. */
const mostLevels = 20

/** Whether a value is nested deeper than any body has to be: what looks at bodies may count on it. */
const isTooDeep = (value: unknown, level = 0): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (level === mostLevels || Object.values(value).some((item) => isTooDeep(item, level + 1)))

/** The texts, by their pointers, that are no Unicode or that PostgreSQL cannot keep. */
function unstorable(value: unknown, pointer = '', level = 0): Fault[] {
  if (typeof value === 'string') return isStorable(value) ? [] : [{ pointer, message: unstorableText }]
  if (typeof value !== 'object' || value === null) return []
  if (level === mostLevels) return [{ pointer, message: 'is nested too deeply' }]
  return Object.entries(value).flatMap(([key, item]) =>
    unstorable(item, `${pointer}/${pointerPart(key)}`, level + 1),
  )
}

const unstorableText = 'holds a NUL character or half of a surrogate pair'
const isStorable = (text: string) => !text.includes('\0') && !/\p{Surrogate}/u.test(text)
