import { standardRoutes } from '../../crud/routes.js'
import { applicationsResource } from './store.js'

export default standardRoutes(applicationsResource, {
  slug: 'obecabtagene-autoleucel-fda-bla-r-r-b-all',
  create: {
    therapy: 'adstiladrin',
    authority: 'ema',
    type: 'MAA',
    indication: 'bcg-unresponsive-nmibc-cis',
    organization: 'ferring',
    events: [
      {
        status: 'approved',
        on: '2026-05-28',
        evidence: [{ source: 'ema-medicines-data-of-22-august-2026', locator: 'Adstiladrin' }],
      },
    ],
  },
  patch: { organization: 'autolus' },
})
