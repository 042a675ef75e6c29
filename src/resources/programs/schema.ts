import {
  inputOf,
  Key,
  listOf,
  nullable,
  orElse,
  orNull,
  PartialDate,
  Reference,
  recordOf,
  ref,
  text,
  url,
} from '../../http/schema.js'
import { Evidence, NewEvidence } from '../evidence/schema.js'

const slugs = ['fda:rmat']

const name = text('Its full name; unique with its authority.', 200, [
  'Regenerative Medicine Advanced Therapy designation',
])
const abbreviation = text('What it is called for short.', 40, ['RMAT'])
const legalBasis = text('The law that it rests on.', 500, [
  '21st Century Cures Act, section 3033; FD&C Act, section 506(g)',
])
const establishedOn = PartialDate('Since when it exists.', ['2016-12-13'])
const criteria = listOf(
  text('One criterion.', 1000),
  'What a product has to meet, one sentence each, in our own words.',
  50,
)
const benefits = listOf(text('One benefit.', 1000), 'What it gives, one sentence each, in our own words.', 50)
const address = url('Its official page.')

export const Program = recordOf('Program', 'An expedited or special programme of one authority.', slugs, {
  authority: ref(Reference),
  name,
  abbreviation: nullable(abbreviation),
  legalBasis: nullable(legalBasis),
  establishedOn: nullable(establishedOn),
  criteria,
  benefits,
  url: nullable(address),
  evidence: listOf(ref(Evidence), 'Where it says so.', 100),
})

export const NewProgram = inputOf('Program', 'A programme to store.', slugs, {
  authority: Key('The authority that runs it.', ['fda']),
  name,
  abbreviation: orNull(abbreviation),
  legalBasis: orNull(legalBasis),
  establishedOn: orNull(establishedOn),
  criteria: orElse(criteria, []),
  benefits: orElse(benefits, []),
  url: orNull(address),
  evidence: orElse(listOf(ref(NewEvidence), 'Where it says so.', 100), []),
})
