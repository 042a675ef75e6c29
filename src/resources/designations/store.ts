import type { Static } from '@sinclair/typebox'
import { sql } from 'drizzle-orm'
import type { Definition } from '../../crud/definition.js'
import { byIdentifier, byWord } from '../../crud/filters/column-filters.js'
import { byPartialDates } from '../../crud/filters/date-filters.js'
import { byReference } from '../../crud/filters/reference-filters.js'
import { defineResource } from '../../crud/resource.js'
import { identifiersJson, partialDateText, recordJson, reference } from '../../db/json.js'
import { byPartialDate } from '../../db/keyset.js'
import { foldDesignation } from '../../domain/event-fold.js'
import { slugOf } from '../../domain/slug.js'
import { designationStatuses } from '../../domain/vocabularies.js'
import { asItStands } from '../../search/declaration.js'
import { authorities } from '../authorities/table.js'
import { designationEvents, designationEventsJson, eventFaults, eventsOf } from '../events/store.js'
import { byIndication } from '../indications/filters.js'
import { indicationsResource } from '../indications/store.js'
import { indications } from '../indications/table.js'
import { organizationsResource } from '../organizations/store.js'
import { organizations } from '../organizations/table.js'
import { byAuthority } from '../programs/filters.js'
import { programsResource } from '../programs/store.js'
import { programs } from '../programs/table.js'
import { throughTherapy } from '../therapies/filters.js'
import { therapiesResource } from '../therapies/store.js'
import { therapies } from '../therapies/table.js'
import { designationDimensions } from './dimensions.js'
import { Designation, NewDesignation } from './schema.js'
import { designationStates, designations as t } from './table.js'

const name = sql`concat_ws(': ',
  (select ${therapies.name} from ${therapies} where ${therapies.id} = ${t.therapyId}),
  concat_ws(', ',
    (select ${authorities.abbreviation} || ' ' || coalesce(${programs.abbreviation}, ${programs.name})
      from ${programs} join ${authorities} on ${authorities.id} = ${programs.authorityId}
      where ${programs.id} = ${t.programId}),
    (select ${indications.name} from ${indications} where ${indications.id} = ${t.indicationId})))`

export const designationsResource: Definition = defineResource({
  name: 'designations',
  singular: 'designation',
  noun: { one: 'Designation', many: 'Designations' },
  description: 'Therapies in programmes: who was granted what, when, for which indication, and who says so.',
  table: t,
  record: Designation,
  input: NewDesignation,
  references: {
    therapy: () => therapiesResource,
    program: () => programsResource,
    indication: () => indicationsResource,
    organization: () => organizationsResource,
  },
  collections: { events: designationEvents },
  history: { states: { table: designationStates, owner: 'designationId', past: ['grantedOn'] } },
  derive(item) {
    const { indication, holder, ...state } = foldDesignation({
      ...item,
      events: eventsOf<'designation'>(item),
    })
    return { ...state, holderId: holder, currentIndicationId: indication }
  },
  faults: (item) => eventFaults('designation', item),
  embedded: ['slug', 'name'],
  below: ['therapy', 'program'],
  slugFor: ({ cycle }, { therapy, program, indication }) =>
    slugOf([therapy, program, indication, Number(cycle) > 1 ? cycle : null].filter(Boolean).join(' ')),
  sorts: { grantedOn: byPartialDate(t.grantedOn), announcedOn: byPartialDate(t.announcedOn) },
  defaultSort: 'slug',
  timed: true,
  related: { therapies: { resource: 'therapies', where: sql`${therapies.id} = ${t.therapyId}` } },
  filters: {
    therapy: byReference(t.therapyId, () => therapiesResource, 'The therapy.', ['lasme-cel']),
    program: byReference(t.programId, () => programsResource, 'The programme.', ['fda:rmat']),
    authority: byAuthority(t.programId, 'The authority that runs the programme.'),
    indication: byIndication(t.indicationId, 'What it was granted for.'),
    organization: byReference(t.holderId, () => organizationsResource, 'Who holds it now.', ['cellectis']),
    status: byWord(t.status, designationStatuses, 'What it is now.'),
    ...byPartialDates('granted', t.grantedOn, '(Last) granted'),
    ...byPartialDates('announced', t.announcedOn, 'Whose grant was announced'),
    ...throughTherapy(({ includes }) => includes(t.therapyId)),
    identifier: byIdentifier('designations', t.id, t.identifiers),
  },
  dimensions: designationDimensions,
  search: {
    place: 7,
    names: [],
    texts: ['note', 'events.note', 'events.evidence.quote', 'events.evidence.locator'],
    links: ['therapy', 'program', 'authority', 'indication', 'currentIndication', 'organization', 'holder'],
    words: { status: asItStands },
    near: ['therapy'],
  },
  document: recordJson<Omit<Static<typeof Designation>, 'therapies'>>(t, {
    name,
    therapy: reference(therapies, therapies.name, t.therapyId),
    program: reference(programs, programs.name, t.programId),
    authority: reference(
      authorities,
      authorities.name,
      sql`(select ${programs.authorityId} from ${programs} where ${programs.id} = ${t.programId})`,
    ),
    indication: reference(indications, indications.name, t.indicationId),
    cycle: t.cycle,
    organization: reference(organizations, organizations.name, t.organizationId),
    identifiers: identifiersJson(t.identifiers),
    status: t.status,
    grantedOn: partialDateText(t.grantedOn),
    announcedOn: partialDateText(t.announcedOn),
    holder: reference(organizations, organizations.name, t.holderId),
    currentIndication: reference(indications, indications.name, t.currentIndicationId),
    events: designationEventsJson(t.id),
    note: t.note,
  }),
})
