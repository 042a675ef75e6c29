import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { coded, codingOf } from './coding.js'
import { type Answer, isConditional, sendNotModified, sendTagged, type Tagged } from './conditional.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** The answers that this process keeps. */
    answers: KeptAnswers
  }
}

/** How an answer is made. */
export interface Making {
  /** Makes it of the database. */
  make: () => Promise<Answer>
  /** Tells which version that would be, where this costs less. */
  version?: (() => Promise<Tagged>) | undefined
  /** Compresses it as the client wants it. */
  code: (answer: Answer) => Promise<Answer>
}

interface Kept {
  answer: Answer
  /** What the database was known to be before the answer was made; undefined where that was not known yet. */
  snapshot: string | undefined
}

/** What an entry takes besides its text and twice its key, in bytes. */
const overhead = 500

/** Longer addresses are nobody's habit. */
const longestKey = 2000

/**
 * How often a request waits for what another one is making. The first one ever to ask does not know what the database was
 * before, so that its answer is for itself alone; where something is committed all the time, none is for others.
 */
const mostWaits = 2

/**
 * Answers that follow from the database alone, kept in memory and never stale: an answer is used again only where the
 * database is, by a look that begins after the request came, what it was before the answer was made. Then nothing was
 * committed in between, by whatever process.
 */
export class KeptAnswers {
  readonly #snapshot: () => Promise<string>
  readonly #kept: LRUCache<string, Kept> | null
  /** Answers that are being made, by their keys; each tells in the end whether it was. */
  readonly #underWay = new Map<string, Promise<boolean>>()
  #latest: string | undefined

  /** `snapshot` tells what the database is, `size` how many bytes may be kept; none are where it is 0. */
  constructor(snapshot: () => Promise<string>, size: number) {
    this.#snapshot = snapshot
    this.#kept = size === 0 ? null : new LRUCache({ maxSize: size, sizeCalculation: sizeOf })
  }

  /** The answer that is kept under a key, if it still holds. What was never asked for costs no look at the database. */
  async find(key: string): Promise<Answer | undefined> {
    const kept = this.#kept?.get(key)
    if (kept === undefined) return undefined
    this.#latest = await this.#snapshot()
    return kept.snapshot === this.#latest ? kept.answer : undefined
  }

  /** Whether an answer is kept under a key, be it that it no longer holds. */
  has(key: string): boolean {
    return this.#kept?.has(key) ?? false
  }

  /**
   * Makes an answer and keeps it under a key. Where it is being made for another request, that one is waited for, which
   * holds for this one as well where nothing was committed meanwhile: so many who ask the same at once cost little more
   * than one.
   */
  async make(key: string, making: Making): Promise<Answer> {
    if (this.#kept === null || key.length > longestKey) return making.code(await making.make())
    for (let waits = 0; waits < mostWaits; waits++) {
      const underWay = this.#underWay.get(key)
      // Not waited for where there is none: of all that waited until now, the first to go on makes the next one.
      if (underWay === undefined || !(await underWay)) break
      const answer = await this.find(key)
      if (answer !== undefined) return answer
    }
    return this.#makeAndKeep(key, making)
  }

  async #makeAndKeep(key: string, making: Making): Promise<Answer> {
    const snapshot = this.#latest
    const made = renewed(making, this.#kept?.get(key)?.answer)
    const underWay = made.then(
      () => true,
      () => false,
    )
    this.#underWay.set(key, underWay)
    try {
      const answer = await made
      this.#kept?.set(key, { answer, snapshot })
      return answer
    } finally {
      if (this.#underWay.get(key) === underWay) this.#underWay.delete(key)
    }
  }
}

/**
 * Makes an answer anew. What was committed since one was kept was mostly elsewhere: where its version is what it was, it is
 * taken as it is, and a text that comes out as it was is not compressed again.
 */
async function renewed({ make, version, code }: Making, kept?: Answer): Promise<Answer> {
  if (kept === undefined) return code(await make())
  if (version !== undefined && isSame(await version(), kept)) return kept
  const answer = await make()
  if (answer.tag !== kept.tag) return code(answer)
  const { body, coding } = kept
  return { ...answer, body, ...(coding && { coding }) }
}

const isSame = (one: Tagged, other: Tagged): boolean =>
  one.tag === other.tag && one.updatedAt?.getTime() === other.updatedAt?.getTime()

const sizeOf = ({ answer }: Kept, key: string): number => answer.body.length + 2 * key.length + overhead

/**
 * Sends what a read answers: what is kept of an earlier one to the same address, or what `make` makes of the database.
 * Where `version` can tell which version that would be, none is made for a client that has it.
 */
export async function sendAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  make: () => Promise<Answer>,
  version?: () => Promise<Tagged>,
): Promise<FastifyReply> {
  const { answers } = request.server
  const coding = codingOf(request)
  const key = `${coding} ${request.answerType} ${request.url}`
  const kept = await answers.find(key)
  if (kept !== undefined) return sendTagged(request, reply, kept)
  if (version !== undefined && isConditional(request) && !answers.has(key)) {
    if (sendNotModified(request, reply, await version())) return reply
  }
  const code = (answer: Answer) => coded(answer, coding)
  return sendTagged(request, reply, await answers.make(key, { make, version, code }))
}
