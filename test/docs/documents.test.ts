import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { applicationLifecycle, designationLifecycle } from '../../src/domain/event-fold.js'
import * as vocabularies from '../../src/domain/vocabularies.js'
import { version } from '../../src/version.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const { scripts } = JSON.parse(read('package.json'))

/** Every Markdown file of the project. */
const documents = [
  ...readdirSync(root),
  ...['docs', 'drizzle', 'src', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  ),
].filter((path) => path.endsWith('.md'))

/** A document without its blocks of code, in which brackets are no links. */
const proseOf = (document: string) => read(document).replaceAll(/^```[\s\S]*?^```$/gm, '')

t.test('links between documents lead somewhere', async (t) => {
  for (const document of documents) {
    for (const [, link = ''] of proseOf(document).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
      t.ok(existsSync(join(root, dirname(document), link)), `${document}: ${link}`)
    }
  }
})

t.test('every npm script that a document names exists', async (t) => {
  for (const document of documents) {
    for (const [, script = ''] of read(document).matchAll(/npm run ([a-z:]+)/g)) {
      t.ok(script in scripts, `${document}: npm run ${script}`)
    }
  }
})

t.test('every path that a document names exists', async (t) => {
  for (const document of documents) {
    for (const [, path = ''] of read(document).matchAll(
      /`((?:src|test|docs|drizzle|openapi|bin)\/[\w./-]+)`/g,
    )) {
      if (!path.includes('my-things')) t.ok(existsSync(join(root, path)), `${document}: ${path}`)
    }
  }
})

t.test('the model tells every word of every vocabulary, and no other', async (t) => {
  const model = read('docs/model.md')
  const lists = Object.values(vocabularies).flatMap((list) => ('describe' in list ? [list.describe()] : []))
  const known = new Set(lists.flatMap((list) => list.split('\n')))
  const told = new Set(model.split('\n').filter((line) => /^- `[^`]+`: /.test(line)))
  t.same(
    [...known].filter((line) => !told.has(line)),
    [],
    'missing in docs/model.md',
  )
  t.same(
    [...told].filter((line) => !known.has(line)),
    [],
    'no longer in src/domain/vocabularies.ts',
  )
  for (const [kind, grade] of Object.entries(vocabularies.gradeOfSource)) {
    t.ok(model.includes(`| \`${kind}\` | \`${grade}\` |`), `the grade of ${kind}`)
  }
})

t.test('the model tells how statuses follow each other', async (t) => {
  const model = read('docs/model.md').replaceAll(/\s+/g, ' ')
  const listed = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(', ')
  const {
    applicationEventStatuses,
    clinicalTrialApplicationEventStatuses,
    marketingApplicationEventStatuses,
  } = vocabularies
  const onlyClinical = applicationEventStatuses.values.filter(
    (status) => !marketingApplicationEventStatuses.has(status),
  )
  t.ok(model.includes(`Designations: ${listed(designationLifecycle)}.`))
  t.ok(model.includes(`Applications: ${listed(applicationLifecycle)}.`))
  t.ok(model.includes(`An IND or a CTA takes only ${listed(clinicalTrialApplicationEventStatuses.values)}.`))
  t.ok(model.includes(`The others take all but ${listed(onlyClinical)}.`))
})

t.test('the changelog knows this version', async (t) => {
  const [, newest] = /^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$/m.exec(read('CHANGELOG.md')) ?? []
  t.equal(newest, version)
})

t.test('the image is made of what there is, and starts as npm start does', async (t) => {
  const dockerfile = read('Dockerfile')
  const ignored = read('.dockerignore').split('\n')
  for (const [, sources = ''] of dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)) {
    for (const source of sources.split(' ')) {
      t.ok(existsSync(join(root, source)), source)
      t.ok(ignored.includes(`!${source}`), `.dockerignore lets ${source} through`)
    }
  }
  const [, command = ''] = /^CMD (.+)$/m.exec(dockerfile) ?? []
  t.equal(JSON.parse(command).join(' '), scripts.start)
})
