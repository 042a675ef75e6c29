import { type Column, type SQL, sql } from 'drizzle-orm'
import { type Dimension, type Dimensions, ofReference, ofWord } from '../../crud/dimensions.js'
import { definitionOf } from '../../crud/registry.js'
import { relationOf } from '../../crud/relation.js'
import { authorities } from '../authorities/table.js'
import { designations } from '../designations/table.js'
import { ofIndication } from '../indications/dimensions.js'
import { organizations } from '../organizations/table.js'
import { programs } from '../programs/table.js'
import { targets } from '../targets/table.js'
import { therapies as t, therapyOrganizations, therapyTargets } from './table.js'

type Joins = NonNullable<Dimension['joins']>
type Many = Pick<Dimension, 'many'>

/** What therapies are, for rows to which they are joined; `many` where a row may have several therapies. */
const ofTherapies = (joins: Joins, many: Many): Dimensions => ({
  modality: ofWord(t.modality, 'What kind of therapy it is.', { joins, ...many }),
  cellOrigin: ofWord(t.cellOrigin, 'Whose cells they are.', { joins, ...many }),
  cellSource: ofWord(t.cellSource, 'The tissue that the cells come from.', { joins, ...many }),
  vector: ofWord(t.vector, 'What carries the gene.', { joins, ...many }),
  stage: ofWord(t.stage, 'How far the therapy has come.', { joins, ...many }),
})

/** What a therapy is aimed at, for rows that refer to it. */
const ofTargets = (therapyId: Column | SQL, joins: Joins, many: NonNullable<Dimension['many']>): Dimension =>
  ofReference(
    therapyTargets.targetId,
    { table: targets, name: targets.symbol },
    'What the therapy is aimed at.',
    {
      joins: {
        ...joins,
        targets: () => sql`${therapyTargets} on ${therapyTargets.therapyId} = ${therapyId}`,
      },
      many,
    },
  )

/** What rows can be grouped by that refer to a therapy, or by way of `joins` to several. */
export function throughTherapy(therapyId: Column | SQL, joins: Joins = {}): Dimensions {
  const isMany = Object.keys(joins).length > 0
  const withTherapies = { ...joins, therapies: () => sql`${t} on ${t.id} = ${therapyId}` }
  return {
    therapy: ofReference(therapyId, { table: t, name: t.name }, 'The therapy.', {
      joins,
      ...(isMany && { many: 'once' }),
    }),
    ...ofTherapies(withTherapies, isMany ? { many: 'repeated' } : {}),
    target: ofTargets(therapyId, joins, isMany ? 'repeated' : 'once'),
  }
}

const withOrganizations: Joins = {
  therapyOrganizations: () => sql`${therapyOrganizations} on ${therapyOrganizations.therapyId} = ${t.id}`,
}
const withDesignations: Joins = {
  designations: (asOf) =>
    sql`${relationOf(definitionOf('designations'), asOf)} on ${designations.therapyId} = ${t.id}`,
}
const withPrograms: Joins = {
  ...withDesignations,
  programs: () => sql`${programs} on ${programs.id} = ${designations.programId}`,
}

/** What therapies can be grouped by. */
export const therapyDimensions: Dimensions = {
  ...ofTherapies({}, {}),
  target: ofTargets(t.id, {}, 'once'),
  organization: ofReference(
    therapyOrganizations.organizationId,
    { table: organizations, name: organizations.name },
    'Who develops, makes or sells it.',
    { joins: withOrganizations, many: 'repeated' },
  ),
  country: ofWord(organizations.country, 'The seats of those who develop, make or sell it.', {
    joins: {
      ...withOrganizations,
      organizations: () =>
        sql`${organizations} on ${organizations.id} = ${therapyOrganizations.organizationId}`,
    },
    many: 'repeated',
  }),
  program: ofReference(
    designations.programId,
    { table: programs, name: programs.name },
    'The programmes of its designations.',
    { joins: withDesignations, many: 'repeated' },
  ),
  authority: ofReference(
    programs.authorityId,
    { table: authorities, name: authorities.name },
    'The authorities of its designations.',
    { joins: withPrograms, many: 'repeated' },
  ),
  indication: ofIndication(designations.indicationId, 'The indications of its designations.', {
    joins: withDesignations,
    many: 'repeated',
  }),
}
