import { closest } from 'fastest-levenshtein'
import { isNear } from './validation.js'

const isVariable = (segment: string) => segment.startsWith(':')

/** A route's address with the variable parts of a path, where all of its other parts are near to those of the path. */
function filled(route: string, path: string): string[] {
  const given = path.split('/')
  const segments = route.split('/')
  const fits =
    segments.length === given.length &&
    segments.every((segment, index) => isVariable(segment) || isNear(given[index] as string, segment))
  if (!fits) return []
  return [segments.map((segment, index) => (isVariable(segment) ? given[index] : segment)).join('/')]
}

/** The address that somebody may mean who asks for a path at which there is nothing. */
export function nearestAddress(path: string, routes: readonly string[]): string | undefined {
  const candidates = [path, `/v1${path}`]
    .flatMap((given) => routes.flatMap((route) => filled(route, given)))
    .filter((address) => address !== path)
  return candidates.length === 0 ? undefined : closest(path, candidates)
}
