/** Random choices that come again with the same seed. */
export interface Random {
  seed: number
  /** A whole number from 0 up to but without `limit`. */
  below(limit: number): number
  chance(share: number): boolean
  oneOf<Item>(list: readonly Item[]): Item
  /** Some of a list, each at most once. */
  someOf<Item>(list: readonly Item[], most: number): Item[]
}

/** Random choices from a seed (mulberry32); a test tells its seed, so that a failure can be repeated. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    seed,
    below,
    chance: (share) => next() < share,
    oneOf: (list) => list[below(list.length)] as (typeof list)[number],
    someOf: (list, most) => {
      const left = [...list]
      return Array.from({ length: Math.min(below(most + 1), left.length) }, () => {
        const [item] = left.splice(below(left.length), 1)
        return item as (typeof list)[number]
      })
    },
  }
}
