import {
  Identifier,
  inputOf,
  Key,
  listOf,
  nullable,
  orElse,
  orNull,
  Reference,
  recordOf,
  ref,
  text,
} from '../../http/schema.js'

const slugs = ['r-r-b-all']

const name = text('Its name; unique.', 300, ['Relapsed or refractory B-cell acute lymphoblastic leukemia'])
const abbreviations = listOf(text('An abbreviation.', 80, ['R/R B-ALL']), 'What it is called for short.', 50)
const identifiers = listOf(ref(Identifier), 'What other systems (MONDO, Orphanet, MeSH, NCIt) call it.', 50)

export const Indication = recordOf('Indication', 'A disease or a line of treatment, in a tree.', slugs, {
  name,
  abbreviations,
  parent: nullable(ref(Reference), {
    description: 'The wider indication that it lies below; null at the top.',
  }),
  identifiers,
})

export const NewIndication = inputOf('Indication', 'An indication to store.', slugs, {
  name,
  abbreviations: orElse(abbreviations, []),
  parent: orNull(Key('The wider indication that it lies below; never itself or one below it.', ['b-all'])),
  identifiers: orElse(identifiers, []),
})
