import { type Static, Type } from '@sinclair/typebox'
import { type Scope, scopes } from '../domain/vocabularies.js'
import { component, nullable, orElse, PageInfo, ref, text, word } from '../http/schema.js'
import { prefixPattern } from './key.js'

const scope = word<Scope>('KeyScope', scopes, 'What the bearer of the key may do.')
export const maxNameLength = 200

const name = text('Whose it is, or what it is for.', maxNameLength, ['Nightly import of press releases'])
const moment = (description: string, example: string) =>
  Type.String({ format: 'date-time', description, examples: [example] })
const expiresAt = nullable(
  moment('When it stops working; null when it does not.', '2027-06-30T00:00:00.000Z'),
)

const shown = {
  id: Type.String({
    format: 'uuid',
    description: 'The id of the key.',
    examples: ['019aa0f2-6c00-7000-8000-0000000000a1'],
  }),
  prefix: Type.String({
    pattern: prefixPattern,
    description: 'The part of it that is no secret: a key that leaked is found by it.',
    examples: ['rmat_7Kq2ZrT9aB3x'],
  }),
  name,
  scope,
  createdAt: moment('When it was made.', '2026-11-22T08:00:00.000Z'),
  expiresAt,
  lastUsedAt: nullable(
    moment('When it was last used, to the minute; null before.', '2026-11-22T09:30:00.000Z'),
  ),
  revokedAt: nullable(moment('When it was revoked; null when it was not.', '2026-11-23T10:00:00.000Z')),
}

/** A key without its secret, which nobody has but its bearer. */
export const Key = component(
  'Key',
  Type.Object(shown, { description: 'A key, without its secret.', additionalProperties: false }),
)
export type Key = Static<typeof Key>

export const NewKey = component(
  'NewKey',
  Type.Object(
    { name, scope: orElse(scope, 'read'), expiresAt: orElse(expiresAt, null) },
    { description: 'A key to make.', additionalProperties: false },
  ),
)

/** The answer to the request that made a key: the only one that shows all of it. */
export const KeyWithSecret = component(
  'KeyWithSecret',
  Type.Object(
    {
      ...shown,
      key: Type.String({
        description: 'The whole key. It is shown this once; only a hash of it is kept.',
        examples: ['rmat_7Kq2ZrT9aB3x_5mYw0cVh3LdQ8nXsB1jF7uKpR2tZ9eGaC4iWoN6yHqD'],
      }),
    },
    { description: 'A new key, with its secret.', additionalProperties: false },
  ),
)
export type KeyWithSecret = Static<typeof KeyWithSecret>

export const KeyPage = component(
  'KeyPage',
  Type.Object(
    { data: Type.Array(ref(Key), { description: 'The keys of this page.' }), page: ref(PageInfo) },
    { description: 'A page of keys.', additionalProperties: false },
  ),
)
