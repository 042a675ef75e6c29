import { standardRoutes } from '../../crud/routes.js'
import { trialsResource } from './store.js'

export default standardRoutes(trialsResource, {
  slug: 'nct04093596',
  create: {
    registry: 'clinicaltrials.gov',
    registryId: 'NCT03570892',
    acronym: 'BELINDA',
    title: 'Tisagenlecleucel in Adult Patients With Aggressive B-cell Non-Hodgkin Lymphoma',
    phase: '3',
    pivotal: true,
    therapies: ['tisagenlecleucel'],
    indications: ['lbcl-second-line'],
    sponsor: 'novartis',
    events: [
      { status: 'started', on: '2019-05' },
      { status: 'readout', on: '2021-08-24', note: 'The primary endpoint was not met.' },
    ],
  },
  patch: { pivotal: false },
})
