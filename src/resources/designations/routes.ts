import { standardRoutes } from '../../crud/routes.js'
import { designationsResource } from './store.js'

export default standardRoutes(designationsResource, {
  slug: 'allo-715-fda-rmat-rrmm',
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
  patch: { note: 'Announced by its sponsor; the day of the grant is not public.' },
})
