import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Coding } from './coding.js'
import { problem } from './problem.js'

interface Versioned {
  id: string
  version: number
  updatedAt: Date
}

/** The tag of a record: its version, and the end of its id since an address can come to name another record. */
export const recordTag = ({ id, version }: Pick<Versioned, 'id' | 'version'>): string =>
  `${version}-${id.slice(-12)}`

/** The tag of an answer that is more than one record: follows from its text. */
export const textTag = (text: string | Buffer): string => hash('sha1', text, 'base64url')

/** The tag of an answer that is compressed so. */
export const codedTag = (etag: string, coding: string): string => etag.replace(/"$/, `-${coding}"`)

const coding = /-(?:br|gzip)"$/

/**
 * The tag, as it stands in a list of them (`If-Match`, `If-None-Match`), by which a client has a version: that of the
 * version, also where it is compressed. One that a proxy weakened, since it compressed the answer, still names it.
 */
function heldTag(header: string, tag: string): string | undefined {
  const own = `"${tag}"`
  if (header.trim() === '*') return own
  const tags = header.split(',').map((item) => item.trim().replace(/^W\//, ''))
  return tags.find((held) => held === own || held.replace(coding, '"') === own)
}

/** Dates as HTTP writes them, now and formerly (RFC 9110, section 5.6.7); others are to be ignored. */
const httpDates = [
  /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/,
  /^[A-Z][a-z]{5,8}, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/,
]

/** The moment of a date in a header, which compares with nothing when it is none. The form without a zone means GMT, too. */
const momentOf = (date = ''): number =>
  httpDates.some((form) => form.test(date)) ? Date.parse(date.replace(/(?: GMT)?$/, ' GMT')) : Number.NaN

/** A moment as the dates of HTTP tell it, in whole seconds; each version of a record has a second of its own. */
const secondOf = (moment: Date): number => Math.floor(moment.getTime() / 1000) * 1000

/** `Last-Modified`, but for a moment that is still to come, which HTTP does not allow. */
export const modified = (moment: Date): Record<string, string> =>
  moment.getTime() > Date.now() ? {} : { 'last-modified': moment.toUTCString() }

/** The tag of an answer that a client has already, which it says by a tag or, where it names none, by a date. */
function seenTag({ headers }: FastifyRequest, { tag, updatedAt }: Tagged): string | undefined {
  const tags = headers['if-none-match']
  if (tags !== undefined) return heldTag(tags, tag)
  const since = momentOf(headers['if-modified-since'])
  return updatedAt !== undefined && secondOf(updatedAt) <= since ? `"${tag}"` : undefined
}

/** Which version of something is meant. */
export interface Tagged {
  tag: string
  /** When it last changed, where that is known. */
  updatedAt?: Date
}

/** What a read answers. */
export interface Answer extends Tagged {
  /** UTF-8, compressed where a coding is told. */
  body: Buffer
  coding?: Coding
  /** Its type, where it is not the one that was agreed on with the client. */
  type?: string
  /** Headers of its own. */
  headers?: Record<string, string>
}

/** An answer that is nothing but a text. */
export function textAnswer(text: string, more: Partial<Answer> = {}): Answer {
  const body = Buffer.from(text)
  return { tag: textTag(body), body, ...more }
}

/** Whether a request only reads. */
export const isRead = ({ method }: FastifyRequest): boolean => method === 'GET' || method === 'HEAD'

/** Whether the answer to a request may be that the client has it already. */
export const isConditional = ({ headers }: FastifyRequest): boolean =>
  headers['if-none-match'] !== undefined || headers['if-modified-since'] !== undefined

/** Sends an answer with its tag, and its date where it has one; 304 without the text when the client has it already. */
export function sendTagged(request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  const { body, coding, type = request.answerType, headers } = answer
  if (headers !== undefined) reply.headers(headers)
  if (sendNotModified(request, reply, answer)) return reply
  if (coding !== undefined) reply.header('content-encoding', coding)
  return reply
    .headers(versionHeaders(`"${answer.tag}"`, answer))
    .type(`${type}; charset=utf-8`)
    .send(body)
}

/** Answers 304 when the client has a version already; tells whether it did. */
export function sendNotModified(request: FastifyRequest, reply: FastifyReply, version: Tagged): boolean {
  const seen = seenTag(request, version)
  if (seen === undefined) return false
  reply.code(304).headers(versionHeaders(seen, version)).send()
  return true
}

const versionHeaders = (etag: string, { updatedAt }: Tagged) => ({
  etag,
  ...(updatedAt && modified(updatedAt)),
})

/** Why a record is not to be changed by a request (RFC 9110, section 13.2.2); undefined where it may be. */
function refusalOf({ headers }: FastifyRequest, record: Versioned, tag: string): string | undefined {
  const { 'if-match': wanted, 'if-none-match': unwanted, 'if-unmodified-since': since } = headers
  // An answer with related lists or with some fields only names its record, too.
  const isWanted = wanted === undefined || heldTag(wanted.replace(/\.[\w-]+"/g, '"'), tag) !== undefined
  if (!isWanted) return `The record is at "${tag}", not at ${wanted}.`
  if (wanted === undefined && secondOf(record.updatedAt) > momentOf(since))
    return `The record changed on ${record.updatedAt.toUTCString()}.`
  if (unwanted !== undefined && heldTag(unwanted, tag) !== undefined) return `The record is at "${tag}".`
}

/** Refuses to change a record that is not the one that the headers of a request say. */
export function preconditionOf(request: FastifyRequest) {
  return (record: Versioned): void => {
    const tag = recordTag(record)
    const refusal = refusalOf(request, record, tag)
    if (refusal !== undefined)
      throw problem('precondition-failed', refusal, { headers: { etag: `"${tag}"` } })
  }
}
