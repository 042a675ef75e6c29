import { type Static, Type } from '@sinclair/typebox'
import { sql } from 'drizzle-orm'
import { findRecord } from '../../crud/read.js'
import type { Queryable } from '../../db/connection.js'
import { object } from '../../db/json.js'
import type { AsOf } from '../../domain/as-of.js'
import { component, Reference, ref } from '../../http/schema.js'
import { eventJson } from '../events/item.js'
import { countedBy, ofTherapies } from '../events/list.js'
import { Event } from '../events/schema.js'
import { events, eventTherapies } from '../events/table.js'
import { therapiesResource } from './store.js'
import { therapies as t } from './table.js'

/** What happened to a therapy. */
export const TherapyTimeline = component(
  'TherapyTimeline',
  Type.Object(
    {
      therapy: ref(Reference),
      data: Type.Array(ref(Event), {
        description: 'What happened to its designations, applications and trials, the oldest first.',
      }),
    },
    { description: 'What happened to a therapy, in order.', additionalProperties: false },
  ),
)

/** The timeline of the therapy that a key names, as JSON text, in one round trip; as of a day, what counts by then. */
export async function findTimeline(db: Queryable, key: string, asOf?: AsOf): Promise<string> {
  const isOfTherapy = ofTherapies(sql`${eventTherapies.therapyId} = ${t.id}`)
  const counts = asOf === undefined ? sql`true` : countedBy(asOf)
  const timeline = object<Static<typeof TherapyTimeline>>({
    therapy: object<Static<typeof Reference>>({ id: t.id, slug: t.slug, name: t.name }),
    data: sql`array_to_json(array(select ${eventJson} from ${events}
      where ${isOfTherapy} and ${counts} order by ${events.when}, ${events.id}))`,
  })
  const { document } = await findRecord(db, therapiesResource, key, sql`${timeline}::text`)
  return document
}
