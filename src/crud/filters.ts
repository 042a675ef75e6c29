import { type TSchema, Type } from '@sinclair/typebox'
import { type Column, type SQL, sql } from 'drizzle-orm'
import { isAmong } from '../db/arrays.js'
import type { Definition } from './definition.js'
import { hasKey, isKey } from './keys.js'

/** A filter of a list: how its values are written and which rows they mean. */
export interface Filter {
  /** The schema of one value. */
  schema: TSchema
  /** The rows that have one of the values. */
  matches(values: readonly string[]): SQL
  /** The rows that have no value at all. */
  missing: SQL
}

/** A filter's values, sorted by what they ask for: `a`, `!a`, `none`, `!none`. */
interface Wanted {
  any: string[]
  not: string[]
  none: boolean
  some: boolean
}

const NONE = 'none'

/** Rows whose column holds one of the values of a vocabulary. */
export function byWord(
  column: Column,
  words: { readonly values: readonly string[] },
  description: string,
): Filter {
  const escaped = words.values.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return {
    schema: Type.String({
      pattern: `^!?(?:${[...escaped, NONE].join('|')})$`,
      description: `${description} One of ${words.values.map((word) => `\`${word}\``).join(', ')} or \`none\`.`,
    }),
    matches: (values) => isAmong(column, values),
    missing: sql`${column} is null`,
  }
}

/** Rows whose column is one of the texts, in any case. */
export function byExactText(column: Column, description: string, examples: string[]): Filter {
  return {
    schema: Type.String({ minLength: 1, maxLength: 200, description, examples }),
    matches: (values) =>
      isAmong(
        sql`lower(${column})`,
        values.map((value) => value.toLowerCase()),
      ),
    missing: sql`${column} is null`,
  }
}

/** Rows whose column refers to one of the records that slugs or ids name. */
function refersTo(column: Column, { table }: Definition, keys: readonly string[]): SQL {
  const [key, ...others] = keys
  if (key !== undefined && others.length === 0) {
    return sql`${column} = (select ${table.id} from ${table} where ${isKey(table, key)})`
  }
  return sql`${column} = any(array(select ${table.id} from ${table} where ${hasKey(table, keys)}))`
}

/** Rows that refer to one of the records, by slug or id. */
export function byReference(
  column: Column,
  resource: () => Definition,
  description: string,
  examples: string[],
): Filter {
  return {
    schema: Type.String({
      minLength: 1,
      maxLength: 121,
      description: `${description} A slug or an id.`,
      examples,
    }),
    matches: (keys) => refersTo(column, resource(), keys),
    missing: sql`${column} is null`,
  }
}

/** Rows that have an item, in a table of their own, which refers to one of the records. */
export function byItem(
  row: Column,
  item: { owner: Column; reference: Column },
  resource: () => Definition,
  description: string,
  examples: string[],
): Filter {
  const { owner, reference } = item
  return {
    schema: Type.String({
      minLength: 1,
      maxLength: 121,
      description: `${description} A slug or an id.`,
      examples,
    }),
    matches: (keys) =>
      sql`${row} in (select ${owner} from ${owner.table} where ${refersTo(reference, resource(), keys)})`,
    missing: sql`${row} not in (select ${owner} from ${owner.table})`,
  }
}

function wantedOf(values: readonly string[]): Wanted {
  const plain = values.filter((value) => !value.startsWith('!'))
  const negated = values.filter((value) => value.startsWith('!')).map((value) => value.slice(1))
  return {
    any: plain.filter((value) => value !== NONE),
    not: negated.filter((value) => value !== NONE),
    none: plain.includes(NONE),
    some: negated.includes(NONE),
  }
}

/**
 * The condition of one filter: its plain values are alternatives, and each negated one must not hold.
 * Rows without a value pass a negation: not known to be a is not a.
 */
export function conditionOf(filter: Filter, values: readonly string[]): SQL {
  const { any, not, none, some } = wantedOf(values)
  const alternatives = [...(any.length > 0 ? [filter.matches(any)] : []), ...(none ? [filter.missing] : [])]
  const conditions = [
    ...(alternatives.length > 0 ? [sql`(${sql.join(alternatives, sql` or `)})`] : []),
    ...(not.length > 0 ? [sql`(${filter.matches(not)}) is not true`] : []),
    ...(some ? [sql`not (${filter.missing})`] : []),
  ]
  return sql.join(conditions, sql` and `)
}

/** The query parameters of a resource's filters. */
export function filterParameters(filters: Record<string, Filter>) {
  const parameters = Object.entries(filters).map(([name, { schema }]) => {
    const { description, ...item } = schema
    const list = Type.Array(item as TSchema, { description: `${description}${likeOf(item)}`, maxItems: 100 })
    return [name, Type.Optional(list)] as const
  })
  return Object.fromEntries(parameters)
}

/** An example in words: as one of the parameter itself, documentation would fill it in and so narrow every list. */
const likeOf = ({ examples = [] }: { examples?: unknown[] }) =>
  examples.length === 0 ? '' : ` Such as \`${examples[0]}\`, \`!${examples[0]}\` or \`${NONE}\`.`
