import Negotiator from 'negotiator'

/** All text is UTF-8: a client that says so wants nothing else. */
const charset = '; charset=utf-8'

/**
 * Which of some media types an `Accept` header wants most (RFC 9110, section 12.5.1): the first where it has no wish,
 * undefined where none of them will do.
 */
export function wantedOf<Type extends string>(
  accept: string | undefined,
  types: readonly Type[],
): Type | undefined {
  if (accept === undefined || accept.trim() === '') return types[0]
  const negotiator = new Negotiator({ headers: { accept } })
  const best = negotiator.mediaType(types.map((type) => type + charset))
  return types.find((type) => type + charset === best)
}
