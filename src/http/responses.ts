import { Type } from '@sinclair/typebox'
import type { FastifySchema } from 'fastify'
import { component, nullable, Reference, ref } from './schema.js'

const Fault = component(
  'Fault',
  Type.Object(
    {
      pointer: Type.Optional(
        Type.String({ description: 'A JSON pointer to the place in the body.', examples: ['/events/0/on'] }),
      ),
      parameter: Type.Optional(
        Type.String({ description: 'The name of the parameter.', examples: ['sort'] }),
      ),
      header: Type.Optional(Type.String({ description: 'The name of the header.', examples: ['Accept'] })),
      message: Type.String({ description: 'What is wrong, and what would be right.' }),
      allowed: Type.Optional(
        Type.Array(nullable(Type.String()), { description: 'What is allowed there, where that is a list.' }),
      ),
    },
    { description: 'One thing wrong with a request.', additionalProperties: false },
  ),
)

/** A record that a name may mean. */
const Choice = component(
  'Choice',
  Type.Object(
    {
      id: Type.String({ format: 'uuid', description: 'The id of the record.' }),
      slug: Type.String({ description: 'Its slug.', examples: ['carcik'] }),
      name: Type.String({ description: 'Its name.', examples: ['CARCIK'] }),
      url: Type.String({ description: 'Its address.', examples: ['/v1/therapies/carcik'] }),
    },
    { description: 'A record that a name may mean.', additionalProperties: false },
  ),
)

/** The answer to a path that says a name which several records bear. */
export const Namesakes = component(
  'Namesakes',
  Type.Object(
    { choices: Type.Array(ref(Choice), { description: 'Every record that bears the name.' }) },
    { description: 'The records that bear a name.', additionalProperties: false },
  ),
)

/** An RFC 9457 problem document. */
export const ProblemDocument = component(
  'Problem',
  Type.Object(
    {
      type: Type.String({
        description: 'The kind of problem: the address of a page about it.',
        examples: ['/problems/not-found'],
      }),
      title: Type.String({ description: 'The kind in words.', examples: ['Not found'] }),
      status: Type.Integer({ description: 'The HTTP status.', examples: [404] }),
      detail: Type.String({
        description: 'What happened this time.',
        examples: ['There is no therapy "lasme-sel".'],
      }),
      instance: Type.String({ description: 'The address asked for.', examples: ['/v1/therapies/lasme-sel'] }),
      requestId: Type.String({
        description: 'The id of the request, as in the log and in `x-request-id`.',
        examples: ['019a5b0e-3f8e-7b0a-8f6b-2a9c5d3e1f00'],
      }),
      errors: Type.Optional(Type.Array(ref(Fault), { description: 'Every place that is wrong.' })),
      references: Type.Optional(
        Type.Record(Type.String(), Type.Integer(), {
          description: 'Which resources still refer to the record, and how many of each.',
        }),
      ),
      near: Type.Optional(Type.Array(ref(Reference), { description: 'Records that may be meant instead.' })),
      deletedAt: Type.Optional(
        Type.String({ format: 'date-time', description: 'When the record was deleted.' }),
      ),
    },
    { description: 'What went wrong, as RFC 9457 has it.', additionalProperties: false },
  ),
)

const meanings: Record<string, string> = {
  400: 'Malformed: JSON, a type, an unknown field or parameter, a cursor, a partial date.',
  401: 'A key is needed, or this one is unknown, expired or revoked.',
  403: 'The key lacks the scope.',
  404: 'There is no such record.',
  406: 'None of the media types in `Accept` is one that this address answers in.',
  409: 'A unique value is taken, or other records still refer to this one.',
  410: 'The record was deleted.',
  412: 'The record is not the one in `If-Match`.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  422: 'Well-formed but wrong: an unknown reference, a cycle, events in an impossible order.',
  429: 'Over the limit; try again after `Retry-After`.',
  503: 'Overloaded, too slow, or without the database; try again after `Retry-After`.',
  default: 'Any other failure of the request (408, 431) or of the service (500).',
}

const retryAfter = { type: 'string', description: 'After how many seconds to try again.' }
/** The header that names the version of an answer. */
export const currentTag = {
  type: 'string',
  description: 'The tag of this version, for `If-Match` and `If-None-Match`.',
}

const challenge = {
  type: 'string',
  description: 'How to authenticate, and which scope is needed (RFC 6750).',
}

/** The headers that come with a problem of a status. */
const problemHeaders: Record<string, object> = {
  401: { 'WWW-Authenticate': challenge },
  403: { 'WWW-Authenticate': challenge },
  412: { ETag: currentTag },
  429: {
    'Retry-After': retryAfter,
    RateLimit: {
      type: 'string',
      description:
        'What is left: `"address";r=599;t=60` are 599 requests in the next 60 seconds (draft-ietf-httpapi-ratelimit-headers).',
    },
    'RateLimit-Policy': {
      type: 'string',
      description: 'What is allowed: `"address";q=600;w=60` are 600 requests in 60 seconds.',
    },
  },
  503: { 'Retry-After': retryAfter },
}

/** The schema of an operation that can answer with further problem documents. */
export const withProblems = (schema: FastifySchema, ...statuses: number[]): FastifySchema => ({
  ...schema,
  response: { ...(schema.response as object), ...problemResponses(...statuses) },
})

/** The problem documents that an operation can answer with. */
export function problemResponses(...statuses: number[]) {
  const responses = [...statuses, 'default'].map((status) => [
    status,
    {
      description: meanings[status],
      ...(status in problemHeaders && { headers: problemHeaders[status] }),
      content: { 'application/problem+json': { schema: ref(ProblemDocument) } },
    },
  ])
  return Object.fromEntries(responses)
}
