import { standardRoutes } from '../../crud/routes.js'
import { designationsResource } from './store.js'

export default standardRoutes(designationsResource, {
  slug: 'lasme-cel-fda-rmat-r-r-b-all',
  create: {
    therapy: 'roctavian',
    program: 'fda:rmat',
    indication: 'severe-hemophilia-a',
    organization: 'biomarin',
    events: [
      {
        status: 'granted',
        announcedOn: '2021-03-08',
        note: 'The day is that of the press release.',
      },
    ],
  },
  patch: { note: 'The first RMAT designation of an allogeneic CAR-T in this indication.' },
})
