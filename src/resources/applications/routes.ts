import { standardRoutes } from '../../crud/routes.js'
import { applicationsResource } from './store.js'

export default standardRoutes(applicationsResource, {
  slug: 'lasme-cel-fda-ind-b-all',
  create: {
    therapy: 'lasme-cel',
    authority: 'fda',
    type: 'BLA',
    indication: 'r-r-b-all',
    organization: 'cellectis',
    events: [
      {
        status: 'submitted',
        on: '2028',
        anticipated: true,
        evidence: [{ source: 'cellectis-first-quarter-2025' }],
      },
    ],
  },
  patch: { number: 'IND 18282' },
})
