import type { Metric } from 'prom-client'

/** Upper bounds of the buckets, in seconds: a record takes less than one millisecond, an export may take minutes. */
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, Infinity]

/** The methods that have a name of their own among the labels; nobody may add to these by inventing some. */
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

type Labels = Record<'method' | 'route' | 'status', string>

/** The requests of one method and route that were answered with one status. */
interface Series {
  labels: Labels
  /** How many fell into each bucket. */
  counts: number[]
  /** The seconds that all of them took. */
  sum: number
}

const name = 'http_request_duration_seconds'
const help = 'How long requests took, from their arrival until their answer was handed to the system.'

/**
 * A histogram in plain numbers, for Prometheus: that of prom-client writes out and hashes the labels at each
 * observation, which takes twenty times as long.
 */
export class RequestDurations {
  /** By route, then by method and status as one number. */
  readonly #routes = new Map<string, Map<number, Series>>()

  /** Counts one request. */
  observe(method: string, route: string, status: number, seconds: number): void {
    const series = this.#seriesOf(method, route, status)
    let bucket = 0
    while (seconds > (bounds[bucket] as number)) bucket += 1
    series.counts[bucket] = (series.counts[bucket] as number) + 1
    series.sum += seconds
  }

  /** How many requests were answered, by their labels. */
  totals(): { labels: Labels; count: number }[] {
    return this.#series().map(({ labels, counts }) => ({ labels, count: totalOf(counts) }))
  }

  /** All of it as a metric of a registry, which asks for no more than this. */
  asMetric(): Metric {
    const get = async () => ({
      name,
      help,
      type: 'histogram',
      aggregator: 'sum',
      values: this.#series().flatMap(samplesOf),
    })
    return { name, get } as unknown as Metric
  }

  #series(): Series[] {
    return [...this.#routes.values()].flatMap((answers) => [...answers.values()])
  }

  #seriesOf(method: string, route: string, status: number): Series {
    const answers = this.#routes.get(route) ?? new Map<number, Series>()
    const place = methods.indexOf(method)
    const code = place * 1000 + status
    const known = answers.get(code)
    if (known !== undefined) return known
    const labels = { method: methods[place] ?? 'other', route, status: String(status) }
    const series = { labels, counts: Array<number>(bounds.length).fill(0), sum: 0 }
    this.#routes.set(route, answers.set(code, series))
    return series
  }
}

const totalOf = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)

/** A number with its name and labels. */
interface Sample {
  metricName: string
  labels: Record<string, string>
  value: number
}

/** A series as Prometheus reads it: each bucket holds those before it. */
function samplesOf({ labels, counts, sum }: Series): Sample[] {
  let total = 0
  const buckets = counts.map((count, bucket) => {
    total += count
    const le = String(bounds[bucket]).replace('Infinity', '+Inf')
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: total }
  })
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: total },
  ]
}
