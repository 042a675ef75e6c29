import { readdirSync, readFileSync } from 'node:fs'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { settingsTable } from '../../src/config.js'
import { adminKey, testApp, withoutKey } from '../support/app.js'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const readme = read('README.md')

interface Block {
  language: string
  text: string
}

/** The code blocks of a Markdown text, in their order. */
const blocksOf = (markdown: string): Block[] =>
  [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
    language,
    text,
  }))

const blocks = blocksOf(readme)

interface Request {
  method: InjectOptions['method']
  url: string
  headers: Record<string, string>
  body?: unknown
}

/** The words of a shell command, without their quotes and with the key that it takes from its file. */
const wordsOf = (command: string): string[] =>
  [
    ...command
      .replaceAll('\\\n', ' ')
      .replace('$(cat .data/admin.key)', adminKey)
      .matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g),
  ].map(([, ...word]) => word.join(''))

/** What curl sends for a command as the README has it; throws for an option that it does not use. */
function requestOf(command: string): Request {
  const [curl, ...words] = wordsOf(command)
  if (curl !== 'curl') throw new Error(`"${command}" does not call curl`)
  const request: Request = { method: 'GET', url: '', headers: {} }
  while (words.length > 0) readOption(request, words)
  return request
}

function readOption(request: Request, words: string[]): void {
  const [word = '', value = ''] = words.splice(0, words[0]?.startsWith('-') ? 2 : 1)
  if (word === '-H') request.headers[value.split(': ')[0] as string] = value.split(': ')[1] as string
  else if (word === '-d') Object.assign(request, { method: 'POST', body: JSON.parse(value) })
  else if (word.startsWith('http://localhost:3000/')) request.url = word.slice('http://localhost:3000'.length)
  else throw new Error(`"${word}" is not known here`)
}

t.test('the README opens with two commands and three examples', async (t) => {
  const shell = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text)
  t.match(shell[0], /^npm install && npm start\n/)
  t.match(shell[1], /^npm install && npm test\n/)
  for (const text of shell.slice(2, 5)) t.match(text, /^curl /)
})

t.test('its examples answer what it says', async (t) => {
  const { ask } = await testApp(t)
  for (const [index, { text }] of blocks.entries()) {
    if (!text.startsWith('curl ')) continue
    const { method, url, headers, body } = requestOf(text)
    const answer = await ask(method, url, body, { ...withoutKey, ...headers })
    t.equal(answer.status, method === 'POST' ? 201 : 200, url)
    const said = blocks[index + 1] as Block
    t.equal(said.language, 'json', `${url} has its answer below`)
    t.match(answer.body, JSON.parse(said.text), url)
  }
})

t.test('its settings are those of the service', async (t) => {
  t.ok(readme.includes(`\n\n${settingsTable()}\n\n`), `the table is to be:\n${settingsTable()}`)
})

t.test('its layout names every folder of src', async (t) => {
  const layout = blocks.find(({ text }) => text.startsWith('bin/'))?.text ?? ''
  for (const entry of readdirSync(new URL('src/', root), { withFileTypes: true })) {
    if (entry.isDirectory()) t.match(layout, new RegExp(`^  ${entry.name}/ +\\S`, 'm'))
  }
  for (const [, name = ''] of layout.matchAll(/^(\w+)\//gm)) t.ok(readdirSync(root).includes(name), name)
})
