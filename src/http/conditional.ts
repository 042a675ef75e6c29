import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { problem } from './problem.js'

interface Versioned {
  id: string
  version: number
}

/** The tag of a record: its version, and the end of its id since an address can come to name another record. */
export const recordTag = ({ id, version }: Versioned): string => `${version}-${id.slice(-12)}`

/** The tag of an answer that is more than one record: follows from its text. */
export const textTag = (text: string): string => createHash('sha1').update(text).digest('base64url')

/** Whether a list of entity tags, as `If-Match` and `If-None-Match` have it, holds a tag. Compression weakens tags. */
const holds = (header: string, tag: string) =>
  header.trim() === '*' || header.split(',').some((item) => item.trim().replace(/^W\//, '') === `"${tag}"`)

/** Sends text with its tag; 304 without the text when the client has it already. */
export function sendTagged(
  request: FastifyRequest,
  reply: FastifyReply,
  tag: string,
  text: string,
  { type = 'application/json', vary = 'accept-encoding' } = {},
): FastifyReply {
  // Also where this answer is not compressed: another one of the same address may be.
  reply.headers({ etag: `"${tag}"`, vary })
  const seen = request.headers['if-none-match']
  if (seen !== undefined && holds(seen, tag)) return reply.code(304).send()
  return reply.type(`${type}; charset=utf-8`).send(text)
}

/** Refuses to change a record that is not the one in `If-Match`; an answer with related lists names its record, too. */
export function preconditionOf(request: FastifyRequest) {
  const expected = request.headers['if-match']
  return (record: Versioned): void => {
    if (expected === undefined) return
    const tag = recordTag(record)
    const names = expected.replace(/\.[\w-]+"/g, '"')
    if (holds(names, tag)) return
    throw problem('precondition-failed', `The record is at "${tag}", not at ${expected}.`, {
      headers: { etag: `"${tag}"` },
    })
  }
}
