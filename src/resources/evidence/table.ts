import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { events } from '../events/table.js'
import { programs } from '../programs/table.js'
import { sources } from '../sources/table.js'
import { therapies } from '../therapies/table.js'
import { trials } from '../trials/table.js'

/** Where a source says something of an event, a therapy, a trial or a programme. */
export const evidence = pgTable(
  'evidence',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    eventId: uuid('event_id').references(() => events.id, { onDelete: 'cascade' }),
    therapyId: uuid('therapy_id').references(() => therapies.id, { onDelete: 'cascade' }),
    trialId: uuid('trial_id').references(() => trials.id, { onDelete: 'cascade' }),
    programId: uuid('program_id').references(() => programs.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    sourceId: uuid('source_id')
      .notNull()
      .references(() => sources.id),
    /** The source's own words. */
    quote: text('quote'),
    /** Where in the source: a page, a section, a table. */
    locator: text('locator'),
  },
  (t) => [
    check(
      'evidence_subject',
      sql`num_nonnulls(${t.eventId}, ${t.therapyId}, ${t.trialId}, ${t.programId}) = 1`,
    ),
    index().on(t.eventId),
    // Nearly all of it is of events; what is null is never looked for, so it is not kept.
    index().on(t.therapyId).where(sql`${t.therapyId} is not null`),
    index().on(t.trialId).where(sql`${t.trialId} is not null`),
    index().on(t.programId).where(sql`${t.programId} is not null`),
    index().on(t.sourceId),
  ],
)
