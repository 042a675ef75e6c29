import { standardRoutes } from '../../crud/routes.js'
import { trialsResource } from './store.js'

export default standardRoutes(trialsResource, {
  slug: 'nct04150497',
  create: {
    registry: 'clinicaltrials.gov',
    registryId: 'NCT04416984',
    acronym: 'ALPHA2',
    phase: '1/2',
    therapies: ['cema-cel'],
    indications: ['r-r-lbcl'],
    events: [{ status: 'started', on: '2020-05' }],
  },
  patch: { status: 'completed' },
})
