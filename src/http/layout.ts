const width = 110

/** JSON for people and for diffs: what fits on a line stands on one, everything else a line an item. */
export function laidOut(value: unknown, indent = ''): string {
  const line = inLine(value)
  if (!isNested(value) || indent.length + line.length <= width) return line
  const deeper = `${indent}  `
  const [open, items, close] = Array.isArray(value)
    ? ['[', value.map((item) => laidOut(item, deeper)), ']']
    : ['{', entriesOf(value).map(([key, item]) => `${JSON.stringify(key)}: ${laidOut(item, deeper)}`), '}']
  return `${open}\n${items.map((item) => deeper + item).join(',\n')}\n${indent}${close}`
}

function inLine(value: unknown): string {
  if (!isNested(value)) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(inLine).join(', ')}]`
  const items = entriesOf(value).map(([key, item]) => `${JSON.stringify(key)}: ${inLine(item)}`)
  return items.length === 0 ? '{}' : `{ ${items.join(', ')} }`
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null

/** As JSON has it, a field without a value is no field. */
const entriesOf = (value: object) => Object.entries(value).filter(([, item]) => item !== undefined)
