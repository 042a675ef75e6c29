import { Type } from '@sinclair/typebox'
import { type Column, type SQL, sql } from 'drizzle-orm'
import type { Filter, Modifiers } from '../../crud/filters/filter.js'
import { byReference, idsOf, refersTo } from '../../crud/filters/reference-filters.js'
import { definitionOf } from '../../crud/registry.js'
import { textArray } from '../../db/arrays.js'
import { indications as t } from './table.js'

// Looked up when it is used: the resource itself takes some of these filters.
const indicationsResource = () => definitionOf('indications')

/** The ids of the indications that keys name and of all below them, as an array. */
export function branchesOf(keys: readonly string[]): SQL {
  const ids = idsOf(indicationsResource(), keys)
  const isRoot = 'one' in ids ? sql`${t.id} = ${ids.one}` : sql`${t.id} = any(${ids.any})`
  return sql`array(with recursive branch as (
    select ${t.id} from ${t} where ${isRoot}
    union
    select below.id from ${t} below join branch on below.parent_id = branch.id)
    select id from branch)`
}

/** That a column refers to one of the indications, or to one below them, unless the exact ones are asked for. */
export function isOfIndication(
  column: Column | SQL,
  keys: readonly string[],
  { indicationExact }: Pick<Modifiers, 'indicationExact'>,
): SQL {
  if (indicationExact) return refersTo(column, indicationsResource(), keys)
  return sql`${column} = any(${branchesOf(keys)})`
}

/** Rows that are about an indication or one below it. */
export const byIndication = (column: Column, description: string): Filter => ({
  ...byReference(
    column,
    indicationsResource,
    `${description} Those below it count as well, unless \`indicationExact=true\`.`,
    ['leukemia'],
  ),
  modifiedBy: ['indicationExact'],
  matches: (keys, modifiers) => isOfIndication(column, keys, modifiers),
})

/** Indications anywhere below one of those named. */
export const byAncestor: Filter = {
  ...byReference(t.parentId, indicationsResource, 'An indication anywhere above it.', ['leukemia']),
  matches: (keys) => sql`${t.parentId} = any(${branchesOf(keys)})`,
}

/** Indications so many steps below the root of their tree. */
export const byDepth: Filter = {
  schema: Type.String({
    pattern: '^!?[0-9]{1,2}$',
    description: 'How many indications stand above it: 0 for a root.',
    examples: ['1'],
  }),
  matches: (depths) => {
    const deepest = Math.max(...depths.map(Number))
    return sql`${t.id} in (with recursive level as (
      select ${t.id}, 0 as depth from ${t} where ${t.parentId} is null
      union all
      select below.id, depth + 1 from ${t} below join level on below.parent_id = level.id where depth < ${deepest})
      select id from level where depth = any(${textArray(depths)}::int[]))`
  },
}
