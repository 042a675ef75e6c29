import { STATUS_CODES } from 'node:http'

/** One thing wrong with a request: where (a JSON pointer into the body, a parameter or a header) and what would be right. */
export interface Fault {
  pointer?: string
  parameter?: string
  header?: string
  message: string
  allowed?: readonly (string | number | boolean | null)[]
}

/** A name as one part of a JSON pointer (RFC 6901). */
export const pointerPart = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')

export interface ProblemDetails {
  status: number
  /** The last part of the problem's type: `/problems/{kind}`. */
  kind: string
  title: string
  detail: string
  errors?: Fault[]
  /** Members that only this kind of problem has (RFC 9457, section 3.2). */
  extensions?: Record<string, unknown>
  headers?: Record<string, string>
}

/** An answer that is not the one asked for: becomes an RFC 9457 problem document. */
export class Problem extends Error {
  override name = 'Problem'
  readonly details: ProblemDetails

  constructor(details: ProblemDetails) {
    super(details.detail)
    this.details = details
  }
}

/** Each kind of problem: its status, its title, and what to do about it, as its page under `/problems` says. */
export const problemKinds = {
  malformed: {
    status: 400,
    title: 'Malformed request',
    help: 'The request could not be read as the contract describes it: bad JSON, a wrong type, an unknown field or parameter. `errors` names each place and what is allowed there.',
  },
  'bad-cursor': {
    status: 400,
    title: 'Bad cursor',
    help: 'A cursor belongs to the list, the filters and the sort that it came from, and is passed back as it was given. Ask for the first page again, without `cursor`.',
  },
  unauthorized: {
    status: 401,
    title: 'No valid key',
    help: 'The request needs a key, or the one that it has is unknown, expired or revoked. Send `Authorization: Bearer rmat_…`; administrators make keys at `/v1/keys` or with `npm run keys -- create`.',
  },
  forbidden: {
    status: 403,
    title: 'Scope missing',
    help: 'The key is valid but lacks the scope that the request needs, which `detail` names. Use a key that has it.',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    help: 'No record or route has this address. Lists such as `/v1/therapies` show the slugs that there are.',
  },
  gone: { status: 410, title: 'Gone', help: 'The record was deleted; `deletedAt` says when.' },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    help: 'The address exists, but not for this method. The `Allow` header lists those that it takes.',
  },
  'not-acceptable': {
    status: 406,
    title: 'Not acceptable',
    help: 'The address cannot answer in any of the media types in `Accept`; `errors` names those that it has. Without `Accept` it answers in the first of them.',
  },
  conflict: {
    status: 409,
    title: 'Already taken',
    help: 'Another record has this unique value. `errors` names the field. Change the value, or update the other record.',
  },
  'still-referenced': {
    status: 409,
    title: 'Still referenced',
    help: 'Other records refer to this one; `references` says which resources and how many. Change those first, or delete what lies below with `?cascade=true`.',
  },
  'precondition-failed': {
    status: 412,
    title: 'Precondition failed',
    help: 'The record changed since you read it: its ETag is not the one in `If-Match`. Read it again and repeat the change.',
  },
  'too-large': {
    status: 413,
    title: 'Body too large',
    help: 'The body is over the limit. Send less at once.',
  },
  'headers-too-large': {
    status: 431,
    title: 'Address or headers too large',
    help: 'Address and headers together are over 16 KiB. Send fewer or shorter parameters; `POST /v1/resolve` takes many names at once.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Unsupported media type',
    help: 'Bodies are `application/json`, or `application/merge-patch+json` on PATCH.',
  },
  unprocessable: {
    status: 422,
    title: 'Well-formed but wrong',
    help: 'The request is well-formed but says something that cannot be: an unknown reference, a cycle in the tree, events in an impossible order. `errors` names each place.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'Idempotency key used for something else',
    help: 'The `Idempotency-Key` was sent with another request in the last 24 hours. Use a new key for a new request, and the same one only to repeat the same request.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    help: 'The limit of this key or address is reached. Try again after the seconds in `Retry-After`; `RateLimit-Policy` says what is allowed, and `If-None-Match` makes repeated reads free.',
  },
  internal: {
    status: 500,
    title: 'Internal error',
    help: 'A fault of the service. Report it with the `requestId`.',
  },
  unavailable: {
    status: 503,
    title: 'Unavailable',
    help: 'The service is starting, overloaded or without its database. Try again after the seconds in `Retry-After`.',
  },
} as const satisfies Record<string, { status: number; title: string; help: string }>

export type ProblemKind = keyof typeof problemKinds

/** A problem of a kind: its status and title are the kind's. */
export function problem(
  kind: ProblemKind,
  detail: string,
  more: Pick<ProblemDetails, 'errors' | 'extensions' | 'headers'> = {},
): Problem {
  const { status, title } = problemKinds[kind]
  return new Problem({ status, kind, title, detail, ...more })
}

/** A problem of a status that has no kind of its own, such as a 408 of the HTTP parser. */
export function problemOfStatus(status: number, detail: string): Problem {
  const kind = (Object.keys(problemKinds) as ProblemKind[]).find(
    (name) => problemKinds[name].status === status,
  )
  if (kind !== undefined) return problem(kind, detail)
  return new Problem({ status, kind: 'about:blank', title: String(STATUS_CODES[status]), detail })
}
