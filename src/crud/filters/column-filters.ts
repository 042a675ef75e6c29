import { Type } from '@sinclair/typebox'
import { type Column, type SQL, sql } from 'drizzle-orm'
import { textArray } from '../../db/arrays.js'
import { isAmong } from '../../db/conditions.js'
import { normalName } from '../../domain/names.js'
import { recordsNamed } from '../../search/names.js'
import { type Filter, NONE } from './filter.js'

const escaped = (word: string) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Rows whose column (or other text) holds one of the values of a vocabulary. */
export function byWord(
  column: Column | SQL,
  words: { readonly values: readonly string[] },
  description: string,
): Filter {
  return {
    schema: Type.String({
      pattern: `^!?(?:${[...words.values, NONE].map(escaped).join('|')})$`,
      description: `${description} One of ${words.values.map((word) => `\`${word}\``).join(', ')} or \`none\`.`,
    }),
    matches: (values) => isAmong(column, values),
    missing: sql`${column} is null`,
  }
}

/** Rows whose column is one of the texts as it stands. */
export function bySameText(column: Column, description: string, examples: string[]): Filter {
  return {
    schema: Type.String({ minLength: 1, maxLength: 2000, description, examples }),
    matches: (values) => isAmong(column, values),
    missing: sql`${column} is null`,
  }
}

/** Rows in which something holds, or does not, or is not known. */
export function byFlag(column: Column, description: string): Filter {
  return byWord(sql`${column}::text`, { values: ['true', 'false'] }, description)
}

/** Rows whose column is one of the texts, in any case. */
export function byExactText(column: Column, description: string, examples: string[]): Filter {
  return {
    schema: Type.String({ minLength: 1, maxLength: 2000, description, examples }),
    matches: (values) =>
      isAmong(
        sql`lower(${column}) collate "C"`,
        values.map((value) => value.toLowerCase()),
      ),
    missing: sql`${column} is null`,
  }
}

/** Records of a resource that another system knows by one of the identifiers, each written `system:value`. */
export function byIdentifier(resource: string, id: Column, column: Column): Filter {
  return {
    schema: Type.String({
      // A dot is not the same in every language: here it is any character.
      pattern: `^(?:!?[a-z0-9.-]+:[\\s\\S]+|!?${NONE})$`,
      maxLength: 200,
      description: 'What another system calls it, as `system:value`.',
      examples: ['ema-orphan:EU/3/15/1509'],
    }),
    matches: (values) => {
      const identifiers = values.map(identifierOf)
      const wanted = textArray(identifiers.map((identifier) => JSON.stringify([identifier])))
      // Identifiers are names to search as well, which finds the few records that may have them by an index.
      const names = textArray(identifiers.map(({ value }) => normalName(value)))
      return sql`${id} = any(array(${recordsNamed(resource, names)})) and ${column} @> any(${wanted}::jsonb[])`
    },
    missing: sql`${column} = '[]'`,
  }
}

/** The system of an identifier has no colon; its value may have some. */
function identifierOf(text: string): { system: string; value: string } {
  const colon = text.indexOf(':')
  return { system: text.slice(0, colon), value: text.slice(colon + 1) }
}
