import type { Static } from '@sinclair/typebox'
import { sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Definition } from '../../crud/definition.js'
import { byIdentifier } from '../../crud/filters/column-filters.js'
import { byReference } from '../../crud/filters/reference-filters.js'
import { byName } from '../../crud/filters/search-filters.js'
import { defineResource } from '../../crud/resource.js'
import { identifiersJson, object, recordJson, values } from '../../db/json.js'
import { byText } from '../../db/keyset.js'
import { slugOf } from '../../domain/slug.js'
import type { Reference } from '../../http/schema.js'
import { indicationDimensions } from './dimensions.js'
import { byAncestor, byDepth } from './filters.js'
import { Indication, NewIndication } from './schema.js'
import { indications as t } from './table.js'

const p = alias(t, 'parent')
const parent = object<Static<typeof Reference>>({ id: p.id, slug: p.slug, name: p.name })

export const indicationsResource: Definition = defineResource({
  name: 'indications',
  singular: 'indication',
  noun: { one: 'Indication', many: 'Indications' },
  description: 'Diseases and lines of treatment as a tree: R/R B-ALL lies below B-ALL, ALL and leukemia.',
  table: t,
  record: Indication,
  input: NewIndication,
  references: { parent: () => indicationsResource },
  embedded: ['slug', 'name'],
  below: ['parent'],
  slugFor: ({ name }) => slugOf(String(name)),
  sorts: { name: byText(t.name) },
  defaultSort: 'name',
  filters: {
    name: byName('indications', t.id),
    parent: byReference(t.parentId, () => indicationsResource, 'The indication right above it.', ['b-all']),
    under: byAncestor,
    depth: byDepth,
    identifier: byIdentifier('indications', t.id, t.identifiers),
  },
  dimensions: indicationDimensions,
  search: {
    place: 5,
    names: ['name', 'abbreviations'],
    links: ['parent'],
    parent: 'parent',
  },
  document: recordJson<Static<typeof Indication>>(t, {
    name: t.name,
    abbreviations: values(t.abbreviations),
    parent: sql`(select ${parent} from ${t} as ${p} where ${p.id} = ${t.parentId})`,
    identifiers: identifiersJson(t.identifiers),
  }),
})
