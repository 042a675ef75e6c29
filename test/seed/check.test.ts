import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import { checkSeed } from '../../src/seed/check.js'
import { seedFolder } from '../../src/seed/files.js'

// biome-ignore lint/suspicious/noExplicitAny: tests damage bodies in every way
type Loose = any

/** A copy of the curated data, and ways to damage it. */
function copyOfSeed(t: Test) {
  const folder = t.testdir()
  cpSync(fileURLToPath(seedFolder), folder, { recursive: true })
  const path = (file: string) => `${folder}/${file}`
  const read = (file: string) => JSON.parse(readFileSync(path(file), 'utf8')) as Loose
  const write = (file: string, content: unknown) =>
    writeFileSync(path(file), `${JSON.stringify(content, null, 2)}\n`)
  return {
    path,
    read,
    write,
    edit(file: string, damage: (content: Loose) => void) {
      const content = read(file)
      damage(content)
      write(file, content)
    },
    /** One line a fault. */
    async check() {
      const faults = await checkSeed(pathToFileURL(`${folder}/`))
      return faults.map(({ file, pointer, message }) => `${file}#${pointer}: ${message}`)
    },
  }
}

const lasmeCel = 'therapies/lasme-cel.json'

t.test('nothing is wrong with our own data', async (t) => {
  t.strictSame(await checkSeed(), [])
})

t.test('files that cannot be read are named', async (t) => {
  const seed = copyOfSeed(t)
  writeFileSync(seed.path('targets.json'), '[{')
  seed.write('sources.json', { slug: 'not-a-list' })
  seed.write('programs.json', ['fda:rmat'])
  writeFileSync(seed.path('authorities.json'), JSON.stringify(seed.read('authorities.json')))
  seed.edit(lasmeCel, (content) => (content.patents = []))
  seed.edit('therapies/carcik.json', (content) => (content.trials = {}))
  seed.edit('therapies/zolgensma.json', (content) => delete content.therapy)
  seed.edit('shared-names.json', ([first]) => delete first.reason)
  const faults = await seed.check()
  t.match(faults, [
    /^authorities.json#: is not written as JSON.stringify/,
    /^programs.json#: must be a list of records$/,
    /^sources.json#: must be a list of records$/,
    /^targets.json#: is no JSON: /,
    /^therapies\/carcik.json#\/trials: must be a list of records$/,
    /^therapies\/lasme-cel.json#\/patents: only therapy, designations, applications, trials can stand here$/,
    /^therapies\/zolgensma.json#\/therapy: is required$/,
    /^shared-names.json#\/0: must have resource, name, slugs and reason$/,
  ])
  t.equal(faults.length, 8)
})

t.test('bodies that break their schema are named, with the place', async (t) => {
  const seed = copyOfSeed(t)
  seed.edit('organizations.json', ([first]) => {
    first.country = 'usa'
    first.headquarters = 'Cambridge'
  })
  seed.edit('targets.json', ([first]) => delete first.slug)
  seed.edit(lasmeCel, ({ therapy, designations, trials }) => {
    therapy.modality = 'car-x'
    designations[0].events[0].announcedOn = '2024-21'
    designations[1].cycle = 0
    trials[0].events[0].on = '2019-02-30'
  })
  const faults = await seed.check()
  const expected = [
    /^organizations.json#\/0\/headquarters: unknown field "headquarters"/,
    /^organizations.json#\/0\/country: /,
    /^targets.json#\/0\/slug: is required$/,
    /^therapies\/lasme-cel.json#\/therapy\/modality: must be one of the allowed values; did you mean "car-t"\?$/,
    /^therapies\/lasme-cel.json#\/designations\/0\/events\/0\/announcedOn: must be a partial date/,
    /^therapies\/lasme-cel.json#\/designations\/1\/cycle: /,
    /^therapies\/lasme-cel.json#\/trials\/0\/events\/0\/on: must be a partial date/,
  ]
  for (const pattern of expected)
    t.ok(
      faults.some((fault) => pattern.test(fault)),
      String(pattern),
    )
  t.equal(faults.length, expected.length, faults.join('\n'))
})

t.test('bodies that do not go together are named, with the place', async (t) => {
  const seed = copyOfSeed(t)
  seed.edit(lasmeCel, ({ therapy, designations, applications, trials }) => {
    therapy.organizations[0].organization = 'celectis'
    delete therapy.evidence
    designations[0].program = 'ema:orphans'
    designations[1].events[0].evidence = []
    designations[3].events[0].on = '2026-06'
    designations[3].events.push({ status: 'rescinded', on: '2020', evidence: [{ source: 'nobody' }] })
    applications[0].events[0].status = 'approved'
    trials[0].therapies.unshift('carcik')
    delete trials[0].evidence
  })
  seed.edit('therapies/carcik-cd19.json', ({ therapy }) => {
    therapy.names.push({ name: 'UCART-22', type: 'synonym' })
  })
  seed.edit('therapies/zolgensma.json', ({ designations }) => {
    const [first] = designations
    designations.push({ ...first, slug: 'zz-the-same-key' })
  })
  renameSync(seed.path('therapies/waskyra.json'), seed.path('therapies/wasskyra.json'))
  seed.edit('indications.json', (list) => {
    const [all, b] = ['acute-lymphoblastic-leukemia', 'b-all'].map((slug) =>
      list.find((indication: Loose) => indication.slug === slug),
    )
    all.parent = b.slug
    b.parent = all.slug
  })
  seed.edit('organizations.json', (list) => list.reverse())
  seed.edit('sources.json', (list) => (list[1].url = list[0].url))
  seed.edit('authorities.json', (list) => list.push(list.at(-1)))
  seed.edit('shared-names.json', (list) =>
    list.push({ resource: 'targets', name: 'x', slugs: ['a', 'b'], reason: '' }),
  )
  const faults = await seed.check()
  const expected = [
    /^therapies\/lasme-cel.json#\/therapy\/organizations\/0\/organization: there is no organization "celectis"$/,
    /^therapies\/lasme-cel.json#\/therapy: rests on no evidence$/,
    /^therapies\/lasme-cel.json#\/designations\/0\/program: there is no program "ema:orphans"$/,
    /^therapies\/lasme-cel.json#\/designations\/1\/events\/0: rests on no evidence$/,
    /^therapies\/lasme-cel.json#\/designations\/3\/events\/1: "rescinded" \(2020\) comes before every "granted"/,
    /^therapies\/lasme-cel.json#\/designations\/3\/events\/1\/evidence\/0\/source: there is no source "nobody"$/,
    /^therapies\/lasme-cel.json#\/applications\/0\/events\/0\/status: "approved" does not happen to .* type IND$/,
    /^therapies\/lasme-cel.json#\/trials\/0\/therapies\/0: belongs into the file of "carcik"$/,
    /^therapies\/lasme-cel.json#\/trials\/0: rests on no evidence$/,
    /^therapies\/lasme-cel.json#\/therapy: "UCART22" is a name of carcik-cd19 and lasme-cel: list it in shared-names/,
    /^therapies\/zolgensma.json#\/designations\/\d+: has the same therapy, program, indication, cycle as therapies\/zo/,
    /^therapies\/wasskyra.json#\/therapy\/slug: "waskyra" is not the name of the file$/,
    /^indications.json#\/\d+\/parent: lies below itself$/,
    /^organizations.json#\/1: "[^"]+" stands behind "[^"]+": sort by slug$/,
    /^sources.json#\/1: has the same url as sources.json#\/0$/,
    /^authorities.json#\/\d+: has the same slug as authorities.json#\/\d+$/,
    /^authorities.json#\/\d+: has the same name as authorities.json#\/\d+$/,
    /^shared-names.json#\/4: "x" is not shared by these$/,
  ]
  for (const pattern of expected)
    t.ok(
      faults.some((fault) => pattern.test(fault)),
      String(pattern),
    )
  const told = faults.filter((fault) => !expected.some((pattern) => pattern.test(fault)))
  t.same(
    told.filter((fault) => !/sort by slug$|trial/.test(fault)),
    [],
    'and nothing else',
  )
})

t.test('a goal date is expected, and an event has the fields of its status', async (t) => {
  const seed = copyOfSeed(t)
  seed.edit('therapies/zolgensma.json', ({ applications, designations }) => {
    const evidence = designations[0].events[0].evidence
    applications
      .find(({ type }: Loose) => type === 'BLA')
      .events.unshift({ status: 'goal-date', on: '2019-05', evidence })
    designations[0].events.unshift({ status: 'granted', organization: 'novartis', evidence })
  })
  const faults = await seed.check()
  t.match(faults, [
    /zolgensma.json#\/designations\/0\/events\/0\/organization: only an event "transferred" has this/,
    /zolgensma.json#\/applications\/\d+\/events\/0\/anticipated: a goal date is only expected/,
  ])
})

t.test('a folder without the list of shared names is not checked by half', async (t) => {
  const seed = copyOfSeed(t)
  rmSync(seed.path('shared-names.json'))
  await t.rejects(seed.check(), { code: 'ENOENT' })
})
