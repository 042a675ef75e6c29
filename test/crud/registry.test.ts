import t from 'tap'
import { allDefinitions, definitionOf, inReferenceOrder } from '../../src/crud/registry.js'
import { loadRoutes } from '../../src/resources/index.js'

t.test('resources are known by their names, and stand behind what they refer to', async (t) => {
  await loadRoutes()
  const names = inReferenceOrder().map(({ name }) => name)
  t.strictSame(
    [...names].sort(),
    allDefinitions()
      .map(({ name }) => name)
      .sort(),
  )
  const isBehind = (later: string, earlier: string) => names.indexOf(later) > names.indexOf(earlier)
  for (const [later, earlier] of [
    ['programs', 'authorities'],
    ['programs', 'sources'],
    ['therapies', 'organizations'],
    ['designations', 'therapies'],
    ['designations', 'indications'],
    ['trials', 'therapies'],
  ] as const) {
    t.ok(isBehind(later, earlier), `${later} behind ${earlier}`)
  }
  t.equal(definitionOf('therapies').noun.one, 'Therapy')
  t.throws(() => definitionOf('patents'), { message: 'no resource is called "patents"' })
})
