import type {
  FastifyContextConfig,
  FastifyInstance,
  FastifyRequest,
  FastifySchema,
  RouteOptions,
} from 'fastify'
import fp from 'fastify-plugin'
import { type Scope, scopes } from '../domain/vocabularies.js'
import { type Problem, problem } from '../http/problem.js'
import { withProblems } from '../http/responses.js'
import { readToken } from '../keys/key.js'
import { checkKey, type Principal } from '../keys/store.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a key must allow; null where none is looked at. Left out, it follows from the address and the method. */
    scope?: Scope | null
    /** Set where a key is needed even if everybody may read. */
    needsKey?: true
  }
  interface FastifyRequest {
    /** The bearer of the key that the request has; null when it has none. */
    principal: Principal | null
  }
  interface FastifySchema {
    security?: readonly Record<string, readonly string[]>[]
  }
}

export interface AuthOptions {
  /** Whether reading needs a key, too. */
  readAccess: 'public' | 'key'
}

/**
 * Who asks, and what they may. A key is looked up at each request that has one, so that revoking it holds at once on
 * every process; nothing is looked up for a request without one.
 */
export const authPlugin = fp<AuthOptions>(
  async (app, { readAccess }) => {
    const isOpen = ({ scope, needsKey }: FastifyContextConfig) =>
      scope === 'read' && readAccess === 'public' && !needsKey
    app.decorateRequest('principal', null)
    app.addHook('onRoute', (route) => {
      const scope = scopeOf(route)
      route.config = { ...route.config, scope }
      if (scope !== null && route.schema) route.schema = secured(route.schema, scope, isOpen(route.config))
    })
    // Before the body is read.
    app.addHook('onRequest', (request, _, done) => {
      const { config } = request.routeOptions
      const { scope = null } = config
      const { authorization = '' } = request.headers
      // Most read without a key, for whom there is nothing to look up.
      if (scope === null || (authorization === '' && isOpen(config))) return done()
      identify(request, authorization, isOpen(config) ? null : scope).then(() => done(), done)
    })
  },
  { name: 'auth', fastify: '5.x', dependencies: ['database', 'errors'] },
)

const readingMethods = ['GET', 'HEAD']

/** What a route needs: the registry is below `/v1`; the documentation, the contract and the health are for everybody. */
function scopeOf({ url, method, config }: RouteOptions): Scope | null {
  if (config?.scope !== undefined) return config.scope
  if (!url.startsWith('/v1/')) return null
  return [method].flat().every((name) => readingMethods.includes(name)) ? 'read' : 'write'
}

/** The schema of a route with what the contract says of keys. */
function secured(schema: FastifySchema, scope: Scope, isOpen: boolean): FastifySchema {
  // Who has a key at all may read.
  const statuses = scope === 'read' ? [401] : [401, 403]
  return {
    ...withProblems(schema, ...statuses),
    security: [...(isOpen ? [{}] : []), { ApiKey: [] }],
  }
}

/** Notes who asks; refuses who may not do what needs a scope. */
async function identify(request: FastifyRequest, authorization: string, scope: Scope | null): Promise<void> {
  if (authorization !== '') request.principal = await principalOf(request.server, authorization)
  if (scope !== null) checkScope(request, scope)
}

/** Whose key an `Authorization` header holds. Throws a problem for one that is worth nothing. */
async function principalOf(app: FastifyInstance, authorization: string): Promise<Principal> {
  const [, text = ''] = /^bearer +(\S+)$/i.exec(authorization) ?? []
  const token = readToken(text)
  if (token === null) throw refused('The header has to be: Authorization: Bearer rmat_…', 'malformed')
  const verdict = await checkKey(app.database, token)
  if ('principal' in verdict) return verdict.principal
  const details = {
    unknown: `There is no such key as this one that begins with ${token.prefix}.`,
    revoked: `The key ${token.prefix} was revoked.`,
    expired: `The key ${token.prefix} has expired.`,
  }
  throw refused(details[verdict.refusal], verdict.refusal)
}

const challenge = 'Bearer realm="openRMAT"'

const refused = (detail: string, reason: string): Problem =>
  problem('unauthorized', detail, {
    headers: {
      'www-authenticate': `${challenge}, error="invalid_token", error_description="The key is ${reason}"`,
    },
  })

function checkScope({ principal, method }: FastifyRequest, scope: Scope): void {
  if (principal === null) {
    throw problem('unauthorized', `This needs a key of scope "${scope}": send Authorization: Bearer rmat_…`, {
      headers: { 'www-authenticate': challenge },
    })
  }
  const { values } = scopes
  if (values.indexOf(principal.scope) >= values.indexOf(scope)) return
  const detail = `${method} here needs the scope "${scope}"; the key "${principal.name}" has "${principal.scope}".`
  throw problem('forbidden', detail, {
    headers: {
      'www-authenticate': `${challenge}, error="insufficient_scope", error_description="The key lacks the scope ${scope}", scope="${scope}"`,
    },
  })
}
