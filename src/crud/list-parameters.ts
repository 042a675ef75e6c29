import { type TObject, type TSchema, Type } from '@sinclair/typebox'
import { asOfOf } from '../domain/as-of.js'
import { partialDatePattern } from '../domain/partial-date.js'
import type { Listable } from './definition.js'
import { facetsParameter } from './facets.js'
import type { Filter, FilterValues, ModifierName, Modifiers } from './filters/filter.js'
import { NONE } from './filters/filter.js'

const modifierSchemas: Record<ModifierName, TSchema> = {
  dateMatch: Type.Unsafe<string>({
    title: 'DateMatch',
    type: 'string',
    enum: ['possible', 'certain'],
    default: 'possible',
    description:
      'How a partial date meets a date filter or `asOf`: `possible` when it may lie within, `certain` only when all of its days do.',
  }),
  indicationExact: Type.Boolean({
    default: false,
    description: 'Whether an indication stands for itself alone, without the indications below it.',
  }),
}

const asOfSchema = Type.String({
  pattern: partialDatePattern,
  format: 'partial-date',
  description:
    'The state of the world on that day (or at the end of that month, quarter or year), such as `2022-12-31`: what happened later does not count.',
})

/** The parameters that ask for the state of the world on a day, where a list or a record knows earlier ones. */
export const asOfParameters = ({ timed }: Listable): Record<string, TSchema> =>
  timed
    ? { dateMatch: Type.Optional(modifierSchemas.dateMatch), asOf: Type.Optional(asOfSchema) }
    : ({} as Record<string, TSchema>)

const modifiersOf = ({ filters }: Listable): ModifierName[] => [
  ...new Set(Object.values(filters).flatMap(({ modifiedBy = [] }) => modifiedBy)),
]

/** The query parameters that say which items of a list are meant. */
export function filterParameters(listable: Listable): Record<string, TSchema> {
  const { filters } = listable
  const ofFilters = Object.entries(filters).map(([name, filter]) => [
    name,
    Type.Optional(parameterOf(filter)),
  ])
  const ofModifiers = modifiersOf(listable).map((name) => [name, Type.Optional(modifierSchemas[name])])
  return {
    ...Object.fromEntries(ofFilters),
    ...Object.fromEntries(ofModifiers),
    ...asOfParameters(listable),
  }
}

/** Examples stand in words: as those of the parameter itself, documentation would fill them in and so narrow every list. */
function parameterOf({ single, schema, missing }: Filter): TSchema {
  const { description, examples = [], ...rest } = schema
  const [example] = examples
  if (single) return { ...rest, description: `${description} Such as \`${example}\`.` } as unknown as TSchema
  const like = [example, ...(missing === undefined ? [] : [NONE])].map((each) => `\`${each}\``)
  return Type.Array({ ...rest, ...(examples.length > 0 && { examples }) } as unknown as TSchema, {
    description: example === undefined ? description : `${description} Such as ${like.join(', ')}.`,
    maxItems: 100,
  })
}

/** What a query says of the items that it means. */
export interface Meant {
  values: FilterValues
  modifiers: Modifiers
}

/** Reads filters and modifiers out of a validated query; other parameters are passed over. */
export function readFilters({ filters }: Listable, query: Readonly<Record<string, unknown>>): Meant {
  const values = Object.keys(filters)
    .filter((name) => query[name] !== undefined)
    .map((name) => [name, [query[name]].flat().map(String)] as const)
  const {
    dateMatch = 'possible',
    indicationExact = false,
    asOf,
  } = query as Partial<Modifiers> & {
    asOf?: string
  }
  return {
    values: Object.fromEntries(values),
    modifiers: {
      dateMatch,
      indicationExact,
      ...(asOf !== undefined && { asOf: asOfOf(asOf, dateMatch) }),
    },
  }
}

/** The form of a list of names with commas, each perhaps with names below it. */
const namesPattern = '^[A-Za-z]+(?:\\.[A-Za-z]+)*(?:,[A-Za-z]+(?:\\.[A-Za-z]+)*){0,99}$'

/** The parameters that say what an answer holds of each item. */
export function contentParameters(listable: Listable, byDefault: string): Record<string, TSchema> {
  return {
    fields: Type.Optional(
      Type.String({
        pattern: namesPattern,
        maxLength: 2000,
        description:
          'The fields to answer, with commas, those of an object after a dot, such as `slug,name`; all when left out. Others are missing then, also where the schema of the answer requires them.',
      }),
    ),
    ...includeParameter(listable, byDefault),
  }
}

function includeParameter({ related = {} }: Listable, byDefault: string): Record<string, TSchema> {
  const names = Object.keys(related)
  if (names.length === 0) return {}
  const name = `(?:${names.join('|')})`
  return {
    include: Type.Optional(
      Type.String({
        pattern: `^(?:${name}(?:,${name})*)?$`,
        description: `Which related lists to embed, with commas: ${names.map((each) => `\`${each}\``).join(', ')}; ${byDefault}.`,
      }),
    ),
  }
}

function sortParameter({ sorts, defaultSort }: Listable): TSchema {
  const keys = Object.keys(sorts).sort()
  const key = `-?(?:${keys.join('|')})`
  return Type.Optional(
    Type.String({
      pattern: `^${key}(?:,${key}){0,3}$`,
      default: defaultSort,
      description: `What to sort by: ${keys.map((name) => `\`${name}\``).join(', ')}; several with commas, \`-\` before one for descending. What has none comes last.`,
    }),
  )
}

/** The parameters of an export: those of the list that say which records, what of them, and in which order. */
export const exportParameters = (listable: Listable): TObject =>
  Type.Object(
    {
      ...filterParameters(listable),
      ...contentParameters(listable, 'none when left out'),
      sort: sortParameter(listable),
    },
    { additionalProperties: false },
  )

/** The parameters that say which page of a list is answered. */
export const pageParameters = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      default: 20,
      description: 'The most records a page holds.',
    }),
  ),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4000,
      description: 'The `page.next` of the page before, with the same filters and sort.',
    }),
  ),
}

/** The parameters of a list: its filters, what it answers, its sort and its place. */
export function listParameters(listable: Listable): TObject {
  return Type.Object(
    {
      ...filterParameters(listable),
      ...contentParameters(listable, 'none when left out'),
      ...facetsParameter(listable),
      sort: sortParameter(listable),
      ...pageParameters,
      total: Type.Optional(
        Type.Boolean({
          default: false,
          description: 'Whether to count all that match, as `total`; not in NDJSON or CSV.',
        }),
      ),
      sample: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 1000,
          description:
            'Answers so many of those that match, drawn at random, on one page; the same ones for the same `seed`.',
        }),
      ),
      seed: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 2147483647,
          default: 0,
          description: 'Which random sample is drawn.',
        }),
      ),
    },
    { additionalProperties: false },
  )
}
