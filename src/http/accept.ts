/** How much a client wants a media type that it names, from 0 to 1; 0 when it does not name it. */
function wishFor(accept: string, type: string): number {
  const wishes = accept.split(',').map((item) => item.split(';').map((part) => part.trim().toLowerCase()))
  const [, ...parameters] = wishes.find(([name]) => name === type) ?? [type, 'q=0']
  const weight = parameters.find((parameter) => parameter.startsWith('q='))
  return weight === undefined ? 1 : Number(weight.slice(2))
}

/** Which of some media types a client wants most; the first where it has no wish. */
export const wantedOf = <Type extends string>(accept: string | undefined, types: readonly Type[]): Type =>
  types.reduce((best, type) => (wishFor(accept ?? '', type) > wishFor(accept ?? '', best) ? type : best))
