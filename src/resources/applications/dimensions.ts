import { sql } from 'drizzle-orm'
import { type Dimensions, ofQuarter, ofReference, ofWord, ofYear } from '../../crud/dimensions.js'
import { authorities } from '../authorities/table.js'
import { ofIndication } from '../indications/dimensions.js'
import { organizations } from '../organizations/table.js'
import { throughTherapy } from '../therapies/dimensions.js'
import { applications as t } from './table.js'

const withApplicants = {
  organizations: () => sql`${organizations} on ${organizations.id} = ${t.organizationId}`,
}
const ofApproval = ['approvedFrom', 'approvedTo']
const ofClearance = ['clearedFrom', 'clearedTo']
const ofDecision = { filters: [...ofApproval, ...ofClearance] }

/** An application is either cleared (IND, CTA) or approved (all others), never both. */
const decidedOn = sql`coalesce(${t.approvedOn}, ${t.clearedOn})`

/** What applications can be grouped by. */
export const applicationDimensions: Dimensions = {
  authority: ofReference(
    t.authorityId,
    { table: authorities, name: authorities.name },
    'The authority applied to.',
  ),
  type: ofWord(t.type, 'What is asked for.'),
  indication: ofIndication(t.indicationId, 'What it is for.'),
  year: ofYear(decidedOn, 'The year in which it was approved or, an IND or CTA, cleared.', ofDecision),
  quarter: ofQuarter(decidedOn, 'The quarter in which it was approved or cleared.', ofDecision),
  approvedYear: ofYear(t.approvedOn, 'The year of `approvedOn`.', { filters: ofApproval }),
  clearedYear: ofYear(t.clearedOn, 'The year of `clearedOn`.', { filters: ofClearance }),
  submittedYear: ofYear(t.submittedOn, 'The year of `submittedOn`.', {
    filters: ['submittedFrom', 'submittedTo'],
  }),
  status: ofWord(t.status, 'What it is now.'),
  organization: ofReference(
    t.organizationId,
    { table: organizations, name: organizations.name },
    'Who applied.',
  ),
  country: ofWord(organizations.country, 'The seat of who applied.', { joins: withApplicants }),
  ...throughTherapy(t.therapyId),
}
