import { type IncomingMessage, OutgoingMessage, type ServerResponse } from 'node:http'
import helmet, { type HelmetOptions } from 'helmet'

/** What is for pages, for browsers of the past, or said only over TLS. */
const unused = {
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  dnsPrefetchControl: false,
  ieNoOpen: false,
  permittedCrossDomainPolicies: false,
  xssFilter: false,
  hsts: false,
} as const

/** What differs between answers. */
type Meant = Pick<HelmetOptions, 'contentSecurityPolicy' | 'crossOriginOpenerPolicy' | 'originAgentCluster'>

/** The headers that helmet sets: they are the same for all requests, so it is asked once. */
export function securityHeaders(meant: Meant): Record<string, string> {
  const response = new OutgoingMessage()
  const apply = helmet({
    ...unused,
    // Who may read an answer from another origin is for CORS to say.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    ...meant,
  })
  apply({} as IncomingMessage, response as ServerResponse, () => {})
  return response.getHeaders() as Record<string, string>
}
