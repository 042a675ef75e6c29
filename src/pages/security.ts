import { securityHeaders } from '../http/security.js'

/** What a page may load, and from where: everything comes from here, and nothing stands in the page itself. */
const ofPage = {
  'default-src': ["'none'"],
  'style-src': ["'self'"],
  // Swagger UI has its icons as data.
  'img-src': ["'self'", 'data:'],
  'form-action': ["'self'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
}

const allowing = (directives: Record<string, string[]>): Record<string, string> =>
  securityHeaders({
    contentSecurityPolicy: { useDefaults: false, directives },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    originAgentCluster: true,
  })

/** The headers of a page that only shows something. */
export const pageSecurity = allowing(ofPage)

/** The headers of a page that runs scripts, which ask this service. */
export const scriptedPageSecurity = allowing({
  ...ofPage,
  'script-src': ["'self'"],
  'connect-src': ["'self'"],
})
