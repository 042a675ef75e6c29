import { standardRoutes } from '../../crud/routes.js'
import { organizationsResource } from './store.js'

export default standardRoutes(organizationsResource, {
  slug: 'cellectis',
  create: { name: 'Shanghai Cellular Biopharmaceutical', aliases: ['CBMG'], kind: 'company', country: 'CN' },
  patch: { aliases: ['Cellectis S.A.'] },
})
