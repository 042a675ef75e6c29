import type { Static } from '@sinclair/typebox'
import { byExactText, byIdentifier } from '../../crud/filters/column-filters.js'
import { byName } from '../../crud/filters/search-filters.js'
import { defineResource } from '../../crud/resource.js'
import { identifiersJson, recordJson, values } from '../../db/json.js'
import { byText } from '../../db/keyset.js'
import { slugOf } from '../../domain/slug.js'
import { NewTarget, Target } from './schema.js'
import { targets as t } from './table.js'

export const targetsResource = defineResource({
  name: 'targets',
  singular: 'target',
  noun: { one: 'Target', many: 'Targets' },
  description: 'Antigens and genes, by their HGNC symbols: BCMA is an alias of TNFRSF17.',
  table: t,
  record: Target,
  input: NewTarget,
  embedded: ['slug', 'symbol'],
  slugFor: ({ symbol }) => slugOf(String(symbol)),
  sorts: { symbol: byText(t.symbol) },
  defaultSort: 'symbol',
  filters: {
    symbol: byExactText(t.symbol, 'Its symbol.', ['TNFRSF17']),
    name: byName('targets', t.id),
    identifier: byIdentifier('targets', t.id, t.identifiers),
  },
  search: {
    place: 2,
    called: 'symbol',
    names: ['symbol', 'name', 'aliases'],
  },
  document: recordJson<Static<typeof Target>>(t, {
    symbol: t.symbol,
    name: t.name,
    aliases: values(t.aliases),
    identifiers: identifiersJson(t.identifiers),
  }),
})
