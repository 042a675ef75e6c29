import { standardRoutes } from '../../crud/routes.js'
import { targetsResource } from './store.js'

export default standardRoutes(targetsResource, {
  slug: 'tnfrsf17',
  create: { symbol: 'LILRB4', aliases: ['ILT3'] },
  patch: { aliases: ['BCMA', 'CD269'] },
})
