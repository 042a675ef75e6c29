import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { makeFolder, runNode, type Teardown } from './support/process.js'

const root = fileURLToPath(new URL('..', import.meta.url))

/** A project with the start command and a service that says its version. */
function makeProject(t: Teardown): string {
  const project = makeFolder(t)
  cpSync(join(root, 'bin'), join(project, 'bin'), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'))
  writeFileSync(join(project, 'package.json'), '{"type":"module"}')
  const compilerOptions = { module: 'NodeNext', rootDir: 'src', outDir: 'dist', types: [] }
  writeFileSync(join(project, 'tsconfig.build.json'), JSON.stringify({ compilerOptions, include: ['src'] }))
  mkdirSync(join(project, 'src'))
  writeVersion(project, 1)
  return project
}

function writeVersion(project: string, version: number): void {
  const code = `export async function main(argv: string[]): Promise<void> { console.log('version ${version}', ...argv) }\n`
  writeFileSync(join(project, 'src', 'server.ts'), code)
}

const start = (t: Teardown, project: string) =>
  runNode(t, [join(project, 'bin/start.mjs'), '--flag'], { cwd: '/' }).ended
const builtAt = (project: string) => statSync(join(project, 'dist/server.js')).mtimeMs

t.test('it builds what is missing or stale, and else starts at once', async (t) => {
  const project = makeProject(t)
  t.match(await start(t, project), { code: 0, output: 'version 1 --flag\n' })
  const first = builtAt(project)
  t.match(await start(t, project), { code: 0, output: 'version 1 --flag\n' })
  t.equal(builtAt(project), first)
  writeVersion(project, 2)
  t.match(await start(t, project), { code: 0, output: 'version 2 --flag\n' })
  rmSync(join(project, 'src'), { recursive: true })
  t.match(await start(t, project), { code: 0, output: 'version 2 --flag\n' }, 'a build without its sources')
  t.strictSame(readdirSync(project).sort(), [
    'bin',
    'dist',
    'node_modules',
    'package.json',
    'tsconfig.build.json',
  ])
})

t.test('two starts at once do not disturb each other', async (t) => {
  const project = makeProject(t)
  const starts = await Promise.all([start(t, project), start(t, project)])
  for (const { code, output } of starts) t.match({ code, output }, { code: 0, output: 'version 1 --flag\n' })
  t.notOk(readdirSync(project).some((name) => name.startsWith('dist.')))
})

t.test('what keeps it from building is told', async (t) => {
  const project = makeProject(t)
  writeFileSync(join(project, 'src', 'server.ts'), 'export const = 1\n')
  t.match(await start(t, project), {
    code: 1,
    output: /^openRMAT could not be built: src\/server\.ts\(1,14\): error TS/,
  })
  t.notOk(existsSync(join(project, 'dist')))
  rmSync(join(project, 'node_modules'))
  t.match(await start(t, project), {
    code: 1,
    output: 'The dependencies are not installed: run npm install\n',
  })
})
