import { isDeepStrictEqual } from 'node:util'

/** One section of the components of a document, which fills while operations are arranged. */
export interface Shelf {
  components: Record<string, unknown>
  /** Under the first of the names that is free or says the same; it stays where it is when none is. */
  keep<Value>(names: string | readonly string[], value: Value): Value
}

/** Keeps what has a name once, and answers a reference to it; what differs from its namesake stays where it is. */
export function shelf(kind: string): Shelf {
  const components: Record<string, unknown> = {}
  return {
    components,
    keep<Value>(names: string | readonly string[], value: Value): Value {
      const same = Object.keys(components).find((other) => isDeepStrictEqual(components[other], value))
      const name = same ?? [names].flat().find((candidate) => !(candidate in components))
      if (name === undefined) return value
      components[name] = value
      return { $ref: `#/components/${kind}/${name}` } as Value
    },
  }
}

/** What parameters are called that are no filters. */
const parameterNames: Readonly<Record<string, string>> = {
  q: 'Words',
  facets: 'FacetsBy',
  groupBy: 'GroupBy',
  from: 'From',
  to: 'To',
  ...Object.fromEntries(
    ['asOf', 'cascade', 'cursor', 'fields', 'include', 'limit', 'sample', 'seed', 'sort', 'total'].map(
      (name) => [name, capitalized(name)],
    ),
  ),
}

/**
 * What a parameter may be called among the components: by its own name where that usually means it, else by that of its
 * operation as well. Generators make types of parameters, too, which must not be called as the schemas are.
 */
export function parameterNamesOf(
  { in: place, name }: { in: string; name: string },
  operationId: string,
  isUsual: boolean,
): string[] {
  const subject = operationId.replace(/^[a-z]+/, '')
  if (place === 'path') return [`${subject}Id`]
  if (place === 'header') return [name.replaceAll('-', '')]
  const own = parameterNames[name] ?? `By${capitalized(name)}`
  return isUsual ? [own] : [`${subject}${own}`]
}

function capitalized(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`
}

/** A header is called as it is written, without what a name cannot hold. */
export const headerNameOf = (header: string): string => header.replaceAll('-', '')

/** What an answer with a status is called where many operations share it; successes are told apart by what they hold. */
export const responseNames: Readonly<Record<string, string>> = {
  204: 'Deleted',
  300: 'Several',
  304: 'NotModified',
  307: 'Called',
  308: 'Renamed',
  400: 'Malformed',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Gone',
  412: 'PreconditionFailed',
  413: 'TooLarge',
  415: 'UnsupportedMediaType',
  422: 'Unprocessable',
  429: 'TooManyRequests',
  503: 'Unavailable',
  default: 'Failure',
}
