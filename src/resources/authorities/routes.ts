import { standardRoutes } from '../../crud/routes.js'
import { authoritiesResource } from './store.js'

export default standardRoutes(authoritiesResource, {
  slug: 'fda',
  create: {
    name: 'Paul-Ehrlich-Institut',
    abbreviation: 'PEI',
    jurisdiction: 'DE',
    url: 'https://www.pei.de',
  },
  patch: { url: 'https://www.fda.gov' },
})
