// What the operating system knows of processes, where it has /proc (Linux), and of the machine.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'

/** Whether CPU and memory of other processes can be told. */
export const canMeasure = existsSync('/proc/self/stat')

const ticksPerSecond = 100
const pages = 4096

function processOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const seconds = (user, system) => (fields[user] + fields[system]) / ticksPerSecond
    return { parent: fields[1], own: seconds(11, 12), ended: seconds(13, 14), resident: fields[21] * pages }
  } catch {
    // It ended while we looked.
    return undefined
  }
}

/** A process and all below it. */
function treeOf(root) {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const all = new Map(pids.map((pid) => [Number(pid), processOf(pid)]).filter(([, known]) => known))
  const tree = [root]
  for (const pid of tree)
    tree.push(...[...all].filter(([, { parent }]) => parent === pid).map(([child]) => child))
  return tree.flatMap((pid) => all.get(pid) ?? [])
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)

/** CPU seconds that a process and all below it have taken, those that ended included; null where nobody tells. */
export function cpuOf(pid) {
  if (!canMeasure || pid === null) return null
  const tree = treeOf(pid)
  return sum(tree.map(({ own }) => own)) + (tree[0]?.ended ?? 0)
}

/** Memory that a process and all below it hold, in MiB; null where nobody tells. */
export function residentOf(pid) {
  if (!canMeasure || pid === null) return null
  return Math.round(sum(treeOf(pid).map(({ resident }) => resident)) / 2 ** 20)
}

/** CPU seconds of some processes, by their ids; null where nobody tells. */
export function cpuOfEach(pids) {
  if (!canMeasure || pids.length === 0) return null
  return new Map(pids.map((pid) => [pid, processOf(pid)?.own ?? 0]))
}

/** What processes took between two looks; one that was not there before began with nothing. */
export const spentBetween = (before, after) =>
  before === null || after === null ? null : sum([...after].map(([pid, cpu]) => cpu - (before.get(pid) ?? 0)))

/** What the figures depend on. */
export const machine = () => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  system: `${process.platform} ${process.arch}`,
  node: process.version,
})
