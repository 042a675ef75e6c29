import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { isConditional, isRead } from '../http/conditional.js'
import { type Problem, problem } from '../http/problem.js'
import { withProblems } from '../http/responses.js'
import { Windows } from './windows.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The limit that this request comes under, null where that is none; undefined before it is known. */
    limit: Limit | null | undefined
    /** Where that is with this request, if it was counted when it came; else it is when it is answered. */
    standing: Standing | null | undefined
  }
}

export interface LimitsOptions {
  /** Requests a minute of an address, where they have no key; 0 is no limit. */
  address: number
  /** Requests a minute of a key; 0 is no limit. */
  key: number
  /** Whether requests from this machine itself are counted, too. */
  loopback: boolean
}

/** Where the bearer of a limit is in it. */
interface Standing {
  remaining: number
  isExceeded: boolean
  ttlInSeconds: number
}

/** So many requests a minute for each of its bearers. */
interface Limit {
  policy: 'address' | 'key'
  quota: number
  /** Counts a request; answers null where it comes under no limit. */
  count(request: FastifyRequest): Promise<Standing | null>
  /** Where it would be, without counting it. */
  look(request: FastifyRequest): Promise<Standing | null>
}

const windowSeconds = 60

/** An IPv6 client has a network of its own. The address of a connection that is gone is unknown. */
export const addressOf = ({ ip }: FastifyRequest): string => normalizeIP(String(ip))

const isLoopback = ({ ip }: FastifyRequest) => /^(?:127\.|::1$)/.test(normalizeIP(String(ip), 128))

/**
 * How often a key, and an address without one, may ask. A request with a key is counted when it is known whose it is;
 * keys that are worth nothing count against the address, which may not go on trying. What was not modified is free.
 */
export const limitsPlugin = fp<LimitsOptions>(
  async (app, options) => {
    await app.register(rateLimit, {
      global: false,
      store: Windows,
      allowList: (request: FastifyRequest) => !options.loopback && isLoopback(request),
    })
    const addresses = limitOf(app, 'address', options.address, addressOf)
    const keys = limitOf(app, 'key', options.key, ({ principal }) => String(principal?.id))
    // Apart from the requests without a key: who reads too much may still show a key.
    const guesses = limitOf(app, 'address', options.address, addressOf)

    const ownLimit = ({ principal }: FastifyRequest) => (principal === null ? addresses : keys)

    app.decorateRequest('limit', undefined)
    app.decorateRequest('standing', undefined)
    app.addHook('onRoute', (route) => {
      if (route.schema && route.config?.rateLimit !== false) route.schema = withProblems(route.schema, 429)
    })
    // Before a key is looked up.
    app.addHook('onRequest', async (request) => {
      if (showsKey(request)) await refuseGuesses(request, guesses)
      else if (!isFree(request)) await take(request, addresses)
    })
    // After a key is looked up, and before the body is read.
    app.addHook('preParsing', (request, _, payload, done) => {
      if (isFree(request) || request.limit !== undefined) return done(null, payload)
      take(request, ownLimit(request)).then(() => done(null, payload), done)
    })
    app.addHook('onSend', async (request, reply) => {
      if (reply.statusCode === 401 && hasKey(request)) await guesses?.count(request)
      if (isFree(request)) return
      await settle(request, reply, request.limit === undefined ? ownLimit(request) : request.limit)
    })
  },
  { name: 'limits', fastify: '5.x', dependencies: ['errors'] },
)

/** A limit of its own; null where the quota is none. */
function limitOf(
  app: FastifyInstance,
  policy: Limit['policy'],
  quota: number,
  keyGenerator: (request: FastifyRequest) => string,
): Limit | null {
  if (quota === 0) return null
  const limiter = app.createRateLimit({ max: quota, timeWindow: windowSeconds * 1000, keyGenerator })
  const standing = async (request: FastifyRequest, increment: boolean) => {
    const found = await limiter(request, { increment })
    return found.isAllowed ? null : found
  }
  return {
    policy,
    quota,
    count: (request) => standing(request, true),
    look: (request) => standing(request, false),
  }
}

/** Whether the health of the service is asked, or a browser asks what it may ask. */
const isFree = ({ routeOptions, method }: FastifyRequest) =>
  routeOptions.config.rateLimit === false || method === 'OPTIONS'

/** Whether the answer may be a 304, which is free; who says `*` need not have anything. */
const mayBeFree = (request: FastifyRequest): boolean =>
  isRead(request) && isConditional(request) && request.headers['if-none-match']?.trim() !== '*'

const hasKey = ({ headers }: FastifyRequest) => (headers.authorization ?? '') !== ''

/** Whether a key comes with the request, and, where requests are free, is looked at. */
const showsKey = (request: FastifyRequest) =>
  hasKey(request) && (!isFree(request) || Boolean(request.routeOptions.config.scope))

async function refuseGuesses(request: FastifyRequest, guesses: Limit | null): Promise<void> {
  const standing = await guesses?.look(request)
  if (guesses && standing?.remaining === 0) throw tooMany(guesses, standing)
}

/** Counts a request, or refuses it. One that may turn out to be free is only counted when it is answered. */
async function take(request: FastifyRequest, limit: Limit | null): Promise<void> {
  request.limit = limit
  if (limit === null) return
  if (mayBeFree(request)) {
    const standing = await limit.look(request)
    if (standing?.remaining === 0) throw tooMany(limit, standing)
    return
  }
  request.standing = await limit.count(request)
  if (request.standing?.isExceeded) throw tooMany(limit, request.standing)
}

/** Counts what was not counted before, and tells what is left. */
async function settle(request: FastifyRequest, reply: FastifyReply, limit: Limit | null): Promise<void> {
  if (limit === null || reply.hasHeader('ratelimit')) return
  const standing = request.standing ?? (await countAnswered(request, reply, limit))
  if (standing !== null) reply.headers(headersOf(limit, standing))
}

/** Counts a request that was not counted before, unless what it asked for had not changed. */
function countAnswered(request: FastifyRequest, reply: FastifyReply, limit: Limit): Promise<Standing | null> {
  return reply.statusCode === 304 ? limit.look(request) : limit.count(request)
}

/** The headers of draft-ietf-httpapi-ratelimit-headers. */
function headersOf({ policy, quota }: Limit, { remaining, ttlInSeconds }: Standing) {
  return {
    ratelimit: `"${policy}";r=${remaining};t=${ttlInSeconds}`,
    'ratelimit-policy': `"${policy}";q=${quota};w=${windowSeconds}`,
  }
}

function tooMany(limit: Limit, standing: Standing): Problem {
  const { policy, quota } = limit
  const seconds = String(standing.ttlInSeconds)
  const detail = `This ${policy} may send ${quota} requests a minute: try again in ${seconds} s.`
  return problem('too-many-requests', detail, {
    headers: { 'retry-after': seconds, ...headersOf(limit, standing) },
  })
}
