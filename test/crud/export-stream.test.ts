import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import t from 'tap'
import { ExportStream } from '../../src/crud/export-stream.js'

t.test('a text is asked for when the one before has left', async (t) => {
  const steps: string[] = []
  async function* texts() {
    for (const text of ['one', '', 'two']) {
      steps.push(`asked for ${text}`)
      yield text
    }
  }
  const slow = new Writable({
    write(chunk, _, done) {
      setTimeout(() => {
        steps.push(`${chunk} left`)
        done()
      }, 10)
    },
  })
  await pipeline(new ExportStream(texts()), slow)
  t.strictSame(steps, ['asked for one', 'one left', 'asked for ', 'asked for two', 'two left'])
})

t.test('nothing more is asked for when nobody takes it', async (t) => {
  let [asked, ended] = [0, false]
  async function* texts() {
    try {
      for (;;) {
        asked++
        yield Buffer.from('text')
      }
    } finally {
      ended = true
    }
  }
  const failing = new Writable({ write: (_, __, done) => done(new Error('full')) })
  await t.rejects(pipeline(new ExportStream(texts()), failing), { message: 'full' })
  t.strictSame([asked, ended], [1, true])

  const gone = new Writable({ write: () => gone.destroy() })
  await t.rejects(pipeline(new ExportStream(texts()), gone))
  t.strictSame([asked, ended], [2, true])

  const away = new Writable({ write: (_, __, done) => done() })
  const stream = new ExportStream(texts())
  stream.on('error', () => {})
  away.destroy()
  stream.pipe(away)
  await new Promise(setImmediate)
  t.equal(asked, 3)
})

t.test('what cannot be read is told', async (t) => {
  // biome-ignore lint/correctness/useYield: it fails before there is anything.
  async function* texts(): AsyncGenerator<string> {
    throw new Error('no page')
  }
  await t.rejects(pipeline(new ExportStream(texts()), new Writable()), { message: 'no page' })
})
