import type { Static } from '@sinclair/typebox'
import { byExactText } from '../../crud/filters.js'
import { defineResource } from '../../crud/resource.js'
import { recordJson } from '../../db/json.js'
import { byText } from '../../db/keyset.js'
import { slugOf } from '../../domain/slug.js'
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
  defaultSort: 'name',
  filters: {
    name: byExactText(t.name, 'Its full name.', ['European Medicines Agency']),
    jurisdiction: byExactText(t.jurisdiction, 'Where it decides.', ['US']),
  },
  document: recordJson<Static<typeof Authority>>(t, {
    name: t.name,
    abbreviation: t.abbreviation,
    jurisdiction: t.jurisdiction,
    url: t.url,
  }),
})
