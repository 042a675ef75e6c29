import { standardRoutes } from '../../crud/routes.js'
import { sourcesResource } from './store.js'

export default standardRoutes(sourcesResource, {
  slug: 'bioinformant-rmat-list',
  create: {
    url: 'https://www.fda.gov/vaccines-blood-biologics/cellular-gene-therapy-products/approved-cellular-and-gene-therapy-products',
    title: 'Approved Cellular and Gene Therapy Products',
    publisher: 'FDA',
    kind: 'regulator',
  },
  patch: { publishedOn: '2026-06' },
})
