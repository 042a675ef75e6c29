import type { Test } from 'tap'

/** As much of a value as another one goes into: of objects the fields that it has, of lists every item. */
function asFarAs(expected: unknown, value: unknown): unknown {
  if (Array.isArray(expected) && Array.isArray(value)) {
    return value.map((item, index) => (index in expected ? asFarAs(expected[index], item) : item))
  }
  if (!isObject(expected) || !isObject(value)) return value
  const fields = Object.keys(expected).map((field) => [field, asFarAs(expected[field], value[field])])
  return Object.fromEntries(fields)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Asserts that a record says what is expected, whatever else it says; lists have to be as long. */
export function says(t: Test, value: unknown, expected: unknown, message = 'it says so'): boolean {
  return t.strictSame(asFarAs(expected, value), expected, message)
}
