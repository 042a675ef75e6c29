import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('../..', import.meta.url))
const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')

interface Diagnostic {
  category: string
  message: string
  location: { path: string }
}

/** What the linter says of some files, under the rules of the project: each file with the rules that it breaks. */
function lint(files: Record<string, string>): Record<string, string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'openrmat-lint-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  copyFileSync(join(root, 'biome.json'), join(folder, 'biome.json'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const options = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none']
  const { stdout } = spawnSync(process.execPath, [biome, ...options], { cwd: folder, encoding: 'utf8' })
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: Diagnostic[] }
  return Object.fromEntries(
    Object.keys(files).map((path) => [
      path,
      diagnostics
        .filter(({ location }) => location.path.replaceAll('\\', '/').endsWith(path))
        .map(({ category }) => category.replace(/^lint\/\w+\//, '')),
    ]),
  )
}

const using = (module: string) => `import * as it from '${module}'\nconsole.log(it)\n`

const forbidden: [path: string, module: string][] = [
  ['src/domain/slug-a.ts', 'fastify'],
  ['src/domain/slug-b.ts', 'drizzle-orm/pg-core'],
  ['src/domain/slug-c.ts', 'postgres'],
  ['src/domain/slug-d.ts', '../db/json.js'],
  ['src/domain/slug-e.ts', 'node:fs/promises'],
  ['src/db/json-a.ts', 'fastify'],
  ['src/db/json-b.ts', '../http/problem.js'],
  ['src/db/embedded/lock-a.ts', '../../crud/write.js'],
  ['src/db/embedded/lock-b.ts', '../../config.js'],
  ['src/http/problem-a.ts', '../db/connection.js'],
  ['src/http/problem-b.ts', '../crud/write.js'],
  ['src/http/problem-c.ts', 'drizzle-orm'],
  ['src/http/problem-d.ts', 'node:fs'],
  ['src/crud/write-a.ts', '../resources/therapies/store.js'],
  ['src/crud/write-b.ts', '../plugins/errors.js'],
  ['src/crud/write-c.ts', '../app.js'],
  ['src/crud/write-d.ts', '../stats/counts.js'],
  ['src/db/json-c.ts', '../search/names.js'],
  ['src/search/names-a.ts', '../crud/registry.js'],
  ['src/search/names-b.ts', '../http/problem.js'],
  ['src/search/names-c.ts', 'fastify'],
  ['src/search/routes.ts', 'drizzle-orm'],
  ['src/stats/counts.ts', '../plugins/errors.js'],
  ['src/resources/therapies/timeline.ts', '../../stats/counts.js'],
  ['src/keys/store-a.ts', '../plugins/errors.js'],
  ['src/keys/store-b.ts', 'fastify'],
  ['src/keys/schema.ts', '../resources/index.js'],
  ['src/keys/routes.ts', 'drizzle-orm'],
  ['src/db/json-d.ts', '../keys/key.js'],
  ['src/http/problem-e.ts', '../keys/key.js'],
  ['src/crud/write-e.ts', '../keys/store.js'],
  ['src/stats/counts-a.ts', '../keys/store.js'],
  ['src/pages/front-a.ts', '../resources/therapies/table.js'],
  ['src/pages/front-b.ts', '../plugins/openapi.js'],
  ['src/plugins/errors-c.ts', '../pages/html.js'],
  ['src/crud/write-f.ts', '../pages/html.js'],
  ['src/resources/trials/table.ts', '../../keys/store.js'],
  ['src/plugins/errors-a.ts', '../resources/index.js'],
  ['src/plugins/errors-b.ts', '../seed/seed.js'],
  ['src/resources/therapies/schema.ts', '../../plugins/errors.js'],
  ['src/resources/therapies/table.ts', '../../config.js'],
  ['src/resources/therapies/store.ts', 'fastify'],
  ['src/resources/targets/store.ts', '@fastify/compress'],
  ['src/resources/sources/store.ts', '../../seed/seed.js'],
  ['src/resources/therapies/routes.ts', 'drizzle-orm'],
  ['src/resources/targets/routes.ts', 'postgres'],
  ['src/resources/sources/routes.ts', '../../plugins/errors.js'],
]

const allowed: [path: string, module: string][] = [
  ['src/domain/slug.ts', './vocabularies.js'],
  ['src/db/keyset.ts', 'drizzle-orm'],
  ['src/db/embedded/serve.ts', '../connection.js'],
  ['src/db/columns.ts', '../domain/slug.js'],
  ['src/http/conditional.ts', 'fastify'],
  ['src/http/schema.ts', '../domain/slug.js'],
  ['src/search/names.ts', '../db/connection.js'],
  ['src/search/schema.ts', '../http/schema.js'],
  ['src/stats/firsts.ts', '../resources/therapies/table.js'],
  ['src/crud/documents.ts', '../search/keep.js'],
  ['src/crud/read.ts', '../db/json.js'],
  ['src/crud/routes.ts', '../http/problem.js'],
  ['src/plugins/database.ts', '../crud/registry.js'],
  ['src/plugins/auth.ts', '../keys/store.js'],
  ['src/pages/counts.ts', '../crud/registry.js'],
  ['src/keys/store.ts', 'drizzle-orm'],
  ['src/keys/key.ts', '../domain/slug.js'],
  ['src/resources/trials/store.ts', '../targets/table.js'],
  ['src/resources/trials/routes.ts', 'fastify'],
  ['src/resources/trials/schema.ts', '../../domain/slug.js'],
  ['src/seed/seed.ts', '../resources/index.js'],
  ['src/app.ts', './config.js'],
]

const files = (list: typeof forbidden) =>
  Object.fromEntries(list.map(([path, module]) => [path, using(module)]))
const broken = lint({
  ...files(forbidden),
  ...files(allowed),
  'src/config.ts': 'export const home = process.env.HOME\n',
  'src/crud/settings-a.ts': 'export const home = process.env.HOME\n',
  'src/server.ts': 'export const { HOME } = process.env\n',
  'src/crud/round.ts': "import { about } from './about.js'\nexport const round = () => about\n",
  'src/crud/about.ts': "import { round } from './round.js'\nexport const about = () => round\n",
})

t.test('imports point downwards', async (t) => {
  for (const [path, module] of forbidden) {
    t.same(broken[path], ['noRestrictedImports'], `${path} may not import ${module}`)
  }
  for (const [path, module] of allowed) t.same(broken[path], [], `${path} may import ${module}`)
})

t.test('no module imports itself by way of others', async (t) => {
  t.same(broken['src/crud/round.ts'], ['noImportCycles'])
  t.same(broken['src/crud/about.ts'], ['noImportCycles'])
})

t.test('only the settings read the environment', async (t) => {
  t.same(broken['src/config.ts'], [])
  t.same(broken['src/crud/settings-a.ts'], ['noProcessEnv'])
  t.same(broken['src/server.ts'], ['noProcessEnv'])
})
