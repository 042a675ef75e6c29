import { Type } from '@sinclair/typebox'
import { trialPhases, trialRegistries, trialStatuses } from '../../domain/vocabularies.js'
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
  word,
} from '../../http/schema.js'
import { NewTrialEvent, TrialEvent } from '../events/schema.js'
import { Evidence, NewEvidence } from '../evidence/schema.js'

const slugs = ['nct04150497']

const registry = word('TrialRegistry', trialRegistries, 'Where a trial is registered.')
const registryId = text('Its number there; unique with the registry.', 60, ['NCT04150497'])
const acronym = text('What it is called for short.', 60, ['BALLI-01'])
const title = text('Its title.', 1000)
const phase = word('TrialPhase', trialPhases, 'The phase of a trial.')
const pivotal = Type.Boolean({ description: 'Whether it is meant to support an approval.' })
const status = word('TrialStatus', trialStatuses, 'How a trial stands, as its registry says.')
const sponsor = 'Who runs it; null when unknown.'

/** References that may stand in the list only once. */
const keys = (what: string, description: string, example: string) =>
  orElse(Type.Array(Key(what, [example]), { description, maxItems: 100, uniqueItems: true }), [])

export const Trial = recordOf('Trial', 'A registered study.', slugs, {
  name: Type.String({ description: 'Its acronym, else its title, else its number.' }),
  registry: nullable(registry),
  registryId: nullable(registryId),
  acronym: nullable(acronym),
  title: nullable(title),
  phase: nullable(phase),
  pivotal: nullable(pivotal, {
    description: 'Whether it is meant to support an approval; null when nobody says.',
  }),
  status: nullable(status),
  therapies: listOf(ref(Reference), 'The therapies that it tests.', 100),
  indications: listOf(ref(Reference), 'The indications that it tests them in.', 100),
  sponsor: nullable(ref(Reference), { description: sponsor }),
  startedOn: nullable(PartialDate('When it began, folded from its events; null when unknown.')),
  events: listOf(ref(TrialEvent), 'What happened to it, in order.', 200),
  evidence: listOf(ref(Evidence), 'Where it says so.', 200),
})

export const NewTrial = inputOf('Trial', 'A trial to store, its events included.', slugs, {
  registry: orNull(registry),
  registryId: orNull(registryId),
  acronym: orNull(acronym),
  title: orNull(title),
  phase: orNull(phase),
  pivotal: orNull(pivotal),
  status: orNull(status),
  therapies: keys('A therapy.', 'The therapies that it tests.', 'lasme-cel'),
  indications: keys('An indication.', 'The indications that it tests them in.', 'r-r-b-all'),
  sponsor: orNull(Key(sponsor, ['cellectis'])),
  events: orElse(listOf(ref(NewTrialEvent), 'What happened to it.', 200), []),
  evidence: orElse(listOf(ref(NewEvidence), 'Where it says so.', 200), []),
})
