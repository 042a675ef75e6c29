import { join } from 'node:path'
import t from 'tap'
import { contract, linkPackages, makeWorkspace, startService } from './workspace.js'

const workspace = await makeWorkspace(t, 'typescript')
await linkPackages(workspace)
const service = await startService(t)
const packages = join(workspace.folder, 'node_modules')
const node = process.execPath

t.test('clients in TypeScript are generated, and compile', async (t) => {
  const openapiTypescript = [join(packages, 'openapi-typescript', 'bin', 'cli.js'), contract]
  const openapiTs = [join(packages, '@hey-api', 'openapi-ts', 'bin', 'run.js'), '--input', contract]
  await Promise.all([
    workspace.run(t, 'openapi-typescript', node, [...openapiTypescript, '--output', 'openrmat.ts']),
    workspace.run(t, '@hey-api/openapi-ts', node, [...openapiTs, '--output', 'openrmat']),
  ])
  await workspace.run(t, 'tsc, with the stories', node, [join(packages, 'typescript', 'bin', 'tsc')])
})

t.test('the types of openapi-typescript tell the story with openapi-fetch', (t) =>
  workspace.tell(t, node, [join('build', 'openapi-fetch.js')], service),
)

t.test('the client of @hey-api/openapi-ts tells the story', (t) =>
  workspace.tell(t, node, [join('build', 'hey-api.js')], service),
)
