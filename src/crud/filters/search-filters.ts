import { Type } from '@sinclair/typebox'
import { type Column, sql } from 'drizzle-orm'
import { matchesQuery, type RecordColumn, waysToMatch } from '../../search/match.js'
import { namesLike, waysToBeNamed } from '../../search/names.js'
import { maxQueryLength, parseQuery } from '../../search/query.js'
import type { Filter } from './filter.js'

/** Records of a resource that any of the names is one of: in any case, with or without hyphens, accents, Greek letters. */
export function byName(resource: string, id: Column): Filter {
  return {
    schema: Type.String({
      minLength: 1,
      maxLength: 300,
      description:
        'Any of its names, in any case, with or without hyphens, spaces, accents and Greek letters; `*` at an end stands for anything, as in `UCART*`.',
    }),
    matches: (names) => sql`${id} = any(array(${namesLike(resource, names)}))`,
    ways: (names) => waysToBeNamed(resource, names, id),
  }
}

/** Rows about a record that a search finds. */
export function byQuery(...columns: RecordColumn[]): Filter {
  return {
    single: true,
    schema: Type.String({
      minLength: 1,
      maxLength: maxQueryLength,
      description:
        'Words to find: all of them, in its names, in those of what it refers to, or in its texts; `"a phrase"` as it stands, `-word` without it.',
      examples: ['BCMA myeloma'],
    }),
    matches: ([text]) => matchesQuery(columns, parseQuery(String(text))),
    ways: ([text]) => waysToMatch(columns, parseQuery(String(text))),
  }
}
