export type Cell = string | number | null

/** What a spreadsheet would take for a formula. */
const formula = /^[=+\-@\t\r]/

/**
 * Rows as CSV (RFC 4180). A null is an empty cell; a text that a spreadsheet would run as a formula gets an
 * apostrophe before it, which spreadsheets hide.
 */
export const csvOf = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => `${row.map(written).join(',')}\r\n`).join('')

function written(cell: Cell): string {
  if (typeof cell !== 'string') return String(cell ?? '')
  const text = formula.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
