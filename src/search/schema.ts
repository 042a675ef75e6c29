import { Type } from '@sinclair/typebox'
import { component, nullable, ref } from '../http/schema.js'
import { mostResolved } from './resolve.js'

const closed = (description: string) => ({ description, additionalProperties: false })

const type = Type.String({
  description: 'What kind of record it is: the singular of its resource.',
  examples: ['therapy'],
})

const identity = {
  type,
  id: Type.String({ format: 'uuid', description: 'The id of the record.' }),
  slug: Type.String({ description: 'Its slug.', examples: ['lasme-cel'] }),
  name: Type.String({ description: 'Its name.', examples: ['Lasmecabtagene timgedleucel'] }),
}

const matchedFields = {
  field: Type.String({
    description:
      'Where it matched: the path of a field of the record (`names.name`, `aliases`, `events.note`); of a reference, the record referred to is what is named so. `related` is what a therapy has of its designations, applications and trials, and they of it.',
    examples: ['names.name'],
  }),
  value: Type.String({ description: 'What stands there.', examples: ['UCART22'] }),
}

const how = (words: string[], description: string) =>
  Type.Unsafe<string>({ type: 'string', enum: words, description })

const Matched = component(
  'Matched',
  Type.Object(
    {
      ...matchedFields,
      how: how(
        ['exact', 'normalized', 'prefix', 'word', 'typo', 'text'],
        'How it matched: as it was typed; but for case, hyphens, spaces, accents and Greek letters; by how a name or a word begins; by a word; with a typing mistake or two; by a word of a text.',
      ),
    },
    closed('Why a record was found.'),
  ),
)

const Hit = component(
  'SearchHit',
  Type.Object(
    {
      ...identity,
      matched: ref(Matched),
      highlight: Type.String({
        description: 'What matched as HTML, with the words that did in `mark`.',
        examples: ['<mark>UCART22</mark>'],
      }),
      score: Type.Number({
        format: 'double',
        minimum: 0,
        maximum: 1,
        description: 'How well it matches; hits come in this order, and by name where it is the same.',
        examples: [0.96],
      }),
    },
    closed('A record that was found, and why.'),
  ),
)

const Correction = component(
  'SearchCorrection',
  Type.Object(
    {
      word: Type.String({ description: 'A word that no name has.', examples: ['lasmecabtagen'] }),
      readAs: Type.Array(Type.String(), {
        description: 'The words it was read as.',
        examples: [['lasmecabtagene']],
      }),
    },
    closed('A word that was read as others.'),
  ),
)

const Reading = component(
  'SearchReading',
  Type.Object(
    {
      corrections: Type.Array(ref(Correction), { description: 'Words that were taken for mistyped.' }),
      relaxed: Type.Boolean({
        description:
          'Whether nothing has all that was asked for, so that these have all but one of the words.',
      }),
    },
    closed('How a query was read.'),
  ),
)

export const SearchAnswer = component(
  'SearchAnswer',
  Type.Object(
    { data: Type.Array(ref(Hit), { description: 'The hits, the best first.' }), query: ref(Reading) },
    closed('What a search found.'),
  ),
)

const Suggestion = component(
  'Suggestion',
  Type.Object(
    {
      ...identity,
      value: Type.String({ description: 'The name that goes on as typed.', examples: ['UCART22'] }),
      highlight: Type.String({
        description: 'That name as HTML, with what was typed in `mark`.',
        examples: ['<mark>UCART</mark>22'],
      }),
    },
    closed('A record that somebody may be about to name.'),
  ),
)

export const Suggestions = component(
  'Suggestions',
  Type.Object(
    { data: Type.Array(ref(Suggestion), { description: 'The suggestions, the shortest names first.' }) },
    closed('Records whose names go on as typed.'),
  ),
)

export const NamesToResolve = component(
  'NamesToResolve',
  Type.Object(
    {
      names: Type.Array(Type.String({ minLength: 1, maxLength: 300, description: 'A name.' }), {
        minItems: 1,
        maxItems: mostResolved,
        description: 'The names.',
        examples: [['UCART22', 'eque cel']],
      }),
      type: Type.Optional(
        Type.String({
          description:
            'Only records of one kind, `therapy` or as in paths `therapies`; of every kind when left out.',
          minLength: 1,
          maxLength: 60,
          examples: ['therapy'],
        }),
      ),
    },
    closed('Names of which the records are asked for.'),
  ),
)

const ResolvedMatch = component(
  'ResolvedMatch',
  Type.Object(
    {
      ...matchedFields,
      how: how(
        ['exact', 'normalized', 'typo'],
        'How it matched: as written; but for case, hyphens, spaces, accents and Greek letters; with a typing mistake or two.',
      ),
    },
    closed('How a name led to a record.'),
  ),
)

const ResolvedRecord = component(
  'ResolvedRecord',
  Type.Object({ ...identity, matched: ref(ResolvedMatch) }, closed('A record that bears a name.')),
)

const Resolution = component(
  'Resolution',
  Type.Object(
    {
      name: Type.String({ description: 'The name as it was given.', examples: ['UCART22'] }),
      match: nullable(ref(ResolvedRecord), { description: 'The record that it means; null when none does.' }),
      alternatives: Type.Array(ref(ResolvedRecord), {
        description: 'Other records that bear it just as well; with one of them the name is ambiguous.',
      }),
    },
    closed('What one name means.'),
  ),
)

export const Resolutions = component(
  'Resolutions',
  Type.Object(
    { data: Type.Array(ref(Resolution), { description: 'One for each name, in the order given.' }) },
    closed('What names mean.'),
  ),
)
