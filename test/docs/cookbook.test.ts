import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { airy, laidOut } from '../../src/http/layout.js'
import { type Answer, testApp } from '../support/app.js'

const path = fileURLToPath(new URL('../../docs/cookbook.md', import.meta.url))
const { ask } = await testApp(t)

interface Recipe {
  title: string
  /** What stands before its answer. */
  text: string
  command: string
  answer: string | undefined
}

/** The recipes of the cookbook: each has one command and its answer. */
function recipesOf(markdown: string): Recipe[] {
  return markdown
    .split(/^(?=## )/m)
    .slice(1)
    .map((section) => {
      const [, text = '', command = '', answer] =
        /^([\s\S]*?```sh\n(.*)\n```\n)(?:\n```json\n([\s\S]*?)\n```\n)?/.exec(section) ?? []
      return { title: section.split('\n', 1)[0] as string, text, command, answer }
    })
}

/** Runs a curl command of the kinds that the cookbook has: a read, followed where it leads, or a body that is sent. */
async function run(command: string): Promise<Answer> {
  const [, address = ''] = /'http:\/\/localhost:3000([^']*)'/.exec(command) ?? []
  const [, body] = / -d '([^']*)'/.exec(command) ?? []
  const answer = await ask(body === undefined ? 'GET' : 'POST', address, body && JSON.parse(body))
  if (!command.includes('curl -L ')) return answer
  return ask('GET', String(answer.headers.location))
}

/** What differs from one load of the curated data to the next. */
const withoutIds = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, item) => (key === 'id' ? undefined : item)))

const markdown = await readFile(path, 'utf8')
const recipes = recipesOf(markdown)

t.test('each recipe answers what the cookbook shows', async (t) => {
  t.equal(recipes.length, 20)
  const answers: string[] = []
  for (const { title, command, answer } of recipes) {
    const { status, body } = await run(command)
    const found = laidOut(withoutIds(body), airy)
    answers.push(found)
    t.equal(status, 200, title)
    if (process.env.TAP_SNAPSHOT !== '1') t.equal(answer, found, title)
  }
  if (process.env.TAP_SNAPSHOT === '1') await record(answers)
})

/** Writes the answers into the cookbook, as `npx tap --snapshot` asks for. */
async function record(answers: readonly string[]): Promise<void> {
  const [front] = markdown.split(/^(?=## )/m)
  const sections = recipes.map(({ text }, index) => `${text}\n\`\`\`json\n${answers[index]}\n\`\`\`\n`)
  await writeFile(path, [front, ...sections].join('\n').replace(/\n{3,}/g, '\n\n'))
}
