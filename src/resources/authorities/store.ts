import type { Static } from '@sinclair/typebox'
import { sql } from 'drizzle-orm'
import { ofWord } from '../../crud/dimensions.js'
import { byExactText } from '../../crud/filters/column-filters.js'
import { byName } from '../../crud/filters/search-filters.js'
import { defineResource } from '../../crud/resource.js'
import { recordJson } from '../../db/json.js'
import { byText } from '../../db/keyset.js'
import { slugOf } from '../../domain/slug.js'
import { asCountry } from '../../search/declaration.js'
import { programs } from '../programs/table.js'
import { Authority, NewAuthority } from './schema.js'
import { authorities as t } from './table.js'

export const authoritiesResource = defineResource({
  name: 'authorities',
  singular: 'authority',
  noun: { one: 'Authority', many: 'Authorities' },
  description: 'The regulators that grant designations and decide on applications.',
  table: t,
  record: Authority,
  input: NewAuthority,
  embedded: ['slug', 'name', 'abbreviation'],
  slugFor: ({ abbreviation }) => slugOf(String(abbreviation)),
  sorts: { name: byText(t.name), abbreviation: byText(t.abbreviation), jurisdiction: byText(t.jurisdiction) },
  related: { programs: { resource: 'programs', where: sql`${programs.authorityId} = ${t.id}` } },
  defaultSort: 'name',
  filters: {
    name: byName('authorities', t.id),
    jurisdiction: byExactText(t.jurisdiction, 'Where it decides.', ['US']),
  },
  dimensions: { jurisdiction: ofWord(t.jurisdiction, 'Where it decides.') },
  search: {
    place: 6,
    names: ['name', 'abbreviation'],
    labels: { jurisdiction: asCountry },
  },
  document: recordJson<Omit<Static<typeof Authority>, 'programs'>>(t, {
    name: t.name,
    abbreviation: t.abbreviation,
    jurisdiction: t.jurisdiction,
    url: t.url,
  }),
})
