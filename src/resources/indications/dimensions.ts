import { type Column, type SQL, sql } from 'drizzle-orm'
import { type Dimension, type Dimensions, ofReference, ofWord } from '../../crud/dimensions.js'
import { indications as t } from './table.js'

/** What keys of indications refer to. */
const toIndication = { table: t, name: t.name }

/** Every indication with those above it, root first, itself last. */
const paths = sql`(
  with recursive tree as (
    select id, array[id] as path from ${t} where parent_id is null
    union all select below.id, path || below.id from ${t} below join tree on tree.id = below.parent_id)
  select * from tree)`

type Further = Pick<Dimension, 'joins' | 'many' | 'filters'>

/** Groups rows by the indication that a column refers to, or by its ancestor at a depth. */
export function ofIndication(column: Column | SQL, description: string, further: Further = {}): Dimension {
  return {
    ...ofReference(column, toIndication, description, further),
    atDepth: (depth) => ({
      ...ofReference(
        sql`coalesce(tree.path[${depth + 1}::int], tree.id)`,
        toIndication,
        description,
        further,
      ),
      joins: { ...further.joins, tree: () => sql`${paths} tree on tree.id = ${column}` },
      // Two indications of one row can have the same ancestor.
      ...(further.many && { many: 'repeated' }),
    }),
  }
}

/** What indications can be grouped by. */
export const indicationDimensions: Dimensions = {
  parent: ofReference(t.parentId, toIndication, 'The indication right above it.'),
  depth: ofWord(sql`cardinality(tree.path) - 1`, 'How far below its root it is; roots are at 0.', {
    joins: { tree: () => sql`${paths} tree on tree.id = ${t.id}` },
  }),
}
