import type { Static } from '@sinclair/typebox'
import { ofReference } from '../../crud/dimensions.js'
import { byPartialDates } from '../../crud/filters/date-filters.js'
import { byReference, through } from '../../crud/filters/reference-filters.js'
import { byName } from '../../crud/filters/search-filters.js'
import { defineResource } from '../../crud/resource.js'
import { partialDateText, recordJson, reference, values } from '../../db/json.js'
import { byPartialDate, byText } from '../../db/keyset.js'
import { joinSlugs, slugOf } from '../../domain/slug.js'
import { authoritiesResource } from '../authorities/store.js'
import { authorities } from '../authorities/table.js'
import { evidenceJson, evidenceOf } from '../evidence/store.js'
import { NewProgram, Program } from './schema.js'
import { programs as t } from './table.js'

export const programsResource = defineResource({
  name: 'programs',
  singular: 'program',
  noun: { one: 'Program', many: 'Programs' },
  description:
    'Expedited and special programmes, such as FDA’s RMAT or EMA’s PRIME: the law, the criteria, the benefits.',
  table: t,
  record: Program,
  input: NewProgram,
  references: { authority: () => authoritiesResource },
  collections: { evidence: evidenceOf('programId') },
  embedded: ['slug', 'name', 'abbreviation', 'authority'],
  below: ['authority'],
  slugFor: ({ abbreviation, name }, { authority }) => {
    const programme = slugOf(String(abbreviation ?? name))
    return authority === undefined || programme === null ? null : joinSlugs(authority, programme)
  },
  sorts: { name: byText(t.name), establishedOn: byPartialDate(t.establishedOn) },
  defaultSort: 'slug',
  filters: {
    authority: byReference(t.authorityId, () => authoritiesResource, 'The authority that runs it.', ['fda']),
    name: byName('programs', t.id),
    jurisdiction: through(
      ({ includes }) => includes(t.authorityId),
      () => authoritiesResource,
      'jurisdiction',
    ),
    ...byPartialDates('established', t.establishedOn, 'Established'),
  },
  dimensions: {
    authority: ofReference(
      t.authorityId,
      { table: authorities, name: authorities.name },
      'The authority that runs it.',
    ),
  },
  search: {
    place: 4,
    names: ['name', 'abbreviation'],
    texts: ['legalBasis', 'criteria', 'benefits', 'evidence.quote', 'evidence.locator'],
    links: ['authority'],
  },
  document: recordJson<Static<typeof Program>>(t, {
    authority: reference(authorities, authorities.name, t.authorityId),
    name: t.name,
    abbreviation: t.abbreviation,
    legalBasis: t.legalBasis,
    establishedOn: partialDateText(t.establishedOn),
    criteria: values(t.criteria),
    benefits: values(t.benefits),
    url: t.url,
    evidence: evidenceJson('programId', t.id),
  }),
})
