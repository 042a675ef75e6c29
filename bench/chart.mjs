// Plots as SVG, legible on light and on dark pages.
const style = `<style>
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .grid { stroke: #d0d7de } .one { stroke: #57606a; stroke-dasharray: 4 3 }
  .s0 { --c: #0969da } .s1 { --c: #bf3989 } .s2 { --c: #1a7f37 } .s3 { --c: #9a6700 } .s4 { --c: #8250df } .s5 { --c: #cf222e } .s6 { --c: #57606a }
  .bar { fill: var(--c) } .line { stroke: var(--c); fill: none; stroke-width: 2 } .dot { fill: var(--c) }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .grid { stroke: #30363d } .one { stroke: #8d96a0 }
    .s0 { --c: #58a6ff } .s1 { --c: #f778ba } .s2 { --c: #3fb950 } .s3 { --c: #d29922 } .s4 { --c: #bc8cff } .s5 { --c: #ff7b72 } .s6 { --c: #8d96a0 }
  }
</style>`

const escaped = (text) =>
  String(text).replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign])
const text = (x, y, content, anchor = 'start') =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escaped(content)}</text>`
const line = (x1, y1, x2, y2, name) =>
  `<line class="${name}" x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}"/>`
const drawing = (width, height, title, parts) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
${style}
${parts.join('\n')}
</svg>
`

/** The powers of ten that enclose some values. */
function decades(values) {
  const known = values.filter((value) => value > 0)
  const from = Math.floor(Math.log10(Math.min(...known)))
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...known))))
  return Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index))
}

const scaleOf = (ticks, start, end) => (value) => {
  const [low, high] = [Math.log10(ticks[0]), Math.log10(ticks.at(-1))]
  return start + ((Math.log10(value) - low) / (high - low)) * (end - start)
}

const legend = (names, y) =>
  names.map((name, index) => {
    const x = 150 + index * 130
    return `<g class="s${index}"><rect class="bar" x="${x}" y="${y - 9}" width="10" height="10"/></g>${text(x + 15, y, name)}`
  })

/** Bars from 1 on a logarithmic scale, a group of them for each row: `[label, { name: value }]`. */
export function barChart(title, names, rows) {
  const ticks = decades([1, ...rows.flatMap(([, values]) => Object.values(values))])
  const [left, right, bar, gap, top] = [150, 780, 12, 12, 50]
  const x = scaleOf(ticks, left, right)
  const step = names.length * bar + gap
  const height = top + rows.length * step + 30
  const bars = rows.flatMap(([label, values], row) => {
    const y = top + row * step
    const drawn = names.flatMap((name, index) => {
      const value = values[name]
      if (!(value > 0)) return []
      const [from, to] = [x(1), x(value)].sort((a, b) => a - b)
      const place = y + index * bar
      return [
        `<g class="s${index}"><rect class="bar" x="${from.toFixed(1)}" y="${place}" width="${Math.max(1, to - from).toFixed(1)}" height="${bar - 2}"/></g>`,
        text(Math.max(x(1), to) + 5, place + 9, value.toPrecision(2)),
      ]
    })
    return [text(left - 10, y + (step - gap) / 2 + 4, label, 'end'), ...drawn]
  })
  const grid = ticks.flatMap((tick) => [
    line(x(tick), top - 8, x(tick), height - 22, tick === 1 ? 'one' : 'grid'),
    text(x(tick), height - 6, tick, 'middle'),
  ])
  return drawing(860, height, title, [text(10, 18, title), ...legend(names, 36), ...grid, ...bars])
}

/** Lines over two logarithmic scales: `{ name: [[x, y], …] }`. */
export function lineChart(title, labels, series) {
  const points = Object.values(series).flat()
  const [across, up] = [0, 1].map((axis) => decades(points.map((point) => point[axis])))
  const [left, right, top, bottom] = [70, 700, 50, 420]
  const [x, y] = [scaleOf(across, left, right), scaleOf(up, bottom, top)]
  const grid = [
    ...across.flatMap((tick) => [
      line(x(tick), top, x(tick), bottom, 'grid'),
      text(x(tick), bottom + 18, tick.toLocaleString('en'), 'middle'),
    ]),
    ...up.flatMap((tick) => [
      line(left, y(tick), right, y(tick), 'grid'),
      text(left - 8, y(tick) + 4, tick, 'end'),
    ]),
  ]
  const lines = Object.entries(series).flatMap(([name, list], index) => {
    const places = list.map((point) => `${x(point[0]).toFixed(1)},${y(point[1]).toFixed(1)}`)
    return [
      `<g class="s${index}"><polyline class="line" points="${places.join(' ')}"/>${list
        .map(
          (point) =>
            `<circle class="dot" cx="${x(point[0]).toFixed(1)}" cy="${y(point[1]).toFixed(1)}" r="3"/>`,
        )
        .join('')}<rect class="bar" x="715" y="${top + index * 20}" width="10" height="10"/></g>`,
      text(730, top + index * 20 + 9, name),
    ]
  })
  return drawing(800, 470, title, [
    text(10, 18, title),
    text(left, 38, labels.up),
    text((left + right) / 2, bottom + 38, labels.across, 'middle'),
    ...grid,
    ...lines,
  ])
}
