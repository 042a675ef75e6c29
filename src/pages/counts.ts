import { type SQL, sql } from 'drizzle-orm'
import { definitionOf } from '../crud/registry.js'
import type { Queryable } from '../db/connection.js'

/** How many records of some resources there are, by their names, in one statement. */
export async function countRecords<Name extends string>(
  db: Queryable,
  names: readonly Name[],
): Promise<Record<Name, number>> {
  const counts = names.map((name): SQL => {
    const { table } = definitionOf(name)
    return sql`(select count(*)::int from ${table}) as ${sql.identifier(name)}`
  })
  const [row] = await db.rows<Record<Name, number>>(sql`select ${sql.join(counts, sql`, `)}`)
  return row as Record<Name, number>
}
