// Builds the service when its build is missing or not of these sources.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const stamp = '.sources'

/** Says what is wrong in one line and ends the process. */
function fail(message) {
  console.error(message)
  process.exit(1)
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`openRMAT needs Node.js 20.19 or newer, this is ${process.versions.node}`)
  }
}

/** What the build depends on, by content: dates change with every checkout and copy. */
function fingerprint() {
  const hash = createHash('sha256')
  const settings = readdirSync(root).filter((name) => /^tsconfig.*\.json$|^package-lock\.json$/.test(name))
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  for (const path of [...settings.map((name) => join(root, name)), ...sources].sort()) {
    hash
      .update(`${path.slice(root.length)}\0`)
      .update(readFileSync(path))
      .update('\0')
  }
  return hash.digest('hex')
}

function isBuilt(sources) {
  const path = join(dist, stamp)
  return existsSync(path) && readFileSync(path, 'utf8') === sources
}

/** Compiles into a folder of its own, so that two starts at once do not write into each other's build. */
function build(sources) {
  if (!existsSync(compiler)) fail('The dependencies are not installed: run npm install')
  const fresh = join(root, `dist.new-${process.pid}`)
  const old = join(root, `dist.old-${process.pid}`)
  try {
    compileTo(fresh)
    writeFileSync(join(fresh, stamp), sources)
    if (isBuilt(sources)) return
    if (existsSync(dist)) renameSync(dist, old)
    renameSync(fresh, dist)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
    rmSync(old, { recursive: true, force: true })
  }
}

/** Types are checked by npm test: without them, and without those of the dependencies, this takes a third of the time. */
const emitOnly = ['--noCheck', '--noResolve', '--types', 'null']

function compileTo(folder) {
  const parameters = [compiler, '--project', 'tsconfig.build.json', ...emitOnly, '--outDir', folder]
  const { status, stdout } = spawnSync(process.execPath, parameters, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(stdout.trim())
}

/** Builds when needed; the build of another start at the same time is as good as one's own. */
function ensureBuilt(sources) {
  if (isBuilt(sources)) return
  try {
    build(sources)
  } catch (error) {
    if (!isBuilt(sources)) fail(`openRMAT could not be built: ${error.message}`)
  }
}

/** The `main` of a module of the build, which is made first when it is missing or stale. */
export async function mainOf(module) {
  checkNode()
  // An image may ship the build without its sources.
  if (existsSync(join(root, 'src'))) ensureBuilt(fingerprint())
  const { main } = await import(pathToFileURL(join(dist, module)).href)
  return main
}
