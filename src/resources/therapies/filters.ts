import type { SQL } from 'drizzle-orm'
import type { Filter } from '../../crud/filters/filter.js'
import { type Passing, through } from '../../crud/filters/reference-filters.js'
import { therapiesResource } from './store.js'

/** The filters of therapies that rows of other lists take as well, about the therapy that they refer to. */
const names = ['modality', 'cellOrigin', 'cellSource', 'vector', 'stage', 'target'] as const

/** Rows whose therapy passes a filter; `lift` makes of the therapies that pass it a condition on the rows. */
export const throughTherapy = (lift: (passing: Passing) => SQL): Record<(typeof names)[number], Filter> =>
  Object.fromEntries(names.map((name) => [name, through(lift, () => therapiesResource, name)])) as Record<
    (typeof names)[number],
    Filter
  >
