import { type Placeholder, type SQL, sql } from 'drizzle-orm'

/** A column or expression that a list can be sorted by. */
export interface SortKey {
  expression: SQL
  /** The PostgreSQL type of the expression, to which the text in a cursor is cast. */
  type: 'text' | 'integer' | 'timestamptz' | 'daterange' | 'uuid'
  /** Whether it may be null; nulls come last in both directions. */
  nullable: boolean
}

export interface OrderedKey extends SortKey {
  descending: boolean
  /** What every value lies below, where that is known: read downwards, an index is entered there. */
  end?: SQL
}

/** The text of each sort key of the last row seen, in their order; null for a null. */
export type Position = readonly (string | null)[]

/** A position whose texts may come later. */
export type Place = readonly (string | Placeholder | null)[]

/** Text sorts by its letters, not by their case, and the same on every platform. */
export const byText = (column: SQL.Aliased | SQL | object, nullable = false): SortKey => ({
  expression: sql`lower(${column}) collate "C"`,
  type: 'text',
  nullable,
})

/** Partial dates sort by the start of their days, then by the end, which is how PostgreSQL orders ranges. */
export const byPartialDate = (column: object): SortKey => ({
  expression: sql`${column}`,
  type: 'daterange',
  nullable: true,
})

export const byInstant = (column: object): SortKey => ({
  expression: sql`${column}`,
  type: 'timestamptz',
  nullable: false,
})

const cast = (key: SortKey, text: string | Placeholder) => sql`${text}::${sql.raw(key.type)}`
const both = (conditions: SQL[]) => (conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `))

/**
 * The conditions of the rows after a position, in the order in which their rows come. Each is one range of an
 * index on the keys: rows are compared as rows, and nulls have a section of their own, since `a > $1 or a is null`
 * would be a filter over the whole table. The last key must be unique and not null.
 */
export function sectionsAfter(keys: readonly OrderedKey[], position: Place | null): SQL[] {
  return sections(keys, position).map(both)
}

function sections(keys: readonly OrderedKey[], position: Place | null): SQL[][] {
  // The last key is never null, so that no position leaves none.
  const [key, ...rest] = keys as [OrderedKey, ...OrderedKey[]]
  if (position === null) return sectionsFromStart(key)
  const [text, ...restOfPosition] = position
  if (text == null) {
    return sections(rest, restOfPosition).map((section) => [sql`${key.expression} is null`, ...section])
  }
  const nulls = key.nullable ? [[sql`${key.expression} is null`]] : []
  if (isRowComparable(key, rest, restOfPosition))
    return [[rowAfter(keys, [text, ...restOfPosition])], ...nulls]
  const equal = sql`${key.expression} = ${cast(key, text)}`
  const after = key.descending
    ? sql`${key.expression} < ${cast(key, text)}`
    : sql`${key.expression} > ${cast(key, text)}`
  return [...sections(rest, restOfPosition).map((section) => [equal, ...section]), [after], ...nulls]
}

/** An ascending index ends with its nulls, so that only a descending key needs two sections. */
function sectionsFromStart(key: OrderedKey): SQL[][] {
  if (!key.nullable || !key.descending) return [[]]
  const known = key.end === undefined ? sql`is not null` : sql`< ${key.end}`
  return [[sql`${key.expression} ${known}`], [sql`${key.expression} is null`]]
}

/** Whether all keys left run one way and none of those after the first can be null: then rows compare as rows. */
function isRowComparable(key: OrderedKey, rest: readonly OrderedKey[], position: Place): boolean {
  return rest.every(
    (next, index) => next.descending === key.descending && !next.nullable && position[index] !== null,
  )
}

function rowAfter(keys: readonly OrderedKey[], texts: Place): SQL {
  const [first] = keys
  const left = sql.join(
    keys.map((key) => key.expression),
    sql`, `,
  )
  const right = sql.join(
    keys.map((key, index) => cast(key, texts[index] as string | Placeholder)),
    sql`, `,
  )
  return first?.descending ? sql`(${left}) < (${right})` : sql`(${left}) > (${right})`
}

/**
 * How a key orders a section. The first key is null in all of its rows or in none (or ascending, where nulls come
 * last anyway), and `nulls last` would only keep an index from being read backwards.
 */
function orderOf({ expression, descending, nullable }: OrderedKey, index: number): SQL {
  if (!descending) return sql`${expression}`
  return index > 0 && nullable ? sql`${expression} desc nulls last` : sql`${expression} desc`
}

/** The order of rows that are read whole and sorted. */
export const orderOfAll = (keys: readonly OrderedKey[]): SQL =>
  sql.join(
    keys.map(({ expression, descending }) => (descending ? sql`${expression} desc nulls last` : expression)),
    sql`, `,
  )

/** A usual limit stands in the statement: a plan is made for it once, since a plan for any limit is dearer. */
const limitOf = (limit: number): SQL => (limit <= 101 ? sql.raw(String(limit)) : sql`${limit}`)

/**
 * The rows of a page as SQL: `columns` of the first `limit` rows after a position, in order, as one statement that
 * reads no more of the index than it answers.
 */
export function pageOf(query: {
  /** The table, or what stands in its place under its name. */
  from: SQL
  columns: SQL
  where: SQL
  keys: readonly OrderedKey[]
  after: Place | null
  limit: number
}): SQL {
  const { from, columns, where, keys, after } = query
  const limit = limitOf(query.limit)
  const orderBy = sql.join(keys.map(orderOf), sql`, `)
  const branches = sectionsAfter(keys, after).map(
    (section) =>
      sql`select ${columns} from ${from} where ${where} and ${section} order by ${orderBy} limit ${limit}`,
  )
  const [only, ...others] = branches
  if (only !== undefined && others.length === 0) return only
  return sql`(${sql.join(branches, sql`) union all (`)}) limit ${limit}`
}
