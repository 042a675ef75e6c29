import type { Static } from '@sinclair/typebox'
import { ofWord } from '../../crud/dimensions.js'
import { byExactText, byIdentifier, byWord } from '../../crud/filters/column-filters.js'
import { byName } from '../../crud/filters/search-filters.js'
import { defineResource } from '../../crud/resource.js'
import { identifiersJson, recordJson, values } from '../../db/json.js'
import { byText } from '../../db/keyset.js'
import { slugOf } from '../../domain/slug.js'
import { organizationKinds } from '../../domain/vocabularies.js'
import { asCountry, asItStands } from '../../search/declaration.js'
import { NewOrganization, Organization } from './schema.js'
import { organizations as t } from './table.js'

export const organizationsResource = defineResource({
  name: 'organizations',
  singular: 'organization',
  noun: { one: 'Organization', many: 'Organizations' },
  description: 'Sponsors, partners, institutes: who develops, holds, makes or sells a therapy.',
  table: t,
  record: Organization,
  input: NewOrganization,
  embedded: ['slug', 'name'],
  slugFor: ({ name }) => slugOf(String(name)),
  sorts: { name: byText(t.name), country: byText(t.country, true) },
  defaultSort: 'name',
  filters: {
    name: byName('organizations', t.id),
    country: byExactText(t.country, 'Where it has its seat.', ['FR']),
    kind: byWord(t.kind, organizationKinds, 'What kind of organization it is.'),
    identifier: byIdentifier('organizations', t.id, t.identifiers),
  },
  dimensions: {
    kind: ofWord(t.kind, 'What kind of organization it is.'),
    country: ofWord(t.country, 'Where it has its seat.'),
  },
  search: {
    place: 3,
    names: ['name', 'aliases'],
    words: { kind: asItStands, country: asCountry },
  },
  document: recordJson<Static<typeof Organization>>(t, {
    name: t.name,
    aliases: values(t.aliases),
    kind: t.kind,
    country: t.country,
    website: t.website,
    identifiers: identifiersJson(t.identifiers),
  }),
})
