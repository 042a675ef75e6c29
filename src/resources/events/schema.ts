import { type TSchema, Type } from '@sinclair/typebox'
import {
  applicationEventStatuses,
  designationEventStatuses,
  trialEventStatuses,
} from '../../domain/vocabularies.js'
import {
  component,
  Key,
  listOf,
  nullable,
  orElse,
  orNull,
  PartialDate,
  Reference,
  ref,
  text,
  word,
} from '../../http/schema.js'
import { Evidence, NewEvidence } from '../evidence/schema.js'

const id = Type.String({ format: 'uuid', description: 'The id of the event.' })
const on = PartialDate('When it happened, or is expected; null when nobody says.', ['2021-11-08'])
const anticipated = Type.Boolean({
  description: 'Whether a source only expects it: then it counts for nothing yet.',
})
const announcedOn = PartialDate('When it was announced, where that is another day.', ['2021-11-18'])
const note = text('What else there is to say.', 4000)

/** The fields of an event as it is written, for a subject with these statuses and these further fields. */
function written(name: string, subject: string, status: TSchema, further: Record<string, TSchema> = {}) {
  return component(
    name,
    Type.Object(
      {
        id: Type.Optional({
          ...id,
          description: 'The id of an event that the subject has already; left out for a new one.',
        }),
        status,
        on: orNull(on),
        anticipated: orElse(anticipated, false),
        announcedOn: orNull(announcedOn),
        ...further,
        note: orNull(note),
        evidence: orElse(listOf(ref(NewEvidence), 'Where it says so.', 100), []),
      },
      {
        description: `Something that happened to ${subject}, as it is written.`,
        additionalProperties: false,
      },
    ),
  )
}

/** The fields of an event as it is read. */
function read(name: string, subject: string, status: TSchema, further: Record<string, TSchema> = {}) {
  return component(
    name,
    Type.Object(
      {
        id,
        status,
        on: nullable(on),
        anticipated,
        announcedOn: nullable(announcedOn),
        ...further,
        note: nullable(note),
        evidence: listOf(ref(Evidence), 'Where it says so.', 100),
      },
      { description: `Something that happened to ${subject}.`, additionalProperties: false },
    ),
  )
}

const designationStatus = word(
  'DesignationEventStatus',
  designationEventStatuses,
  'What happened to a designation.',
)
const newHolder = 'Of a transfer: the new holder.'
const newIndication = 'Of an amendment: the new indication.'

export const DesignationEvent = read('DesignationEvent', 'a designation', designationStatus, {
  organization: nullable(ref(Reference), { description: newHolder }),
  indication: nullable(ref(Reference), { description: newIndication }),
})
export const NewDesignationEvent = written('NewDesignationEvent', 'a designation', designationStatus, {
  organization: orNull(Key(newHolder, ['novartis'])),
  indication: orNull(Key(newIndication, ['r-r-b-all'])),
})

const applicationStatus = word(
  'ApplicationEventStatus',
  applicationEventStatuses,
  'What happened to an application. An IND or a CTA is cleared and held, never approved; the others are approved, never cleared.',
)
export const ApplicationEvent = read('ApplicationEvent', 'an application', applicationStatus)
export const NewApplicationEvent = written('NewApplicationEvent', 'an application', applicationStatus)

const trialStatus = word('TrialEventStatus', trialEventStatuses, 'What happened to a trial.')
export const TrialEvent = read('TrialEvent', 'a trial', trialStatus)
export const NewTrialEvent = written('NewTrialEvent', 'a trial', trialStatus)

/** Every status of an event. */
export const eventStatuses = {
  values: [
    ...new Set<string>([
      ...designationEventStatuses.values,
      ...applicationEventStatuses.values,
      ...trialEventStatuses.values,
    ]),
  ],
}

/** What can have events. */
export const eventSubjects = { values: ['designation', 'application', 'trial'] as const }

const allStatuses = component(
  'EventStatus',
  Type.Unsafe<string>({
    type: 'string',
    enum: eventStatuses.values,
    description: 'What happened; which statuses there are depends on what it happened to.',
  }),
)
const anyStatus = ref(allStatuses)

const EventSubject = component(
  'EventSubject',
  Type.Object(
    {
      type: Type.Unsafe<string>({
        type: 'string',
        enum: [...eventSubjects.values],
        description: 'What kind of record it is.',
      }),
      id: Type.String({ format: 'uuid', description: 'The id of the record.' }),
      slug: Type.String({ description: 'Its slug.' }),
      name: Type.String({ description: 'Its name.' }),
    },
    { description: 'What an event happened to.', additionalProperties: false },
  ),
)

/** An event on its own, with what it happened to. */
export const Event = component(
  'Event',
  Type.Object(
    {
      id,
      subject: ref(EventSubject),
      therapies: Type.Array(ref(Reference), {
        description: 'Which therapies it is about: one, but of a trial those that it tests.',
      }),
      label: Type.String({
        description: 'What happened, in words.',
        examples: ['FDA RMAT granted: R/R B-ALL'],
      }),
      status: anyStatus,
      on: nullable(on),
      anticipated,
      announcedOn: nullable(announcedOn),
      organization: nullable(ref(Reference), { description: newHolder }),
      indication: nullable(ref(Reference), { description: newIndication }),
      note: nullable(note),
      evidence: listOf(ref(Evidence), 'Where it says so.', 100),
    },
    {
      description: 'Something that happened to a designation, an application or a trial.',
      additionalProperties: false,
    },
  ),
)

export const EventPatch = component(
  'EventPatch',
  Type.Object(
    {
      status: Type.Optional(anyStatus),
      on: Type.Optional(nullable(on)),
      anticipated: Type.Optional(anticipated),
      announcedOn: Type.Optional(nullable(announcedOn)),
      organization: Type.Optional(nullable(Key(newHolder, ['novartis']))),
      indication: Type.Optional(nullable(Key(newIndication, ['r-r-b-all']))),
      note: Type.Optional(nullable(note)),
      evidence: Type.Optional(listOf(ref(NewEvidence), 'Where it says so.', 100)),
    },
    { description: 'A merge patch (RFC 7396) of an event.', additionalProperties: false, minProperties: 1 },
  ),
)
