import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import t from 'tap'
import { makeWorkspace, startService } from '../sdk/workspace.js'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFile(new URL(path, root), 'utf8')

const document = await read('docs/clients.md')

/** A file that the document shows, after a link to it. */
const shown = /(\[`(test\/sdk\/[^`]+)`\]\([^)]+\)[^\n]*:\n\n```\w+\n)(.*?)(```\n)/gs

const files = [
  'test/sdk/story.txt',
  'test/sdk/curl/story.sh',
  'test/sdk/typescript/openapi-fetch.ts',
  'test/sdk/typescript/hey-api.ts',
  'test/sdk/python/story.py',
  'test/sdk/go/oapi-codegen.yaml',
  'test/sdk/go/story.go',
]

t.test('the document shows the stories as they are told', async (t) => {
  const texts = new Map(await Promise.all(files.map(async (file) => [file, await read(file)] as const)))
  if (process.env.TAP_SNAPSHOT === '1') {
    const written = document.replace(shown, (_, link, file, __, end) => `${link}${texts.get(file)}${end}`)
    await writeFile(new URL('docs/clients.md', root), written)
    return
  }
  const blocks = new Map([...document.matchAll(shown)].map(([, , file, text]) => [file, text]))
  t.same([...blocks.keys()], files)
  for (const file of files) t.equal(blocks.get(file), texts.get(file), file)
})

t.test('its commands install the versions that are tested', async (t) => {
  const { devDependencies } = JSON.parse(await read('package.json'))
  for (const [, name = '', version] of document.matchAll(/(\S+)@(\d[\d.]+)/g))
    t.equal(version, devDependencies[name].replace('^', ''), name)
  const requirements = await read('test/sdk/python/requirements.txt')
  for (const [, requirement = ''] of document.matchAll(/(\S+==\S+)/g)) t.match(requirements, requirement)
  const modules = await read('test/sdk/go/go.mod')
  for (const [, module, version] of document.matchAll(/(\S+)\/cmd\/\S+@(v[\d.]+)/g))
    t.match(modules, `${module} ${version} `)
})

/** Why curl cannot tell its story here. */
function whyNot(): string | false {
  try {
    execFileSync('curl', ['--help', 'all'], { stdio: 'pipe' })
    return false
  } catch {
    return 'there is no curl'
  }
}

t.test('curl tells the story', { skip: whyNot() }, async (t) => {
  const workspace = await makeWorkspace(t, 'curl')
  const { output, errors } = await workspace.attempt('sh', ['story.sh'], await startService(t))
  t.equal(errors, '')
  const statuses = [...output.matchAll(/^\d{3}$/gm)].map(([status]) => Number(status))
  t.same(statuses, [200, 200, 200, 200, 200, 201, 201, 200, 412, 400, 204])
  t.match(output, '"matched":{"field":"name","value":"Tisagenlecleucel","how":"typo"}')
  t.match(
    output,
    '{"name":"Tisagenlecleucel","modality":"car-t","cellOrigin":"autologous","targets":[{"name":"CD19"}]}',
  )
  t.equal(new Set([...output.matchAll(/"slug":"[^"]+-fda-rmat-[^"]+"/g)].map(String)).size, 16)
  t.match(output, 'did you mean \\"granted\\"?')
})
