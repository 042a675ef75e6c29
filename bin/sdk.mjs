#!/usr/bin/env node
// Makes clients from the contract in the folder sdk, and tells their stories: `npm run sdk -- typescript python go`.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const tap = join(root, 'node_modules', 'tap', 'dist', 'esm', 'run.mjs')
const tests = { typescript: 'typescript.test.ts', python: 'python.ts', go: 'go.ts' }

const languages = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(tests)
const unknown = languages.filter((language) => !(language in tests))
if (unknown.length > 0) {
  console.error(`There is no client in ${unknown.join(', ')}, but in ${Object.keys(tests).join(', ')}`)
  process.exit(2)
}
const files = languages.map((language) => join('test', 'sdk', tests[language]))
// Generators are downloaded first, which takes its time; coverage is for npm test.
const options = [
  '--timeout=600',
  '--disable-coverage',
  '--allow-incomplete-coverage',
  '--coverage-report=none',
]
const env = { ...process.env, SDK_FOLDER: join(root, 'sdk') }
const { status } = spawnSync(process.execPath, [tap, ...options, ...files], {
  cwd: root,
  env,
  stdio: 'inherit',
})
process.exitCode = status ?? 1
