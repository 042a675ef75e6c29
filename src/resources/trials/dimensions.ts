import { sql } from 'drizzle-orm'
import { type Dimensions, ofQuarter, ofReference, ofWord, ofYear } from '../../crud/dimensions.js'
import { ofIndication } from '../indications/dimensions.js'
import { organizations } from '../organizations/table.js'
import { throughTherapy } from '../therapies/dimensions.js'
import { trials as t, trialIndications, trialTherapies } from './table.js'

const withSponsors = { organizations: () => sql`${organizations} on ${organizations.id} = ${t.sponsorId}` }
const withTherapies = {
  trialTherapies: () => sql`${trialTherapies} on ${trialTherapies.trialId} = ${t.id}`,
}
const withIndications = {
  trialIndications: () => sql`${trialIndications} on ${trialIndications.trialId} = ${t.id}`,
}
const ofStart = { filters: ['startedFrom', 'startedTo'] }

/** What trials can be grouped by. */
export const trialDimensions: Dimensions = {
  phase: ofWord(t.phase, 'Its phase.'),
  status: ofWord(t.status, 'How it stands.'),
  pivotal: ofWord(t.pivotal, 'Whether it is meant to support an approval.'),
  registry: ofWord(t.registry, 'Where it is registered.'),
  sponsor: ofReference(t.sponsorId, { table: organizations, name: organizations.name }, 'Who runs it.'),
  country: ofWord(organizations.country, 'The seat of who runs it.', { joins: withSponsors }),
  year: ofYear(t.startedOn, 'The year of `startedOn`.', ofStart),
  quarter: ofQuarter(t.startedOn, 'The quarter of `startedOn`.', ofStart),
  indication: ofIndication(trialIndications.indicationId, 'An indication that it is tested in.', {
    joins: withIndications,
    many: 'once',
  }),
  ...throughTherapy(trialTherapies.therapyId, withTherapies),
}
