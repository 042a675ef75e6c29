import { standardRoutes } from '../../crud/routes.js'
import { designationsResource } from './store.js'

export default standardRoutes(designationsResource, {
  slug: 'lasme-cel-fda-rmat-r-r-b-all',
  create: {
    therapy: 'lasme-cel',
    program: 'fda:fast-track',
    indication: 'r-r-b-all',
    organization: 'cellectis',
    events: [
      {
        status: 'granted',
        announcedOn: '2026-07',
        evidence: [{ source: 'cellectis-first-quarter-2025', locator: 'Pipeline' }],
      },
    ],
  },
  patch: { note: 'The day is that of the announcement.' },
})
