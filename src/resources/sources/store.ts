import type { Static } from '@sinclair/typebox'
import { ofWord, ofYear } from '../../crud/dimensions.js'
import { byExactText, bySameText, byWord } from '../../crud/filters/column-filters.js'
import { byPartialDates } from '../../crud/filters/date-filters.js'
import { byName } from '../../crud/filters/search-filters.js'
import { defineResource } from '../../crud/resource.js'
import { instantText, partialDateText, recordJson } from '../../db/json.js'
import { byPartialDate, byText } from '../../db/keyset.js'
import { slugOf } from '../../domain/slug.js'
import { sourceKinds } from '../../domain/vocabularies.js'
import { asItStands } from '../../search/declaration.js'
import { byCitation } from './filters.js'
import { NewSource, Source } from './schema.js'
import { sources as t } from './table.js'

export const sourcesResource = defineResource({
  name: 'sources',
  singular: 'source',
  noun: { one: 'Source', many: 'Sources' },
  description: 'The documents that facts rest on: press releases, regulators’ pages, registries, articles.',
  table: t,
  record: Source,
  input: NewSource,
  embedded: ['slug', 'title', 'url', 'kind'],
  slugFor: ({ publisher, title }) => slugOf([publisher, title].filter(Boolean).join(' ')),
  sorts: {
    title: byText(t.title),
    publisher: byText(t.publisher, true),
    publishedOn: byPartialDate(t.publishedOn),
  },
  defaultSort: 'title',
  filters: {
    kind: byWord(t.kind, sourceKinds, 'What kind of document it is.'),
    publisher: byExactText(t.publisher, 'Who published it.', ['FDA']),
    url: bySameText(t.url, 'Its address.', [
      'https://www.fda.gov/vaccines-blood-biologics/cellular-gene-therapy-products/regenerative-medicine-advanced-therapy-designation',
    ]),
    ...byPartialDates('published', t.publishedOn, 'Published'),
    cites: byCitation,
    name: byName('sources', t.id),
  },
  dimensions: {
    kind: ofWord(t.kind, 'What kind of document it is.'),
    publisher: ofWord(t.publisher, 'Who published it.'),
    year: ofYear(t.publishedOn, 'The year of `publishedOn`.', { filters: ['publishedFrom', 'publishedTo'] }),
  },
  search: {
    place: 10,
    called: 'title',
    names: [],
    titles: ['title'],
    keys: ['url'],
    texts: ['publisher'],
    words: { kind: asItStands },
  },
  document: recordJson<Static<typeof Source>>(t, {
    url: t.url,
    title: t.title,
    publisher: t.publisher,
    publishedOn: partialDateText(t.publishedOn),
    kind: t.kind,
    retrievedAt: instantText(t.retrievedAt),
    digest: t.digest,
  }),
})
