/**
 * What follows from something, kept for when the same comes again; `keyOf` tells what is the same. All of it is forgotten
 * when there are `most`.
 */
export function remembered<Input, Result>(
  of: (input: Input) => Result,
  keyOf: (input: Input) => string = String,
  most = 10_000,
): (input: Input) => Result {
  const known = new Map<string, Result>()
  return (input) => {
    const key = keyOf(input)
    const before = known.get(key)
    if (before !== undefined) return before
    if (known.size >= most) known.clear()
    const result = of(input)
    known.set(key, result)
    return result
  }
}
