/** How JSON is laid out for people and for diffs. A tab counts as two columns. */
export interface Layout {
  width: number
  indent: string
  /** Between a name and its value, and inside of brackets on one line. */
  space: '' | ' '
  /** Levels, from the outermost, that are not indented. */
  flush: number
  /** Whether several short items stand on one line, as many as fit. */
  fills: boolean
}

/** That of a long document: dense, and its two outer levels, which hold nothing but sections, not indented. */
export const dense: Layout = { width: 180, indent: '\t', space: '', flush: 2, fills: true }

/** That of an answer in a text. */
export const airy: Layout = { width: 110, indent: '  ', space: ' ', flush: 0, fills: false }

/** JSON of which what fits on a line stands on one. */
export function laidOut(value: unknown, layout: Layout, depth = 0): string {
  const line = inLine(value, layout)
  if (!isNested(value) || columnsAt(depth, layout) + line.length <= layout.width) return line
  const deeper = depth + 1
  const [open, items, close] = Array.isArray(value)
    ? ['[', value.map((item) => laidOut(item, layout, deeper)), ']']
    : ['{', membersOf(value, layout, (item) => laidOut(item, layout, deeper)), '}']
  const lines = layout.fills ? filled(items, layout.width - columnsAt(deeper, layout)) : items
  const indented = lines.map((each) => indentOf(deeper, layout) + each)
  return `${open}\n${indented.join(',\n')}\n${indentOf(depth, layout)}${close}`
}

const columnsAt = (depth: number, { flush }: Layout) => 2 * Math.max(0, depth - flush)

const indentOf = (depth: number, { indent, flush }: Layout) => indent.repeat(Math.max(0, depth - flush))

/** Items as lines: those of one line one after the other, as far as there is room. */
function filled(items: readonly string[], room: number): string[] {
  const lines: string[] = []
  for (const item of items) {
    const last = lines.at(-1)
    const fits =
      last !== undefined && last.length + item.length + 2 <= room && !`${last}${item}`.includes('\n')
    if (fits) lines[lines.length - 1] = `${last}, ${item}`
    else lines.push(item)
  }
  return lines
}

function inLine(value: unknown, layout: Layout): string {
  if (!isNested(value)) return JSON.stringify(value)
  const { space } = layout
  if (Array.isArray(value)) return `[${value.map((item) => inLine(item, layout)).join(`,${space}`)}]`
  const members = membersOf(value, layout, (item) => inLine(item, layout))
  return members.length === 0 ? '{}' : `{${space}${members.join(`,${space}`)}${space}}`
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null

/** As JSON has it, a field without a value is no field. */
const membersOf = (value: object, { space }: Layout, written: (item: unknown) => string): string[] =>
  Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => `${JSON.stringify(key)}:${space}${written(item)}`)
