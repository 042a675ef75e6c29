import { Type } from '@sinclair/typebox'
import { sourceKinds } from '../../domain/vocabularies.js'
import { inputOf, nullable, orNull, PartialDate, recordOf, text, url, word } from '../../http/schema.js'

const slugs = ['fda-rmat-designation']

const fields = {
  url: url('Where the document can be read; unique.', [
    'https://www.fda.gov/vaccines-blood-biologics/cellular-gene-therapy-products/regenerative-medicine-advanced-therapy-designation',
  ]),
  title: text('Its title, or a short label of our own.', 500, [
    'Regenerative Medicine Advanced Therapy Designation',
  ]),
}
const publisher = text('Who published it.', 200, ['FDA'])
const publishedOn = PartialDate('When it was published.', ['2019-02-15'])
const kind = word('SourceKind', sourceKinds, 'What kind of document it is.')
const retrievedAt = Type.String({
  format: 'date-time',
  // Dates of RFC 3339 also have years and offsets that there are not.
  pattern: '^[1-9].*(?:[Zz]|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])$',
  description: 'When it was read.',
  examples: ['2026-11-20T08:00:00.000Z'],
})
const digest = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256 of the text that was read, in hexadecimal.',
  examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
})

export const Source = recordOf('Source', 'A document that facts rest on.', slugs, {
  ...fields,
  publisher: nullable(publisher),
  publishedOn: nullable(publishedOn),
  kind,
  retrievedAt: nullable(retrievedAt),
  digest: nullable(digest),
})

export const NewSource = inputOf('Source', 'A document to store.', slugs, {
  ...fields,
  publisher: orNull(publisher),
  publishedOn: orNull(publishedOn),
  kind,
  retrievedAt: orNull(retrievedAt),
  digest: orNull(digest),
})
