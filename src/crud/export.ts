import type { Queryable } from '../db/connection.js'
import { csvOf } from '../http/csv.js'
import { columnsOf } from './csv-columns.js'
import type { Item, Listable } from './definition.js'
import { betweenItems, type ListQuery, listItems } from './list.js'

/** How an export is written: what stands before, between and after its pages, and the text of a page. */
interface Format {
  head: string
  between: string
  tail: string
  textOf(items: string): string
}

const lines: Format = {
  head: '',
  between: '',
  tail: '',
  textOf: (items) => (items === '' ? '' : `${items.replaceAll(betweenItems, '\n')}\n`),
}

const json: Format = { head: '{"data":[', between: betweenItems, tail: ']}', textOf: (items) => items }

function csv(listable: Listable, { fields }: ListQuery): Format {
  const columns = columnsOf(listable, fields)
  const rowOf = (item: Item) => columns.map(({ cell }) => cell(item))
  return {
    head: csvOf([columns.map(({ head }) => head)]),
    between: '',
    tail: '',
    textOf: (items) => csvOf((JSON.parse(`[${items}]`) as Item[]).map(rowOf)),
  }
}

function formatOf(type: string, listable: Listable, query: ListQuery): Format {
  if (type === 'text/csv') return csv(listable, query)
  return type === 'application/json' ? json : lines
}

/** The text of a page alone, as lines or as a table. */
export function pageText(listable: Listable, query: ListQuery, type: string, items: string): string {
  const { head, textOf, tail } = formatOf(type, listable, query)
  return head + textOf(items) + tail
}

/**
 * The text of all that matches, page by page, so that memory stays the same however much it is. Each page is a read
 * of its own: what is written meanwhile may be in it or not, what was there all the time stands in it once.
 */
export async function* exportOf(
  db: Queryable,
  listable: Listable,
  query: ListQuery,
  type: string,
): AsyncGenerator<string> {
  const { head, between, tail, textOf } = formatOf(type, listable, query)
  let { after } = query
  let before = head
  do {
    const page = await listItems(db, listable, { ...query, after })
    yield before + textOf(page.items)
    before = between
    after = page.end
  } while (after !== null)
  yield tail
}
