// Loaded into a server that is watched: tells its parent every five seconds how it is.
import { monitorEventLoopDelay } from 'node:perf_hooks'

const everyMs = 5000
const resolution = 10
const delay = monitorEventLoopDelay({ resolution })
delay.enable()

const inMs = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolution)
const timer = setInterval(() => {
  const { rss, heapUsed } = process.memoryUsage()
  process.send({
    resident: rss / 2 ** 20,
    heap: heapUsed / 2 ** 20,
    delay: inMs(delay.percentile(50)),
    delayP99: inMs(delay.percentile(99)),
  })
  delay.reset()
}, everyMs)
timer.unref()
process.channel?.unref()
