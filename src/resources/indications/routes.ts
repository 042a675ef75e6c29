import { standardRoutes } from '../../crud/routes.js'
import { indicationsResource } from './store.js'

export default standardRoutes(indicationsResource, {
  slug: 'r-r-b-all',
  create: {
    name: 'Relapsed or refractory blastic plasmacytoid dendritic cell neoplasm',
    abbreviations: ['R/R BPDCN'],
    parent: 'bpdcn',
  },
  patch: { abbreviations: ['R/R B-ALL'] },
})
