import { Type } from '@sinclair/typebox'
import { designationStatuses } from '../../domain/vocabularies.js'
import {
  asIn,
  embedded,
  Identifier,
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
  word,
} from '../../http/schema.js'
import { DesignationEvent, NewDesignationEvent } from '../events/schema.js'

const slugs = ['lasme-cel-fda-rmat-r-r-b-all']

const cycle = Type.Integer({
  minimum: 1,
  maximum: 1000,
  description: '1, unless the programme was granted again for the same therapy and indication.',
})
const identifiers = listOf(
  ref(Identifier),
  "The authority's own numbers, such as EU/3/15/1509; not unique.",
  50,
)
const note = text('What else there is to say.', 4000)
const indication = 'What it was granted for; null for a platform, or where no source says.'
const organization = 'Who held it first; null when unknown.'

export const Designation = recordOf('Designation', 'A therapy in a programme, for an indication.', slugs, {
  name: Type.String({ description: 'Therapy, programme and indication in words.' }),
  therapy: ref(Reference),
  program: ref(Reference),
  authority: ref(Reference),
  indication: nullable(ref(Reference), { description: indication }),
  cycle,
  organization: nullable(ref(Reference), { description: organization }),
  identifiers,
  status: nullable(
    word(
      'DesignationStatus',
      asIn('DesignationEventStatus', designationStatuses),
      'What a designation is now.',
    ),
    {
      description: 'What it is now, folded from its events; null when nothing has happened yet.',
    },
  ),
  grantedOn: nullable(PartialDate('When it was (last) granted; null when unknown.')),
  announcedOn: nullable(PartialDate('When that grant was announced; null when unknown.')),
  holder: nullable(ref(Reference), { description: 'Who holds it now, folded from its transfers.' }),
  currentIndication: nullable(ref(Reference), {
    description: 'What it is for now, folded from its amendments.',
  }),
  events: listOf(ref(DesignationEvent), 'What happened to it, in order.', 200),
  note: nullable(note),
  therapies: embedded('Therapy', 'therapy as a whole'),
})

export const NewDesignation = inputOf(
  'Designation',
  'A designation to store, its events included. Unique by therapy, program, indication and cycle.',
  slugs,
  {
    therapy: Key('The therapy.', ['lasme-cel']),
    program: Key('The programme.', ['fda:rmat']),
    indication: orNull(Key(indication, ['r-r-b-all'])),
    cycle: orElse(cycle, 1),
    organization: orNull(Key(organization, ['cellectis'])),
    identifiers: orElse(identifiers, []),
    events: orElse(listOf(ref(NewDesignationEvent), 'What happened to it.', 200), []),
    note: orNull(note),
  },
)
