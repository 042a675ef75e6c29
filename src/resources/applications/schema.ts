import { Type } from '@sinclair/typebox'
import { applicationStatuses, applicationTypes } from '../../domain/vocabularies.js'
import {
  asIn,
  embedded,
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
import { ApplicationEvent, NewApplicationEvent } from '../events/schema.js'

const slugs = ['eque-cel-fda-ind-rrmm']

const type = word('ApplicationType', applicationTypes, 'What is asked for.')
const number = text("The authority's number.", 80, ['STN 125714'])
const note = text('What else there is to say.', 4000)
const indication = 'What it is for; null where no source says.'
const organization = 'Who applied; null when unknown.'

export const Application = recordOf(
  'Application',
  'A request to an authority: to test a therapy in people (IND, CTA) or to market it (BLA, MAA …).',
  slugs,
  {
    name: Type.String({ description: 'Therapy, authority, type and indication in words.' }),
    therapy: ref(Reference),
    authority: ref(Reference),
    type,
    indication: nullable(ref(Reference), { description: indication }),
    number: nullable(number),
    organization: nullable(ref(Reference), { description: organization }),
    status: nullable(
      word(
        'ApplicationStatus',
        asIn('ApplicationEventStatus', applicationStatuses),
        'What an application is now.',
      ),
      {
        description: 'What it is now, folded from its events; null when nothing has happened yet.',
      },
    ),
    submittedOn: nullable(PartialDate('When it was first submitted; null when unknown.')),
    clearedOn: nullable(PartialDate('When trials under it were first cleared; null when unknown or not.')),
    approvedOn: nullable(
      PartialDate('When it was first approved, conditions or not; null when unknown or not.'),
    ),
    goalOn: nullable(PartialDate('By when a decision is or was last due; null when unknown.')),
    events: listOf(ref(ApplicationEvent), 'What happened to it, in order: one or more review cycles.', 200),
    note: nullable(note),
    therapies: embedded('Therapy', 'therapy as a whole'),
  },
)

export const NewApplication = inputOf('Application', 'An application to store, its events included.', slugs, {
  therapy: Key('The therapy.', ['eque-cel']),
  authority: Key('The authority applied to.', ['fda']),
  type,
  indication: orNull(Key(indication, ['rrmm'])),
  number: orNull(number),
  organization: orNull(Key(organization, ['iaso'])),
  events: orElse(listOf(ref(NewApplicationEvent), 'What happened to it.', 200), []),
  note: orNull(note),
})
