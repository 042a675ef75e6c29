import { standardRoutes } from '../../crud/routes.js'
import { sourcesResource } from './store.js'

export default standardRoutes(sourcesResource, {
  slug: 'cellectis-first-quarter-2025',
  create: {
    url: 'https://www.prnewswire.com/news-releases/biomarin-announces-fda-regenerative-medicine-advanced-therapy-rmat-designation-granted-to-valoctocogene-roxaparvovec-investigational-gene-therapy-for-hemophilia-a-301242135.html',
    title:
      'BioMarin Announces FDA Regenerative Medicine Advanced Therapy (RMAT) Designation Granted to Valoctocogene Roxaparvovec',
    publisher: 'BioMarin',
    publishedOn: '2021-03-08',
    kind: 'press-release',
  },
  patch: { publisher: 'Cellectis' },
})
