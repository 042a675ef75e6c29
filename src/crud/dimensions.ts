import { type Column, type SQL, sql } from 'drizzle-orm'
import type { AsOf } from '../domain/as-of.js'
import { type Fault, problem } from '../http/problem.js'
import { hintAt } from '../http/validation.js'
import type { Listable, RecordTable } from './definition.js'
import type { Meant } from './list-parameters.js'
import { relationOf } from './relation.js'
import { whereOf } from './where.js'

/** Something that the rows of a list can be grouped by. */
export interface Dimension {
  /** What rows are grouped by, for the contract. */
  description: string
  /** The key of a row, as SQL over the row and what is joined to it; null where it is missing. */
  key: SQL
  /** What has to be joined to the rows for the key, by names; dimensions that name the same join share it. */
  joins?: Joins
  /** Whether a row may have several keys: each of them once, or the same one again. */
  many?: 'once' | 'repeated'
  /** A key as text, where that is not the key itself; for a reference, that is the slug. */
  value?(key: SQL): SQL
  /** What the keys refer to, and the column of its name. */
  refersTo?: { table: RecordTable; name: Column }
  /** The filters that choose by the same thing, besides the one of the same name. */
  filters?: readonly string[]
  /** For what stands in a tree: the same by the ancestor at a depth, where roots have the depth 0. */
  atDepth?(depth: number): Dimension
}

type Joins = Readonly<Record<string, (asOf?: AsOf) => SQL>>

/** The dimensions of a list by their names. */
export type Dimensions = Readonly<Record<string, Dimension>>

type Further = Pick<Dimension, 'joins' | 'many' | 'filters'>

/** Groups rows by a column of words, or of other short values. */
export const ofWord = (column: Column | SQL, description: string, further: Further = {}): Dimension => ({
  description,
  key: sql`${column}`,
  ...further,
})

/** Groups rows by the record that a column refers to. */
export const ofReference = (
  column: Column | SQL,
  refersTo: NonNullable<Dimension['refersTo']>,
  description: string,
  further: Further = {},
): Dimension => ({ description, key: sql`${column}`, refersTo, ...further })

/** Groups rows by the year of a partial date, which is always known. */
export const ofYear = (date: Column | SQL, description: string, further: Further = {}): Dimension => ({
  description,
  key: sql`date_part('year', lower(${date}))::int`,
  ...further,
})

/** Groups rows by the quarter of a partial date; of a mere year it is not known. */
export const ofQuarter = (date: Column | SQL, description: string, further: Further = {}): Dimension => ({
  description,
  key: sql`case when upper(${date}) <= date_trunc('quarter', lower(${date})) + interval '3 months'
    then date_trunc('quarter', lower(${date}))::date end`,
  value: (key) => sql`to_char(${key}, 'YYYY-"Q"Q')`,
  ...further,
})

/** A dimension as a query names it. */
export interface Chosen {
  /** As it was asked for: `indication:1`. */
  asked: string
  /** The name of the dimension alone: `indication`. */
  name: string
  dimension: Dimension
}

/** The form of a list of dimensions with commas, those of a tree perhaps with a depth. */
export const dimensionsPattern = '^[A-Za-z]+(?::[0-9])?(?:,[A-Za-z]+(?::[0-9])?){0,99}$'

/** The names of the dimensions of a list, for the contract. */
export const namesOfDimensions = ({ dimensions = {} }: Listable): string =>
  Object.entries(dimensions)
    .map(([name, { atDepth }]) =>
      atDepth === undefined ? `\`${name}\`` : `\`${name}\` (or \`${name}:1\`, its ancestor at that depth)`,
    )
    .join(', ')

/** Reads `program,indication:1`, so many at the most; a problem names what rows cannot be grouped by. */
export function readDimensions(listable: Listable, parameter: string, text: string, most: number): Chosen[] {
  const asked = text.split(',')
  if (asked.length > most) throw malformed({ parameter, message: `takes at most ${most} at once` })
  const chosen = asked.map((each) => readDimension(listable, parameter, each))
  const names = chosen.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return chosen
  throw malformed({ parameter, message: `"${twice}" stands there twice` })
}

function readDimension({ dimensions = {} }: Listable, parameter: string, asked: string): Chosen {
  const [name = '', depth] = asked.split(':')
  const dimension = dimensions[name]
  if (dimension === undefined) {
    const allowed = Object.keys(dimensions)
    const message = `nothing is grouped by "${name}"${hintAt(name, allowed)}`
    throw malformed({ parameter, message, allowed })
  }
  if (depth === undefined) return { asked, name, dimension }
  if (dimension.atDepth !== undefined) return { asked, name, dimension: dimension.atDepth(Number(depth)) }
  throw malformed({ parameter, message: `"${name}" is no tree and has no depths` })
}

const malformed = (fault: Fault) => problem('malformed', fault.message, { errors: [fault] })

/** The column of a group that holds something of one of its dimensions: `key0`, `value1`. */
export const part = (name: string, index: number): SQL => sql`${sql.identifier(`${name}${index}`)}`

const listOf = (parts: readonly SQL[]): SQL => sql.join([...parts], sql`, `)

/** What dimensions need beside the rows of a list. */
export function joinsOf(dimensions: readonly Dimension[], asOf?: AsOf): SQL {
  const joins: Joins = Object.assign({}, ...dimensions.map(({ joins }) => joins))
  return sql.join(
    Object.values(joins).map((join) => sql` left join ${join(asOf)}`),
    sql``,
  )
}

/**
 * The groups of the rows that are meant: `key0`, `key1` … and `count`, in which a row counts once in each group
 * that it belongs to.
 */
export function groupsOf(listable: Listable, dimensions: readonly Dimension[], meant: Meant): SQL {
  const { asOf } = meant.modifiers
  const keys = dimensions.map(({ key }, index) => sql`${key} as ${part('key', index)}`)
  const rows = sql`from ${relationOf(listable, asOf)}${joinsOf(dimensions, asOf)} where ${whereOf(listable, meant)}`
  if (keys.length === 0) return sql`select count(*)::int as count ${rows}`
  const names = listOf(keys.map((_, index) => part('key', index)))
  const source = dimensions.some(({ many }) => many === 'repeated')
    ? sql`(select distinct ${listable.table.id}, ${listOf(keys)} ${rows})`
    : sql`(select ${listOf(keys)} ${rows})`
  return sql`select ${names}, count(*)::int as count from ${source} r group by ${names}`
}

/** How many rows are meant, each counted once; `groups` are their groups by the dimensions. */
export function totalOf(
  listable: Listable,
  dimensions: readonly Dimension[],
  meant: Meant,
  groups: SQL,
): SQL {
  if (dimensions.every(({ many }) => many === undefined)) {
    return sql`(select coalesce(sum(count), 0)::int from ${groups})`
  }
  return sql`(select count(*)::int from ${relationOf(listable, meant.modifiers.asOf)}
    where ${whereOf(listable, meant)})`
}

/** The columns `value0`, `name0` … of groups: how their keys are written and what they are called. */
export const labelColumns = (dimensions: readonly Dimension[]): SQL[] =>
  dimensions.map((dimension, index) => {
    const { value, name } = labelOf(dimension, index)
    return sql`${value} as ${part('value', index)}, ${name} as ${part('name', index)}`
  })

function labelOf({ refersTo, value }: Dimension, index: number): { value: SQL; name: SQL } {
  const key = part('key', index)
  if (refersTo === undefined) {
    const text = value?.(key) ?? sql`${key}::text`
    return { value: text, name: text }
  }
  const label = part('label', index)
  return { value: sql`${label}.slug`, name: sql`${label}.${sql.identifier(refersTo.name.name)}` }
}

/** What the columns of labels need beside the groups. */
export const labelJoins = (dimensions: readonly Dimension[]): SQL =>
  sql.join(
    dimensions.flatMap(({ refersTo }, index) =>
      refersTo === undefined
        ? []
        : [
            sql` left join ${refersTo.table} as ${part('label', index)}
            on ${part('label', index)}.id = ${part('key', index)}`,
          ],
    ),
    sql``,
  )
