import { standardRoutes } from '../../crud/routes.js'
import { targetsResource } from './store.js'

export default standardRoutes(targetsResource, {
  slug: 'tnfrsf17',
  create: {
    symbol: 'LILRB4',
    name: 'leukocyte immunoglobulin like receptor B4',
    aliases: ['ILT3'],
    identifiers: [{ system: 'hgnc', value: 'HGNC:6608' }],
  },
  patch: { identifiers: [{ system: 'hgnc', value: 'HGNC:11913' }] },
})
