import type { Static } from '@sinclair/typebox'
import { type SQL, sql } from 'drizzle-orm'
import type { Definition, Item } from '../../crud/definition.js'
import { byExactText, byFlag, byWord } from '../../crud/filters/column-filters.js'
import { byPartialDates } from '../../crud/filters/date-filters.js'
import { byItem, byReference } from '../../crud/filters/reference-filters.js'
import { byName } from '../../crud/filters/search-filters.js'
import { defineResource } from '../../crud/resource.js'
import { list, partialDateText, recordJson, reference } from '../../db/json.js'
import { byPartialDate, byText } from '../../db/keyset.js'
import { foldTrial } from '../../domain/event-fold.js'
import { slugOf } from '../../domain/slug.js'
import { trialPhases, trialRegistries, trialStatuses } from '../../domain/vocabularies.js'
import type { Fault } from '../../http/problem.js'
import { asItStands, asPhase, whenTrue } from '../../search/declaration.js'
import { eventFaults, eventsOf, trialEvents, trialEventsJson } from '../events/store.js'
import { evidenceJson, evidenceOf } from '../evidence/store.js'
import { byIndication, isOfIndication } from '../indications/filters.js'
import { indicationsResource } from '../indications/store.js'
import { indications } from '../indications/table.js'
import { organizationsResource } from '../organizations/store.js'
import { organizations } from '../organizations/table.js'
import { throughTherapy } from '../therapies/filters.js'
import { therapiesResource } from '../therapies/store.js'
import { therapies } from '../therapies/table.js'
import { trialDimensions } from './dimensions.js'
import { NewTrial, Trial } from './schema.js'
import { trials as t, trialIndications, trialTherapies } from './table.js'

/** A number without its registry says little, and a registry without a number nothing. */
function registrationFaults({ registry, registryId }: Item): Fault[] {
  if ((registry === null) === (registryId === null)) return []
  const missing = registry === null ? 'registry' : 'registryId'
  return [{ pointer: `/${missing}`, message: 'registry and registryId go together: give both or neither' }]
}

/** A trial has to be called something. */
function nameFaults({ registryId, acronym, title }: Item): Fault[] {
  if (registryId !== null || acronym !== null || title !== null) return []
  return [{ pointer: '/registryId', message: 'a trial needs a registryId, an acronym or a title' }]
}

const inIndication = (condition: SQL) =>
  sql`exists (select from ${trialIndications} where ${trialIndications.trialId} = ${t.id} and ${condition})`

export const trialsResource: Definition = defineResource({
  name: 'trials',
  singular: 'trial',
  noun: { one: 'Trial', many: 'Trials' },
  description: 'Registered studies of the therapies: number, phase, status, and what happened to them.',
  table: t,
  record: Trial,
  input: NewTrial,
  references: { sponsor: () => organizationsResource },
  collections: {
    therapies: {
      table: trialTherapies,
      owner: 'trialId',
      input: NewTrial,
      single: 'therapy',
      references: { therapy: () => therapiesResource },
    },
    indications: {
      table: trialIndications,
      owner: 'trialId',
      input: NewTrial,
      single: 'indication',
      references: { indication: () => indicationsResource },
    },
    events: trialEvents,
    evidence: evidenceOf('trialId'),
  },
  history: {},
  derive: (item) => ({ ...foldTrial({ events: eventsOf<'trial'>(item) }) }),
  faults: (item) => [...registrationFaults(item), ...nameFaults(item), ...eventFaults('trial', item)],
  embedded: ['slug', 'name'],
  below: ['therapies'],
  slugFor: ({ registryId, acronym, title }) => slugOf(String(registryId ?? acronym ?? title)),
  sorts: {
    registryId: byText(t.registryId, true),
    acronym: byText(t.acronym, true),
    startedOn: byPartialDate(t.startedOn),
  },
  defaultSort: 'slug',
  timed: true,
  filters: {
    registry: byWord(t.registry, trialRegistries, 'Where it is registered.'),
    registryId: byExactText(t.registryId, 'Its number in its registry.', ['NCT04150497']),
    phase: byWord(t.phase, trialPhases, 'Its phase.'),
    status: byWord(t.status, trialStatuses, 'How it stands.'),
    pivotal: byFlag(t.pivotal, 'Whether an approval is to rest on it.'),
    therapy: byItem(
      t.id,
      { owner: trialTherapies.trialId, reference: trialTherapies.therapyId },
      () => therapiesResource,
      'A therapy that it is about.',
      ['lasme-cel'],
    ),
    indication: {
      ...byIndication(trialIndications.indicationId, 'What it is tested in.'),
      matches: (keys, modifiers) =>
        inIndication(isOfIndication(trialIndications.indicationId, keys, modifiers)),
      missing: sql`not ${inIndication(sql`true`)}`,
    },
    sponsor: byReference(t.sponsorId, () => organizationsResource, 'Who runs it.', ['cellectis']),
    ...byPartialDates('started', t.startedOn, 'Started'),
    ...throughTherapy(
      ({ includes }) => sql`exists (
      select from ${trialTherapies}
      where ${trialTherapies.trialId} = ${t.id} and ${includes(trialTherapies.therapyId)})`,
    ),
    name: byName('trials', t.id),
  },
  dimensions: trialDimensions,
  search: {
    place: 9,
    names: ['registryId', 'acronym'],
    titles: ['title'],
    texts: [
      'events.note',
      'events.evidence.quote',
      'events.evidence.locator',
      'evidence.quote',
      'evidence.locator',
    ],
    links: ['therapies', 'indications', 'sponsor'],
    words: {
      registry: asItStands,
      phase: asPhase,
      status: asItStands,
      pivotal: whenTrue('pivotal'),
    },
    near: ['therapies'],
  },
  document: recordJson<Static<typeof Trial>>(t, {
    name: sql`coalesce(${t.acronym}, ${t.title}, ${t.registryId})`,
    registry: t.registry,
    registryId: t.registryId,
    acronym: t.acronym,
    title: t.title,
    phase: t.phase,
    pivotal: t.pivotal,
    status: t.status,
    therapies: list(
      reference(therapies, therapies.name, trialTherapies.therapyId),
      trialTherapies,
      sql`${trialTherapies.trialId} = ${t.id}`,
      trialTherapies.position,
    ),
    indications: list(
      reference(indications, indications.name, trialIndications.indicationId),
      trialIndications,
      sql`${trialIndications.trialId} = ${t.id}`,
      trialIndications.position,
    ),
    sponsor: reference(organizations, organizations.name, t.sponsorId),
    startedOn: partialDateText(t.startedOn),
    events: trialEventsJson(t.id),
    evidence: evidenceJson('trialId', t.id),
  }),
})
