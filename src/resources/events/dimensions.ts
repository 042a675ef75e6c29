import { sql } from 'drizzle-orm'
import { type Dimensions, ofQuarter, ofReference, ofWord, ofYear } from '../../crud/dimensions.js'
import { authorities } from '../authorities/table.js'
import { ofIndication } from '../indications/dimensions.js'
import { organizations } from '../organizations/table.js'
import { programs } from '../programs/table.js'
import { throughTherapy } from '../therapies/dimensions.js'
import { trialIndications, trialTherapies } from '../trials/table.js'
import { events as t } from './table.js'

const withPrograms = { programs: () => sql`${programs} on ${programs.id} = ${t.programId}` }
const withTherapies = {
  trialTherapies: () => sql`${trialTherapies} on ${trialTherapies.trialId} = ${t.trialId}`,
}
const withIndications = {
  trialIndications: () => sql`${trialIndications} on ${trialIndications.trialId} = ${t.trialId}`,
}
const withOrganizations = {
  organizations: () => sql`${organizations} on ${organizations.id} = ${t.subjectOrganizationId}`,
}
const ofDate = { filters: ['whenFrom', 'whenTo', 'onFrom', 'onTo', 'announcedFrom', 'announcedTo'] }

/** What events can be grouped by. */
export const eventDimensions: Dimensions = {
  subjectType: ofWord(
    sql`case when ${t.designationId} is not null then 'designation'
      when ${t.applicationId} is not null then 'application' else 'trial' end`,
    'What kind of record it happened to.',
  ),
  status: ofWord(t.status, 'What happened.'),
  anticipated: ofWord(t.anticipated, 'Whether a source only expects it.'),
  year: ofYear(t.when, 'The year of `on`, else of `announcedOn`.', ofDate),
  quarter: ofQuarter(t.when, 'The quarter of `on`, else of `announcedOn`.', ofDate),
  program: ofReference(
    t.programId,
    { table: programs, name: programs.name },
    'The programme of the designation.',
  ),
  authority: ofReference(
    sql`coalesce(${t.authorityId}, ${programs.authorityId})`,
    { table: authorities, name: authorities.name },
    'The authority applied to, or that runs the programme.',
    { joins: withPrograms },
  ),
  type: ofWord(t.applicationType, 'The type of the application.'),
  indication: ofIndication(
    sql`coalesce(${t.subjectIndicationId}, ${trialIndications.indicationId})`,
    'What the record is for.',
    { joins: withIndications, many: 'once' },
  ),
  organization: ofReference(
    t.subjectOrganizationId,
    { table: organizations, name: organizations.name },
    'Who holds the designation now, applied, or runs the trial.',
  ),
  country: ofWord(organizations.country, 'The seat of that organization.', { joins: withOrganizations }),
  ...throughTherapy(sql`coalesce(${t.therapyId}, ${trialTherapies.therapyId})`, withTherapies),
}
