import { standardRoutes } from '../../crud/routes.js'
import { therapiesResource } from './store.js'

export default standardRoutes(therapiesResource, {
  slug: 'lasme-cel',
  create: {
    name: 'UCART20x22',
    names: [
      { name: 'UCART20x22', type: 'code' },
      { name: 'eti-cel', type: 'abbreviation' },
    ],
    modality: 'car-t',
    cellOrigin: 'allogeneic',
    targets: ['ms4a1', 'cd22'],
    organizations: [{ organization: 'cellectis', role: 'sponsor' }],
    stage: 'phase-1-2',
    evidence: [{ source: 'cellectis-first-quarter-2025', locator: 'NATHALI-01' }],
  },
  patch: { summary: 'Off-the-shelf CD22 CAR T cells of Cellectis, in a pivotal-stage trial.' },
})
