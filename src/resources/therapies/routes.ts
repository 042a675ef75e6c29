import { standardRoutes } from '../../crud/routes.js'
import { therapiesResource } from './store.js'

export default standardRoutes(therapiesResource, {
  slug: 'lasme-cel',
  create: {
    name: 'GC012F',
    names: [{ name: 'AZD0120', type: 'code' }],
    modality: 'car-t',
    cellOrigin: 'autologous',
    vector: 'lentiviral',
    targets: ['tnfrsf17', 'cd19'],
    stage: 'phase-1-2',
  },
  patch: { summary: 'An off-the-shelf CD22 CAR T of Cellectis.' },
})
