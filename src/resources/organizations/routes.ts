import { standardRoutes } from '../../crud/routes.js'
import { organizationsResource } from './store.js'

export default standardRoutes(organizationsResource, {
  slug: 'cellectis',
  create: {
    name: 'Century Therapeutics',
    kind: 'company',
    country: 'US',
    website: 'https://www.centurytx.com',
  },
  patch: { website: 'https://www.cellectis.com' },
})
