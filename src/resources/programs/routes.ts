import { standardRoutes } from '../../crud/routes.js'
import { programsResource } from './store.js'

export default standardRoutes(programsResource, {
  slug: 'ema:accelerated-assessment',
  create: {
    authority: 'fda',
    name: 'Accelerated Approval',
    abbreviation: 'AA',
    legalBasis: 'FD&C Act, section 506(c)',
    establishedOn: '1992',
    criteria: [
      'It treats a serious condition and has an effect on a surrogate endpoint that is reasonably likely to predict clinical benefit.',
    ],
  },
  patch: { abbreviation: 'AA' },
})
