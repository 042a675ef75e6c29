/** What follows from a text, kept for when the same text comes again; all of it is forgotten when there are `most`. */
export function remembered<Result>(of: (text: string) => Result, most = 10_000): (text: string) => Result {
  const known = new Map<string, Result>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    if (known.size >= most) known.clear()
    const result = of(text)
    known.set(text, result)
    return result
  }
}
