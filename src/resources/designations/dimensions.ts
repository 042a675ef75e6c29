import { sql } from 'drizzle-orm'
import { type Dimensions, ofQuarter, ofReference, ofWord, ofYear } from '../../crud/dimensions.js'
import { authorities } from '../authorities/table.js'
import { ofIndication } from '../indications/dimensions.js'
import { organizations } from '../organizations/table.js'
import { programs } from '../programs/table.js'
import { throughTherapy } from '../therapies/dimensions.js'
import { designations as t } from './table.js'

const withPrograms = { programs: () => sql`${programs} on ${programs.id} = ${t.programId}` }
const withHolders = { organizations: () => sql`${organizations} on ${organizations.id} = ${t.holderId}` }
const ofGrant = ['grantedFrom', 'grantedTo']
const ofAnnouncement = ['announcedFrom', 'announcedTo']
const ofDate = { filters: [...ofGrant, ...ofAnnouncement] }

/** Of most grants only the announcement is known: without it, nearly all would be missing. */
const grantedWhen = sql`coalesce(${t.grantedOn}, ${t.announcedOn})`

/** What designations can be grouped by. */
export const designationDimensions: Dimensions = {
  program: ofReference(t.programId, { table: programs, name: programs.name }, 'The programme.'),
  authority: ofReference(
    programs.authorityId,
    { table: authorities, name: authorities.name },
    'The authority that runs the programme.',
    { joins: withPrograms },
  ),
  indication: ofIndication(t.indicationId, 'What it was granted for.'),
  year: ofYear(
    grantedWhen,
    'The year of `grantedOn` or, where no source tells that, of `announcedOn`.',
    ofDate,
  ),
  quarter: ofQuarter(grantedWhen, 'The quarter of `grantedOn`, else of `announcedOn`.', ofDate),
  grantedYear: ofYear(t.grantedOn, 'The year of `grantedOn` alone.', { filters: ofGrant }),
  announcedYear: ofYear(t.announcedOn, 'The year of `announcedOn`.', { filters: ofAnnouncement }),
  status: ofWord(t.status, 'What it is now.'),
  organization: ofReference(
    t.holderId,
    { table: organizations, name: organizations.name },
    'Who holds it now.',
  ),
  country: ofWord(organizations.country, 'The seat of who holds it now.', { joins: withHolders }),
  ...throughTherapy(t.therapyId),
}
