import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { negotiate } from '@fastify/accept-negotiator'
import type { FastifyRequest } from 'fastify'
import type { Answer } from './conditional.js'

export type Coding = 'br' | 'gzip'

/** How answers are compressed, the best first. */
export const codings: Coding[] = ['br', 'gzip']

/** The least that is compressed, in bytes: about a packet. */
export const leastCoded = 1024

/** What stands for gzip: its former name, and that the client has no wish, since that is what everything reads. */
const gzipAlias = /x-gzip|\*/g

/** How the client wants an answer compressed; null where it wants it as it is. */
export function codingOf({ headers }: FastifyRequest): Coding | null {
  const accepted = headers['accept-encoding']
  if (accepted === undefined) return null
  return negotiate(String(accepted).toLowerCase().replace(gzipAlias, 'gzip'), codings)
}

const brotli = promisify(brotliCompress)
const compress: Record<Coding, (body: Buffer) => Promise<Buffer>> = {
  // A level for answers that are made when they are asked for: the best one takes a hundred times as long.
  br: (body) => brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: promisify<Buffer, Buffer>(gzip),
}

/** An answer, compressed where that is worth it. */
export async function coded(answer: Answer, coding: Coding | null): Promise<Answer> {
  if (coding === null || answer.body.length < leastCoded) return answer
  return { ...answer, body: await compress[coding](answer.body), coding }
}
