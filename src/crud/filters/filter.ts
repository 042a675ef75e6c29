import type { TSchema } from '@sinclair/typebox'
import { type SQL, sql } from 'drizzle-orm'
import { anyOf } from '../../db/conditions.js'
import type { AsOf } from '../../domain/as-of.js'
import type { Definition } from '../definition.js'

/** What a query says about how its filters are meant. */
export interface Modifiers {
  /** Whether a partial date has to lie in a range as a whole, or may only do so. */
  dateMatch: 'possible' | 'certain'
  /** Whether an indication stands for itself alone, without its descendants. */
  indicationExact: boolean
  /** The day whose state of the world is asked for; today's when left out. */
  asOf?: AsOf
}

/** A modifier that means something only beside certain filters. */
export type ModifierName = 'dateMatch' | 'indicationExact'

/** Rows of another table, some of which have to pass all filters of the group together. */
export interface Group {
  /** The rows of the list that have such a row. */
  some(condition: SQL, modifiers: Modifiers): SQL
}

/** Two ways to find the rows that pass a filter: one takes long where many do, the other where few do. */
export interface Ways {
  /** Common table expressions, for `with recursive`, that the rest may refer to. */
  given: SQL
  /** Whether there are many. */
  areMany: SQL
  /** The condition for few: they are looked up. */
  few: SQL
  /** The condition for many: one row after the other is looked at, until a page is full. */
  many: SQL
}

/** A filter of a list: how its values are written and which rows they mean. */
export interface Filter {
  /** The schema of one value. */
  schema: TSchema
  /** Takes one value, which cannot be negated: one end of a range, a search. */
  single?: true
  /** The modifiers that change what it means. */
  modifiedBy?: readonly ModifierName[]
  /** What its values refer to; one that refers to nothing is told. */
  refersTo?: () => Definition
  /** The rows that have one of the values. */
  matches(values: readonly string[], modifiers: Modifiers): SQL
  /** The two ways to find them, where it depends on the values how many there are. */
  ways?(values: readonly string[], modifiers: Modifiers): Ways | undefined
  /** The rows that have no value at all; left out where none is no value. */
  missing?: SQL
  /** The rows of another table that it is about, together with others of the group. */
  group?: Group
}

/** The values of each filter of a query. */
export type FilterValues = Readonly<Record<string, readonly string[]>>

/** The value that finds what has none. */
export const NONE = 'none'

/** A filter's values, sorted by what they ask for: `a`, `!a`, `none`, `!none`. */
interface Wanted {
  any: string[]
  not: string[]
  none: boolean
  some: boolean
}

function wantedOf(filter: Filter, values: readonly string[]): Wanted {
  if (filter.single) return { any: [...values], not: [], none: false, some: false }
  const plain = values.filter((value) => !value.startsWith('!'))
  const negated = values.filter((value) => value.startsWith('!')).map((value) => value.slice(1))
  return {
    any: plain.filter((value) => value !== NONE),
    not: negated.filter((value) => value !== NONE),
    none: plain.includes(NONE),
    some: negated.includes(NONE),
  }
}

/** The values of a filter that name something, without their signs. */
export function namedBy(filter: Filter, values: readonly string[]): string[] {
  const { any, not } = wantedOf(filter, values)
  return [...any, ...not]
}

/** The two ways to find the rows that have one of the values of a filter, where it has them and nothing else is asked. */
export function waysOf(filter: Filter, values: readonly string[], modifiers: Modifiers): Ways | undefined {
  const { any, not, none, some } = wantedOf(filter, values)
  const isPlain = any.length > 0 && not.length === 0 && !none && !some
  return isPlain ? filter.ways?.(any, modifiers) : undefined
}

const all = (conditions: readonly SQL[]): SQL =>
  conditions.length === 0 ? sql`true` : sql.join([...conditions], sql` and `)

/** The rows that pass every filter of a query. */
export function conditionOf(
  filters: Readonly<Record<string, Filter>>,
  values: FilterValues,
  modifiers: Modifiers,
): SQL {
  const asked = Object.entries(values).map(([name, own]): Asked => {
    const filter = filters[name] as Filter
    return { filter, wanted: wantedOf(filter, own) }
  })
  const groups = new Set(asked.flatMap(({ filter }) => filter.group ?? []))
  return all([
    ...asked.filter(({ filter }) => filter.group === undefined).map((each) => alone(each, modifiers)),
    ...[...groups].map((group) =>
      together(
        group,
        asked.filter(({ filter }) => filter.group === group),
        modifiers,
      ),
    ),
  ])
}

interface Asked {
  filter: Filter
  wanted: Wanted
}

/**
 * The condition of one filter: its plain values are alternatives, and each negated one must not hold.
 * Rows without a value pass a negation: not known to be a is not a.
 */
function alone({ filter, wanted: { any, not, none, some } }: Asked, modifiers: Modifiers): SQL {
  const { missing = sql`false` } = filter
  const alternatives = [
    ...(any.length > 0 ? [filter.matches(any, modifiers)] : []),
    ...(none ? [missing] : []),
  ]
  return all([
    ...(alternatives.length > 0 ? [anyOf(alternatives)] : []),
    ...(not.length > 0 ? [sql`(${filter.matches(not, modifiers)}) is not true`] : []),
    ...(some ? [sql`not (${missing})`] : []),
  ])
}

/**
 * The condition of the filters of a group: one row of the other table has to have what all of them want, none may
 * have what one of them excludes; `none` asks that there is no row.
 */
function together(group: Group, members: readonly Asked[], modifiers: Modifiers): SQL {
  const some = (conditions: readonly SQL[]) => group.some(all(conditions), modifiers)
  const match = ({ filter, wanted }: Asked) => filter.matches(wanted.any, modifiers)
  const positive = members.filter(({ wanted }) => wanted.any.length > 0 && !wanted.none)
  return all([
    ...(positive.length > 0 ? [some(positive.map(match))] : []),
    ...members.flatMap((member) => {
      const { any, not, none, some: has } = member.wanted
      const orMatch = any.length > 0 ? sql` or ${some([match(member)])}` : sql``
      return [
        ...(none ? [sql`(not (${some([])})${orMatch})`] : []),
        ...(not.length > 0 ? [sql`not (${some([member.filter.matches(not, modifiers)])})`] : []),
        ...(has ? [some([])] : []),
      ]
    }),
  ])
}
