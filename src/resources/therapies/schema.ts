import { type TSchema, Type } from '@sinclair/typebox'
import {
  cellOrigins,
  cellSources,
  modalities,
  nameTypes,
  organizationRoles,
  stages,
  vectors,
} from '../../domain/vocabularies.js'
import {
  component,
  embedded,
  Identifier,
  inputOf,
  Key,
  listOf,
  nullable,
  orElse,
  orNull,
  Reference,
  recordOf,
  ref,
  text,
  word,
} from '../../http/schema.js'
import { Evidence, NewEvidence } from '../evidence/schema.js'

const slugs = ['lasme-cel']

const territory = text('Where it holds; null for everywhere.', 120, ['EU'])
const nameFields = {
  name: text('The name.', 300, ['lasmecabtagene timgedleucel']),
  type: word('NameType', nameTypes, 'What kind of name it is.'),
}
const closed = (description: string) => ({ description, additionalProperties: false })

const TherapyName = component(
  'TherapyName',
  Type.Object(
    { ...nameFields, territory: nullable(territory) },
    closed('A name that a therapy is known by.'),
  ),
)
export const NewTherapyName = component(
  'NewTherapyName',
  Type.Object({ ...nameFields, territory: orNull(territory) }, closed('A name that a therapy is known by.')),
)

const role = word('OrganizationRole', organizationRoles, 'What an organization does for a therapy.')
const TherapyOrganization = component(
  'TherapyOrganization',
  Type.Object(
    { organization: ref(Reference), role, territory: nullable(territory) },
    closed('Who develops, makes or sells a therapy, and where.'),
  ),
)
export const NewTherapyOrganization = component(
  'NewTherapyOrganization',
  Type.Object(
    { organization: Key('Who it is.', ['cellectis']), role, territory: orNull(territory) },
    closed('Who develops, makes or sells a therapy, and where.'),
  ),
)

const partsOfConstruct = {
  binder: text('What binds the target.', 200, ['fully human scFv']),
  hinge: text('The hinge.', 120, ['CD8a']),
  transmembrane: text('The transmembrane domain.', 120, ['CD8a']),
  activation: text('The activation domain.', 120, ['CD3ζ']),
}
const costimulatory = listOf(
  text('A costimulatory domain.', 120, ['4-1BB']),
  'The costimulatory domains.',
  10,
)
const constructOf = (field: (schema: TSchema) => TSchema, list: (schema: TSchema) => TSchema) =>
  Type.Object(
    {
      binder: field(partsOfConstruct.binder),
      hinge: field(partsOfConstruct.hinge),
      transmembrane: field(partsOfConstruct.transmembrane),
      costimulatory: list(costimulatory),
      activation: field(partsOfConstruct.activation),
    },
    closed('The parts of a receptor, as far as they are known.'),
  )
const Construct = component(
  'Construct',
  constructOf(nullable, (list) => list),
)
/** A part that may be left out, or set to null to take it away. */
const orMissing = (part: TSchema) => Type.Optional(nullable(part))
const NewConstruct = component('NewConstruct', constructOf(orMissing, orMissing))

const name = text('What it is mostly called.', 300, ['Lasmecabtagene timgedleucel'])
const modality = word('Modality', modalities, 'What kind of therapy it is.')
const cellOrigin = word('CellOrigin', cellOrigins, 'Whose cells they are.')
const cellSource = word('CellSource', cellSources, 'The tissue that the cells come from.')
const vector = word('Vector', vectors, 'What carries the gene.')
const vectorDetail = text('The vector more closely: a serotype, a transposon system.', 120, ['AAVrh74'])
const identifiers = listOf(ref(Identifier), 'What other systems call it.', 50)
const stage = word('Stage', stages, 'How far the most advanced programme has come.')
const summary = text('What it is, in a few sentences of our own.', 4000)

export const Therapy = recordOf('Therapy', 'An advanced therapy: the product, or a platform.', slugs, {
  name,
  names: listOf(ref(TherapyName), 'Every name that it is known by.', 100),
  modality: nullable(modality),
  cellOrigin: nullable(cellOrigin),
  cellSource: nullable(cellSource),
  vector: nullable(vector),
  vectorDetail: nullable(vectorDetail),
  construct: nullable(ref(Construct)),
  targets: listOf(ref(Reference), 'What it is aimed at.', 50),
  organizations: listOf(ref(TherapyOrganization), 'Who develops, makes or sells it.', 100),
  identifiers,
  stage: nullable(stage),
  summary: nullable(summary),
  evidence: listOf(ref(Evidence), 'Where it says so.', 200),
  designations: embedded('Designation', 'designations'),
  applications: embedded('Application', 'applications'),
  trials: embedded('Trial', 'trials'),
})

export const NewTherapy = inputOf('Therapy', 'A therapy to store.', slugs, {
  name,
  names: orElse(listOf(ref(NewTherapyName), 'Every name that it is known by.', 100), []),
  modality: orNull(modality),
  cellOrigin: orNull(cellOrigin),
  cellSource: orNull(cellSource),
  vector: orNull(vector),
  vectorDetail: orNull(vectorDetail),
  construct: orNull(ref(NewConstruct)),
  targets: orElse(
    Type.Array(Key('A target.', ['cd22']), {
      description: 'What it is aimed at.',
      maxItems: 50,
      uniqueItems: true,
    }),
    [],
  ),
  organizations: orElse(listOf(ref(NewTherapyOrganization), 'Who develops, makes or sells it.', 100), []),
  identifiers: orElse(identifiers, []),
  stage: orNull(stage),
  summary: orNull(summary),
  evidence: orElse(listOf(ref(NewEvidence), 'Where it says so.', 200), []),
})
