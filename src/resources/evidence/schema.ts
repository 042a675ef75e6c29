import { Type } from '@sinclair/typebox'
import { evidenceGrades } from '../../domain/vocabularies.js'
import { component, Key, nullable, orNull, ref, text, url, word } from '../../http/schema.js'

const quote = text("The source's own words, where they were read.", 2000, [
  'Regenerative Medicine Advanced Therapy (RMAT) designation',
])
const locator = text('Where in the source: a page, a section, a table.', 300, ['Business highlights'])

export const NewEvidence = component(
  'NewEvidence',
  Type.Object(
    {
      source: Key('The source that says so.', ['cellectis-first-quarter-2025']),
      quote: orNull(quote),
      locator: orNull(locator),
    },
    { description: 'Where a source says so, as it is written.', additionalProperties: false },
  ),
)

const SourceReference = component(
  'SourceReference',
  Type.Object(
    {
      id: Type.String({ format: 'uuid', description: 'The id of the source.' }),
      slug: Type.String({ description: 'Its slug.' }),
      name: Type.String({ description: 'Its title.' }),
      url: url('Where it can be read.'),
    },
    { description: 'A source: its id, slug, title and address.', additionalProperties: false },
  ),
)

export const Evidence = component(
  'Evidence',
  Type.Object(
    {
      source: ref(SourceReference),
      quote: nullable(quote),
      locator: nullable(locator),
      grade: word(
        'EvidenceGrade',
        evidenceGrades,
        'How near to the fact a source is; it follows from the kind of the source.',
      ),
    },
    { description: 'Where a source says so.', additionalProperties: false },
  ),
)
