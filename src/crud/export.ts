import { type SQL, sql } from 'drizzle-orm'
import type { Database } from '../db/connection.js'
import { type Position, pageOf } from '../db/keyset.js'
import { csvOf } from '../http/csv.js'
import { columnsOf } from './csv-columns.js'
import type { Item, Listable } from './definition.js'
import { JoinedItems } from './joined-items.js'
import { betweenItems, isAsKept, itemOf, type ListQuery, orderedKeys, presentedItems } from './list.js'
import { relationOf } from './relation.js'
import { selectWhere } from './where.js'

/** How an export is written: what stands before, between, behind and after its pages, and the text of a page. */
interface Format {
  head: string
  between: string
  behind: string
  tail: string
  /** What stands between items that are sent as they are kept; left out where they never are. */
  separator?: string
  textOf(items: string): string
}

const lines: Format = {
  head: '',
  between: '',
  behind: '\n',
  tail: '',
  separator: '\n',
  textOf: (items) => items.replaceAll(betweenItems, '\n'),
}

const json: Format = {
  head: '{"data":[',
  between: betweenItems,
  behind: '',
  tail: ']}',
  separator: betweenItems,
  textOf: (items) => items,
}

function csv(listable: Listable, { fields }: ListQuery): Format {
  const columns = columnsOf(listable, fields)
  const rowOf = (item: Item) => columns.map(({ cell }) => cell(item))
  return {
    head: csvOf([columns.map(({ head }) => head)]),
    between: '',
    behind: '',
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
  const { head, textOf, behind, tail } = formatOf(type, listable, query)
  return head + (items === '' ? '' : textOf(items) + behind) + tail
}

/**
 * The text of all that matches, page by page, so that memory stays the same however much it is. Each page is a read
 * of its own: what is written meanwhile may be in it or not, what was there all the time stands in it once.
 */
export async function* exportOf(
  db: Database,
  listable: Listable,
  query: ListQuery,
  type: string,
): AsyncGenerator<string | Buffer> {
  const { head, between, behind, tail, separator, textOf } = formatOf(type, listable, query)
  const isPassedOn = separator !== undefined && isAsKept(listable, query)
  let [before, after] = [head, head]
  for await (const page of pagesOf(db, listable, query, isPassedOn ? separator : betweenItems)) {
    yield before
    yield isPassedOn ? page : textOf(String(presentedItems(listable, page, query)))
    before = behind + between
    after = behind
  }
  yield after + tail
}

/**
 * The items of page after page, of which each is gone when the one after it is asked for: most exports pass nothing on but
 * these bytes. The next page is read while one is sent.
 */
async function* pagesOf(
  db: Database,
  listable: Listable,
  query: ListQuery,
  separator: string,
): AsyncGenerator<Buffer> {
  const read = (after: Position | null, items: JoinedItems) => readPage(db, listable, query, after, items)
  let [items, others] = [new JoinedItems(separator), new JoinedItems(separator)]
  let end = await read(query.after, items)
  while (items.bytes.length > 0) {
    const next = end === null ? null : read(end, others)
    // Where nobody asks for it any more, nobody asks how it went.
    next?.catch(() => {})
    yield items.bytes
    items.empty()
    if (next === null) return
    end = await next
    ;[items, others] = [others, items]
  }
}

/** Reads the items after a position; answers where they end if there may be more. */
async function readPage(
  db: Database,
  listable: Listable,
  query: ListQuery,
  after: Position | null,
  items: JoinedItems,
): Promise<Position | null> {
  let rows = 0
  let end: Position | null = null
  await db.each(pageAfter(listable, query, after), ([item, ...position]) => {
    items.add(item as Buffer)
    rows++
    if (rows === query.limit) end = position.map((key) => key?.toString() ?? null)
  })
  return end
}

/** The items after a position, each with its own position. */
function pageAfter(listable: Listable, query: ListQuery, after: Position | null): SQL {
  const { limit, meant, include } = query
  const { asOf } = meant.modifiers
  const keys = orderedKeys(listable, query.sort, asOf)
  const columns = [
    itemOf(listable, include, asOf),
    ...keys.map(({ expression }) => sql`(${expression})::text`),
  ]
  const page = { from: relationOf(listable, asOf), columns: sql.join(columns, sql`, `), keys, after, limit }
  return selectWhere(listable, meant, (where) => pageOf({ ...page, where }))
}
