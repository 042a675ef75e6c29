import type { Static } from '@sinclair/typebox'
import { type Column, sql } from 'drizzle-orm'
import { byItem, byWord } from '../../crud/filters.js'
import { defineResource } from '../../crud/resource.js'
import { identifiersJson, list, object, recordJson, reference } from '../../db/json.js'
import { byText } from '../../db/keyset.js'
import { slugOf } from '../../domain/slug.js'
import { cellOrigins, cellSources, modalities, stages, vectors } from '../../domain/vocabularies.js'
import { applications } from '../applications/table.js'
import { designations } from '../designations/table.js'
import { evidenceJson, evidenceOf } from '../evidence/store.js'
import { organizationsResource } from '../organizations/store.js'
import { organizations } from '../organizations/table.js'
import { targetsResource } from '../targets/store.js'
import { targets } from '../targets/table.js'
import { trials, trialTherapies } from '../trials/table.js'
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

export const therapiesResource = defineResource({
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
    organization: byItem(
      t.id,
      { owner: therapyOrganizations.therapyId, reference: therapyOrganizations.organizationId },
      () => organizationsResource,
      'Who develops, makes or sells it.',
      ['cellectis'],
    ),
  },
  related: {
    designations: { resource: 'designations', where: ofTherapy(designations.therapyId) },
    applications: { resource: 'applications', where: ofTherapy(applications.therapyId) },
    trials: {
      resource: 'trials',
      where: sql`${trials.id} in (select ${trialTherapies.trialId} from ${trialTherapies} where ${ofTherapy(trialTherapies.therapyId)})`,
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
