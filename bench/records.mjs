// Made-up records of any number: the same ones for the same scale.

export const scales = {
  '1e3': {
    organizations: 100,
    indications: 50,
    targets: 30,
    sources: 100,
    therapies: 100,
    designations: 1_000,
    applications: 100,
    trials: 50,
  },
  '1e4': {
    organizations: 300,
    indications: 150,
    targets: 100,
    sources: 500,
    therapies: 1_000,
    designations: 10_000,
    applications: 1_000,
    trials: 500,
  },
  S: {
    organizations: 120,
    indications: 80,
    targets: 150,
    sources: 500,
    therapies: 1_000,
    designations: 3_000,
    applications: 500,
    trials: 500,
  },
  M: {
    organizations: 1_000,
    indications: 500,
    targets: 300,
    sources: 5_000,
    therapies: 10_000,
    designations: 100_000,
    applications: 10_000,
    trials: 5_000,
  },
  L: {
    organizations: 4_000,
    indications: 2_000,
    targets: 600,
    sources: 20_000,
    therapies: 100_000,
    designations: 1_000_000,
    applications: 100_000,
    trials: 50_000,
  },
}

/** Random choices from a seed (mulberry32). */
function randomFrom(seed) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit) => Math.floor(next() * limit)
  return {
    below,
    chance: (share) => next() < share,
    oneOf: (list) => list[below(list.length)],
    // Few are named often, most of them seldom.
    skewed: (limit, power) => Math.floor(limit * next() ** power),
  }
}

const authorities = [
  ['fda', 'U.S. Food and Drug Administration', 'FDA', 'US'],
  ['ema', 'European Medicines Agency', 'EMA', 'EU'],
  ['nmpa', 'National Medical Products Administration', 'NMPA', 'CN'],
  ['mhlw', 'Ministry of Health, Labour and Welfare', 'MHLW', 'JP'],
  ['mhra', 'Medicines and Healthcare products Regulatory Agency', 'MHRA', 'GB'],
]
const programs = [
  ['fda', 'orphan-drug', 'Orphan Drug designation', 32],
  ['fda', 'fast-track', 'Fast Track designation', 14],
  ['fda', 'rmat', 'Regenerative Medicine Advanced Therapy designation', 10],
  ['fda', 'breakthrough-therapy', 'Breakthrough Therapy designation', 8],
  ['fda', 'rare-pediatric-disease', 'Rare Pediatric Disease designation', 8],
  ['ema', 'orphan', 'Orphan Medicinal Product designation', 14],
  ['ema', 'prime', 'Priority Medicines', 5],
  ['nmpa', 'breakthrough-therapy', 'Breakthrough Therapy', 5],
  ['mhlw', 'sakigake', 'SAKIGAKE', 2],
  ['mhra', 'innovation-passport', 'Innovation Passport', 2],
]
const syllables =
  'la se me ob ti ax ide ci lo eque bre zev or va ro ku ta vi na bel mo ri tri fi lu do ze pa xo ne gu sa hy mi ka te jo bi cu ra no du el ga re sy pe lis tor min dac mar sol ten ber zan que fen gil'.split(
    ' ',
  )
const stems = [
  ['cabtagene autoleucel', 'car-t', 'autologous'],
  ['cabtagene alloleucel', 'car-t', 'allogeneic'],
  ['leucel', 'til', 'autologous'],
  ['temcel', 'msc', 'allogeneic'],
  ['gene parvovec', 'gene-therapy', null],
  ['gene autotemcel', 'gene-editing', 'autologous'],
  ['tagene repvec', 'oncolytic-virus', null],
]
const stages = [
  'preclinical',
  'ind',
  'phase-1',
  'phase-1-2',
  'phase-2',
  'phase-3',
  'approved',
  'discontinued',
]
const diseases =
  'lymphoma,leukemia,myeloma,glioblastoma,sarcoma,melanoma,neuroblastoma,hemophilia A,hemophilia B,sickle cell disease,beta thalassemia,systemic lupus erythematosus,multiple sclerosis,myasthenia gravis,retinitis pigmentosa,osteoarthritis,Crohn disease,hepatocellular carcinoma,gastric cancer,ovarian cancer'.split(
    ',',
  )
const lines =
  'relapsed or refractory,advanced,metastatic,newly diagnosed,severe,pediatric,adult,high-risk,second-line,third-line,unresectable'.split(
    ',',
  )
const firms = 'Therapeutics,Bio,Biologics,Pharma,Oncology,Sciences,Medicine,Gene Therapy,Cell Works'.split(
  ',',
)
const countries = ['US', 'US', 'US', 'CN', 'CN', 'GB', 'FR', 'DE', 'JP', 'KR', 'CH']

const capital = (text) => text[0].toUpperCase() + text.slice(1)
const two = (number) => String(number).padStart(2, '0')
const many = (count, make) => Array.from({ length: count }, (_, index) => make(index))

/** The resources with their records in the order in which they can be stored, as batches of bodies. */
export function* recordsOf(scale, batch = 1000) {
  const size = scales[scale]
  const { below, chance, oneOf, skewed } = randomFrom(scale.charCodeAt(0))
  const word = (least, more) => many(least + below(more), () => oneOf(syllables)).join('')
  const weighted = programs.flatMap((program) => many(program[3], () => program))

  /** A day, a month or a year, as sources have them. */
  const date = () => {
    const [year, month, day] = [
      1998 + Math.floor(29 * (1 - skewed(1000, 2) / 1000)) - 1,
      1 + below(12),
      1 + below(28),
    ]
    const kind = below(20)
    if (kind < 13) return `${year}-${two(month)}-${two(day)}`
    return kind < 18 ? `${year}-${two(month)}` : String(year)
  }
  const evidence = () => [
    { source: `source-${below(size.sources)}`, quote: `granted the designation to ${word(2, 3)}` },
  ]

  yield [
    'authorities',
    authorities.map(([slug, name, abbreviation, jurisdiction]) => ({
      slug,
      name,
      abbreviation,
      jurisdiction,
    })),
  ]
  yield [
    'programs',
    programs.map(([authority, slug, name]) => ({
      slug: `${authority}:${slug}`,
      authority,
      name,
      abbreviation: capital(slug),
    })),
  ]
  yield [
    'indications',
    many(size.indications, (index) => ({
      slug: `indication-${index}`,
      name: capital(
        index < diseases.length ? diseases[index] : `${oneOf(lines)} ${oneOf(diseases)} ${index}`,
      ),
      abbreviations: index % 3 === 0 ? [`IND${index}`] : [],
      parent: index < diseases.length ? null : `indication-${below(Math.min(index, diseases.length * 4))}`,
    })),
  ]
  const listed = function* (resource, count, make) {
    for (let start = 0; start < count; start += batch) {
      yield [resource, many(Math.min(batch, count - start), (index) => make(start + index))]
    }
  }
  yield* listed('organizations', size.organizations, (index) => ({
    slug: `organization-${index}`,
    name: `${capital(word(2, 2))} ${oneOf(firms)} ${index}`,
    kind: 'company',
    country: oneOf(countries),
  }))
  yield* listed('targets', size.targets, (index) => ({
    slug: `target-${index}`,
    symbol: `${chance(0.7) ? 'CD' : word(1, 2).toUpperCase()}${index}`,
  }))
  yield* listed('sources', size.sources, (index) => ({
    slug: `source-${index}`,
    url: `https://www.example.com/releases/${index}`,
    title: `${capital(word(2, 3))} announces designation for ${oneOf(diseases)}`,
    publisher: `${capital(word(2, 2))}`,
    publishedOn: date(),
    kind: oneOf(['press-release', 'news', 'regulator', 'article']),
  }))
  yield* listed('therapies', size.therapies, (index) => {
    const [stem, modality, cellOrigin] = oneOf(stems)
    const prefix = word(2, 3)
    const organization = `organization-${skewed(size.organizations, 1.6)}`
    const code = `${word(1, 2).slice(0, 4).toUpperCase()}-${100 + below(900)}${index % 7}`
    const names = [
      { name: `${prefix}${stem}`, type: 'inn' },
      { name: code, type: 'code' },
      ...(chance(0.35) ? [{ name: `${prefix}-cel`, type: 'abbreviation' }] : []),
      ...(chance(0.12)
        ? [{ name: capital(`${word(2, 1)}${oneOf(['ria', 'kti', 'vya'])}`), type: 'brand' }]
        : []),
      ...(chance(0.25) ? [{ name: `${capital(word(1, 2))} anti-CD${below(300)}`, type: 'synonym' }] : []),
    ]
    return {
      slug: `therapy-${index}`,
      name: capital(`${prefix}${stem}`),
      names,
      modality,
      cellOrigin,
      stage: oneOf(stages),
      targets: [`target-${skewed(size.targets, 2)}`],
      organizations: [{ organization, role: 'sponsor' }],
      summary: `A ${modality} candidate of ${organization} in ${oneOf(lines)} ${oneOf(diseases)}, known as ${code}.`,
    }
  })
  const cycles = new Map()
  yield* listed('designations', size.designations, (index) => {
    const [authority, slug] = oneOf(weighted)
    const key = {
      therapy: `therapy-${below(size.therapies)}`,
      program: `${authority}:${slug}`,
      indication: `indication-${skewed(size.indications, 1.8)}`,
    }
    const cycle = (cycles.get(Object.values(key).join()) ?? 0) + 1
    cycles.set(Object.values(key).join(), cycle)
    const granted = date()
    const events = [{ status: chance(0.9) ? 'granted' : 'requested', on: granted, evidence: evidence() }]
    if (chance(0.1)) events.push({ status: 'withdrawn', on: String(Number(granted.slice(0, 4)) + 1) })
    return {
      slug: `designation-${index}`,
      ...key,
      cycle,
      organization: `organization-${skewed(size.organizations, 1.6)}`,
      events,
    }
  })
  yield* listed('applications', size.applications, (index) => ({
    slug: `application-${index}`,
    therapy: `therapy-${below(size.therapies)}`,
    authority: oneOf(authorities)[0],
    ...(chance(0.7)
      ? { type: 'IND', events: [{ status: 'cleared', on: date(), evidence: evidence() }] }
      : { type: 'BLA', events: [{ status: 'approved', on: date(), evidence: evidence() }] }),
    indication: `indication-${skewed(size.indications, 1.8)}`,
    organization: `organization-${skewed(size.organizations, 1.6)}`,
  }))
  yield* listed('trials', size.trials, (index) => ({
    slug: `trial-${index}`,
    registry: 'clinicaltrials.gov',
    registryId: `NCT${String(10_000_000 + index)}`,
    phase: oneOf(['1', '1/2', '2', '3']),
    pivotal: chance(0.1),
    status: oneOf(['recruiting', 'completed', 'terminated', 'active-not-recruiting']),
    therapies: [`therapy-${below(size.therapies)}`],
    indications: [`indication-${skewed(size.indications, 1.8)}`],
    sponsor: `organization-${skewed(size.organizations, 1.6)}`,
    events: [{ status: 'started', on: date(), evidence: evidence() }],
  }))
}
