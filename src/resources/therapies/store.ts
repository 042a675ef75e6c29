import type { Static } from '@sinclair/typebox'
import { type Column, type SQL, sql } from 'drizzle-orm'
import type { Definition } from '../../crud/definition.js'
import { byIdentifier, byWord } from '../../crud/filters/column-filters.js'
import type { Group, Ways } from '../../crud/filters/filter.js'
import { among, byItem, byReference, inGroup } from '../../crud/filters/reference-filters.js'
import { byName } from '../../crud/filters/search-filters.js'
import { definitionOf } from '../../crud/registry.js'
import { relationOf } from '../../crud/relation.js'
import { defineResource } from '../../crud/resource.js'
import { anyOf } from '../../db/conditions.js'
import { identifiersJson, list, object, recordJson, reference } from '../../db/json.js'
import { byText } from '../../db/keyset.js'
import { slugOf } from '../../domain/slug.js'
import {
  cellOrigins,
  cellSources,
  designationStatuses,
  modalities,
  organizationRoles,
  stages,
  vectors,
} from '../../domain/vocabularies.js'
import { asAbbreviation, asItStands, asStage } from '../../search/declaration.js'
import { applications } from '../applications/table.js'
import { designations } from '../designations/table.js'
import { evidenceJson, evidenceOf } from '../evidence/store.js'
import { byIndication, isOfIndication } from '../indications/filters.js'
import { organizationsResource } from '../organizations/store.js'
import { organizations } from '../organizations/table.js'
import { byAuthority } from '../programs/filters.js'
import { programsResource } from '../programs/store.js'
import { targetsResource } from '../targets/store.js'
import { targets } from '../targets/table.js'
import { trialIndications, trials, trialTherapies } from '../trials/table.js'
import { therapyDimensions } from './dimensions.js'
import { NewTherapy, NewTherapyName, NewTherapyOrganization, Therapy } from './schema.js'
import { therapies as t, therapyNames, therapyOrganizations, therapyTargets } from './table.js'

type TherapyRecord = Omit<Static<typeof Therapy>, 'designations' | 'applications' | 'trials'>

const ofTherapy = (column: Column) => sql`${column} = ${t.id}`

const namesJson = list(
  object<TherapyRecord['names'][number]>({
    name: therapyNames.name,
    type: therapyNames.type,
    territory: therapyNames.territory,
  }),
  therapyNames,
  ofTherapy(therapyNames.therapyId),
  therapyNames.position,
)

const targetsJson = list(
  reference(targets, targets.symbol, therapyTargets.targetId),
  therapyTargets,
  ofTherapy(therapyTargets.therapyId),
  therapyTargets.position,
)

const organizationsJson = list(
  object<TherapyRecord['organizations'][number]>({
    organization: reference(organizations, organizations.name, therapyOrganizations.organizationId),
    role: therapyOrganizations.role,
    territory: therapyOrganizations.territory,
  }),
  therapyOrganizations,
  ofTherapy(therapyOrganizations.therapyId),
  therapyOrganizations.position,
)

/** The construct in the order of the contract's keys, or null. */
const constructJson = sql`(select row_to_json(c) from (
  select "binder", "hinge", "transmembrane", coalesce("costimulatory", '{}') as "costimulatory", "activation"
  from jsonb_to_record(${t.construct})
    r ("binder" text, "hinge" text, "transmembrane" text, "costimulatory" text[], "activation" text)
  where ${t.construct} is not null) c)`

const ofOrganizations = among(t.id, therapyOrganizations.therapyId)

/** One designation of the therapy, as of the day that is asked for. */
const ofDesignations: Group = {
  some: (condition, { asOf }) => sql`exists (
    select from ${relationOf(definitionOf('designations'), asOf)}
    where ${designations.therapyId} = ${t.id} and ${condition})`,
}

/** The designations, applications and trials that are about an indication, each as a select from them that has its where. */
const factsAbout = (isMeant: (column: Column) => SQL) => [
  {
    therapy: designations.therapyId,
    facts: sql`from ${designations} where ${isMeant(designations.indicationId)}`,
  },
  {
    therapy: applications.therapyId,
    facts: sql`from ${applications} where ${isMeant(applications.indicationId)}`,
  },
  {
    therapy: trialTherapies.therapyId,
    facts: sql`from ${trialTherapies}
      join ${trialIndications} on ${trialIndications.trialId} = ${trialTherapies.trialId}
      where ${isMeant(trialIndications.indicationId)}`,
  },
]

/** The ids of the therapies of which a designation, an application or a trial is about an indication, with repeats. */
const idsAbout = (isMeant: (column: Column) => SQL): SQL =>
  sql.join(
    factsAbout(isMeant).map(({ therapy, facts }) => sql`select ${therapy} ${facts}`),
    sql` union all `,
  )

const aboutIndication = (isMeant: (column: Column) => SQL) => sql`${t.id} in (${idsAbout(isMeant)})`

/** Facts beyond which it is faster to look at one therapy after the other. */
const manyFacts = sql.raw('5000')

/** The same in two ways. */
const waysAboutIndication = (isMeant: (column: Column) => SQL): Ways => ({
  given: sql`about as materialized (select * from (${idsAbout(isMeant)}) a (id) limit ${manyFacts} + 1)`,
  areMany: sql`(select count(*) > ${manyFacts} from about)`,
  few: sql`${t.id} = any(array(select id from about))`,
  // With an offset, lest the planner look up all of them after all.
  many: anyOf(
    factsAbout(isMeant).map(
      ({ therapy, facts }) => sql`exists (select ${facts} and ${ofTherapy(therapy)} offset 0)`,
    ),
  ),
})

export const therapiesResource: Definition = defineResource({
  name: 'therapies',
  singular: 'therapy',
  noun: { one: 'Therapy', many: 'Therapies' },
  description:
    'Advanced therapies: CAR-T and other cell, gene and tissue therapies, and platforms behind them.',
  table: t,
  record: Therapy,
  input: NewTherapy,
  collections: {
    names: { table: therapyNames, owner: 'therapyId', input: NewTherapyName },
    targets: {
      table: therapyTargets,
      owner: 'therapyId',
      input: NewTherapy,
      single: 'target',
      references: { target: () => targetsResource },
    },
    organizations: {
      table: therapyOrganizations,
      owner: 'therapyId',
      input: NewTherapyOrganization,
      references: { organization: () => organizationsResource },
    },
    evidence: evidenceOf('therapyId'),
  },
  embedded: ['slug', 'name'],
  slugFor: ({ name }) => slugOf(String(name)),
  sorts: { name: byText(t.name) },
  defaultSort: 'name',
  timed: true,
  filters: {
    modality: byWord(t.modality, modalities, 'What kind of therapy it is.'),
    cellOrigin: byWord(t.cellOrigin, cellOrigins, 'Whose cells they are.'),
    cellSource: byWord(t.cellSource, cellSources, 'The tissue that the cells come from.'),
    vector: byWord(t.vector, vectors, 'What carries the gene.'),
    stage: byWord(t.stage, stages, 'How far it has come.'),
    target: byItem(
      t.id,
      { owner: therapyTargets.therapyId, reference: therapyTargets.targetId },
      () => targetsResource,
      'What it is aimed at.',
      ['cd19'],
    ),
    organization: inGroup(
      ofOrganizations,
      byReference(
        therapyOrganizations.organizationId,
        () => organizationsResource,
        'Who develops, makes or sells it.',
        ['cellectis'],
      ),
    ),
    role: inGroup(
      ofOrganizations,
      byWord(therapyOrganizations.role, organizationRoles, 'What that organization does for it.'),
    ),
    program: inGroup(
      ofDesignations,
      byReference(designations.programId, () => programsResource, 'A programme that it is or was in.', [
        'fda:rmat',
      ]),
    ),
    authority: inGroup(
      ofDesignations,
      byAuthority(designations.programId, 'The authority of a programme that it is or was in.'),
    ),
    designationStatus: inGroup(
      ofDesignations,
      byWord(designations.status, designationStatuses, 'What its designation in that programme is now.'),
    ),
    indication: {
      ...byIndication(designations.indicationId, 'What any designation, application or trial of it is for.'),
      matches: (keys, modifiers) => aboutIndication((column) => isOfIndication(column, keys, modifiers)),
      ways: (keys, modifiers) => waysAboutIndication((column) => isOfIndication(column, keys, modifiers)),
      missing: sql`not ${aboutIndication((column) => sql`${column} is not null`)}`,
    },
    name: byName('therapies', t.id),
    identifier: byIdentifier('therapies', t.id, t.identifiers),
  },
  related: {
    designations: { resource: 'designations', where: ofTherapy(designations.therapyId), byDefault: true },
    applications: { resource: 'applications', where: ofTherapy(applications.therapyId), byDefault: true },
    trials: {
      resource: 'trials',
      byDefault: true,
      where: sql`${trials.id} in (select ${trialTherapies.trialId} from ${trialTherapies} where ${ofTherapy(trialTherapies.therapyId)})`,
    },
  },
  dimensions: therapyDimensions,
  search: {
    place: 1,
    names: ['name', 'names.name'],
    labels: {
      vectorDetail: asItStands,
      'construct.binder': asItStands,
      'construct.hinge': asItStands,
      'construct.transmembrane': asItStands,
      'construct.costimulatory': asItStands,
      'construct.activation': asItStands,
    },
    texts: ['summary', 'evidence.quote', 'evidence.locator'],
    links: ['targets', 'organizations.organization'],
    words: {
      modality: asAbbreviation,
      cellOrigin: asItStands,
      cellSource: asAbbreviation,
      vector: asAbbreviation,
      stage: asStage,
    },
  },
  document: recordJson<TherapyRecord>(t, {
    name: t.name,
    names: namesJson,
    modality: t.modality,
    cellOrigin: t.cellOrigin,
    cellSource: t.cellSource,
    vector: t.vector,
    vectorDetail: t.vectorDetail,
    construct: constructJson,
    targets: targetsJson,
    organizations: organizationsJson,
    identifiers: identifiersJson(t.identifiers),
    stage: t.stage,
    summary: t.summary,
    evidence: evidenceJson('therapyId', t.id),
  }),
})
