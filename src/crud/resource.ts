import { sql } from 'drizzle-orm'
import { fixed } from '../db/fixed.js'
import type { SortKey } from '../db/keyset.js'
import { byInstant } from '../db/keyset.js'
import { pageOf, patchOf, wholeOf } from '../http/schema.js'
import type { Definition, RecordTable } from './definition.js'
import { byInstants } from './filters/date-filters.js'
import type { Filter } from './filters/filter.js'
import { byQuery } from './filters/search-filters.js'
import { recordAsOf } from './history.js'
import { registerDefinition } from './registry.js'

/** What a resource has to say of itself; the rest follows. */
type Declaration = Omit<Definition, 'patch' | 'page' | 'whole' | 'below'> & Partial<Pick<Definition, 'below'>>

/** The sort keys of every resource, besides its own. */
const recordSorts = (table: RecordTable): Record<string, SortKey> => ({
  slug: { expression: sql`${table.slug}`, type: 'text', nullable: false },
  updatedAt: byInstant(table.updatedAt),
})

/** The filters of every resource, besides its own. */
const recordFilters = (name: string, table: RecordTable): Record<string, Filter> => ({
  q: byQuery({ resource: name, id: table.id }),
  ...byInstants('updated', table.updatedAt, 'Last changed'),
})

/** Declares a resource of the registry: its patch and page schemas follow from the others. */
export function defineResource(declaration: Declaration): Definition {
  const { name, table, sorts, filters } = declaration
  const definition: Definition = {
    below: [],
    present: (item, asOf) => (asOf === undefined ? item : recordAsOf(definition, item, asOf)),
    ...declaration,
    document: fixed(declaration.document),
    sorts: { ...sorts, ...recordSorts(table) },
    filters: { ...filters, ...recordFilters(name, table) },
    patch: patchOf(declaration.input),
    page: pageOf(declaration.record, name),
    whole: wholeOf(declaration.record, name),
  }
  registerDefinition(definition)
  return definition
}
