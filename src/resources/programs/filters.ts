import { type Column, sql } from 'drizzle-orm'
import type { Filter } from '../../crud/filters/filter.js'
import { byReference, refersTo } from '../../crud/filters/reference-filters.js'
import { authoritiesResource } from '../authorities/store.js'
import { programs } from './table.js'

/** Rows that refer to a programme of one of the authorities. */
export const byAuthority = (program: Column, description: string): Filter => ({
  ...byReference(program, () => authoritiesResource, description, ['fda']),
  matches: (keys) => sql`${program} = any(array(
    select ${programs.id} from ${programs} where ${refersTo(programs.authorityId, authoritiesResource, keys)}))`,
})
