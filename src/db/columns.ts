import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  customType,
  date,
  index,
  integer,
  type PgColumn,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'
import { slugForm } from './constraints.js'

/**
 * A partial date (`2023`, `2023-Q1`, `2023-02`, `2023-02-11`) as the half-open range of the days it names.
 * `partial_date` is a domain over `daterange`, made by the first migration with `partial_date_text()`.
 */
export const partialDate = customType<{ data: string; driverData: string }>({
  dataType: () => 'partial_date',
})

/** A moment to the millisecond, as JavaScript has it: finer ones would not survive a cursor. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

/** The columns that every resource has; made anew for each table. `document` is the record as the API answers it, kept by the write path. */
export const recordColumns = () => ({
  id: uuid('id').primaryKey(),
  slug: text('slug').notNull().unique(),
  createdAt: instant('created_at').notNull().default(sql`now()`),
  updatedAt: instant('updated_at').notNull().default(sql`now()`),
  version: integer('version').notNull().default(1),
  document: text('document').notNull().default(''),
})

/** What every resource's table has besides its columns: the index behind a sort that every list takes, and checks. */
export const recordRules = (
  name: string,
  t: { id: PgColumn; slug: PgColumn; updatedAt: PgColumn; version: PgColumn },
) => [
  index(`${name}_by_update`).on(t.updatedAt, t.id),
  slugForm(`${name}_slug`, t.slug),
  check(`${name}_version`, sql`${t.version} >= 1`),
]

/**
 * The columns of every table of states: the days on which a record was what the others say, up to but without
 * `validTo`; `certain` when that takes only what its dates make certain, else what they make possible.
 */
export const stateColumns = () => ({
  certain: boolean('certain').notNull(),
  validFrom: date('valid_from').notNull(),
  validTo: date('valid_to').notNull(),
})

/** The index behind a list sorted by text: see `byText`. */
export const textIndex = (name: string, column: PgColumn, id: PgColumn) =>
  index(name).on(sql`lower(${column}) collate "C"`, id)
