import type { FastifyRateLimitStore } from '@fastify/rate-limit'

type Counted = Parameters<FastifyRateLimitStore['incr']>[1]

interface Window {
  count: number
  endsAt: number
}

/** Addresses and keys that are counted at once, for some 100 bytes each; of more, the oldest windows are forgotten. */
const mostWindows = 50_000

/**
 * Counts in windows of one length that begin with the first request. The store of the library answers with its own
 * record, which requests under way at the same time change before it is read.
 */
export class Windows implements FastifyRateLimitStore {
  /** The oldest first, since all are of one length. */
  readonly #windows = new Map<string, Window>()

  /** Counts one more. */
  incr(bearer: string, answer: Counted, length: number): void {
    const window = this.#current(bearer) ?? this.#begin(bearer, length)
    window.count += 1
    answer(null, { current: window.count, ttl: window.endsAt - Date.now() })
  }

  /** Tells the count without changing it. */
  read(bearer: string, answer: Counted, length: number): void {
    const { count, endsAt } = this.#current(bearer) ?? { count: 0, endsAt: Date.now() + length }
    answer(null, { current: count, ttl: endsAt - Date.now() })
  }

  /** A store of its own for each limit. */
  child(): Windows {
    return new Windows()
  }

  #current(bearer: string): Window | undefined {
    const window = this.#windows.get(bearer)
    return window !== undefined && window.endsAt > Date.now() ? window : undefined
  }

  #begin(bearer: string, length: number): Window {
    const window = { count: 0, endsAt: Date.now() + length }
    // Behind all others, also where an older one of the same bearer is over.
    this.#windows.delete(bearer)
    this.#windows.set(bearer, window)
    this.#forget()
    return window
  }

  #forget(): void {
    for (const [bearer, { endsAt }] of this.#windows) {
      if (endsAt > Date.now() && this.#windows.size <= mostWindows) break
      this.#windows.delete(bearer)
    }
  }
}
