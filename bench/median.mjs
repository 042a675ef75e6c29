/** The middle of some figures; undefined where there are none. */
export function median(figures) {
  const known = figures.filter((figure) => Number.isFinite(figure)).sort((a, b) => a - b)
  return known.length === 0 ? undefined : (known[(known.length - 1) >> 1] + known[known.length >> 1]) / 2
}
