import t from 'tap'
import { remembered } from '../../src/domain/remembered.js'

t.test('what was made of a text is kept for the next time, but not for ever', async (t) => {
  const asked: string[] = []
  const letters = remembered((text: string) => asked.push(text), String, 2)
  for (const text of ['a', 'a', 'b', 'a', 'c', 'a']) letters(text)
  t.same(asked, ['a', 'b', 'c', 'a'])
})
