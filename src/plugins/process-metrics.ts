import {
  constants,
  monitorEventLoopDelay,
  type PerformanceEntry,
  PerformanceObserver,
  performance,
} from 'node:perf_hooks'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** Milliseconds between two looks at the event loop: the closer, the more a process that does nothing works. */
const resolution = 20

/**
 * Measures this process under the names that dashboards for Node.js know. The function of prom-client that does the same
 * starts a timer and an observer that nothing can stop. Answers what stops these here.
 */
export function measureProcess(registry: Registry): () => void {
  measureProcessor(registry)
  measureMemory(registry)
  const stops = [measureEventLoop(registry), measureCollections(registry)]
  return () => {
    for (const stop of stops) stop()
  }
}

/** A value that is looked up when it is asked for. */
type Reading = [name: string, help: string, read: () => number]

function addGauges(registry: Registry, ...readings: Reading[]): void {
  for (const [name, help, read] of readings) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  }
}

/** Counters that somebody else counts. */
function addCounters(registry: Registry, ...readings: Reading[]): void {
  for (const [name, help, read] of readings) {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  }
}

function measureProcessor(registry: Registry): void {
  const { timeOrigin } = performance
  const user = () => process.cpuUsage().user / 1e6
  const system = () => process.cpuUsage().system / 1e6
  addCounters(
    registry,
    ['process_cpu_user_seconds_total', 'Processor time of the process in its own code.', user],
    ['process_cpu_system_seconds_total', 'Processor time of the process in the system.', system],
    ['process_cpu_seconds_total', 'Processor time of the process.', () => user() + system()],
  )
  addGauges(registry, [
    'process_start_time_seconds',
    'When the process started, in seconds since 1970.',
    () => timeOrigin / 1000,
  ])
}

function measureMemory(registry: Registry): void {
  const memory = process.memoryUsage
  addGauges(
    registry,
    ['process_resident_memory_bytes', 'Memory of the process that is in RAM.', () => memory().rss],
    ['nodejs_heap_size_total_bytes', 'The heap of JavaScript.', () => memory().heapTotal],
    ['nodejs_heap_size_used_bytes', 'What is used of that heap.', () => memory().heapUsed],
    ['nodejs_external_memory_bytes', 'Memory outside of the heap, such as buffers.', () => memory().external],
  )
}

function measureEventLoop(registry: Registry): () => void {
  const delays = monitorEventLoopDelay({ resolution })
  // What is recorded is the time from one look to the next.
  const seconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - resolution / 1000)
  addGauges(
    registry,
    ...([50, 90, 99] as const).map(
      (part): Reading => [
        `nodejs_eventloop_lag_p${part}_seconds`,
        `Delay of the event loop since this was last read: percentile ${part}.`,
        () => seconds(delays.percentile(part)),
      ],
    ),
    [
      'nodejs_eventloop_lag_max_seconds',
      'Delay of the event loop since this was last read: the longest.',
      () => {
        const longest = seconds(delays.max)
        // The last of these four to be read.
        delays.reset()
        return longest
      },
    ],
  )
  addCounters(registry, [
    'nodejs_eventloop_active_seconds_total',
    'How long the event loop was not idle: its rate is the share of time in which it is busy.',
    () => performance.eventLoopUtilization().active / 1000,
  ])
  delays.enable()
  return () => delays.disable()
}

/** What Node.js tells of a garbage collection; its types do not know it. */
interface Collection extends PerformanceEntry {
  detail: { kind: number }
}

const kinds: Record<number, string> = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
}

function measureCollections(registry: Registry): () => void {
  const durations = new Histogram({
    name: 'nodejs_gc_duration_seconds',
    help: 'How long garbage collections took.',
    labelNames: ['kind'],
    buckets: [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 1],
    registers: [registry],
  })
  const observer = new PerformanceObserver((list) => {
    for (const { detail, duration } of list.getEntries() as Collection[]) {
      durations.observe({ kind: kinds[detail.kind] as string }, duration / 1000)
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  return () => observer.disconnect()
}
