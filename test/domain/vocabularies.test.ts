import t from 'tap'
import * as vocabularies from '../../src/domain/vocabularies.js'

const {
  applicationEventStatuses,
  applicationTypes,
  clinicalTrialApplicationEventStatuses,
  clinicalTrialApplicationTypes,
  evidenceGrades,
  gradeOfSource,
  marketingApplicationEventStatuses,
  modalities,
  sourceKinds,
  statusesOf,
  trialPhases,
} = vocabularies

const isVocabulary = (value: unknown): value is vocabularies.Vocabulary<string> =>
  typeof value === 'object' && value !== null && 'values' in value

const all = Object.entries<unknown>(vocabularies).flatMap(([name, value]) =>
  isVocabulary(value) ? [{ name, list: value }] : [],
)

t.test('every vocabulary says each word once, and what it means in one sentence', async (t) => {
  t.ok(all.length >= 18)
  for (const { name, list } of all) {
    t.equal(new Set(list.values).size, list.values.length, `${name} has no word twice`)
    t.strictSame(Object.keys(list.descriptions).sort(), [...list.values].sort(), `${name} is described`)
    for (const word of list.values) t.match(list.descriptions[word], /^[A-Z].+\.$/, `${name}: ${word}`)
  }
})

t.test('the words stand in their natural order, numbers too', async (t) => {
  t.strictSame(trialPhases.values, ['early-1', '1', '1/2', '2', '2/3', '1/2/3', '3', '4'])
})

t.test('a vocabulary knows its words and nothing else', async (t) => {
  t.ok(modalities.has('platform'))
  t.notOk(modalities.has('CAR-T'))
  t.notOk(modalities.has('constructor'))
})

t.test('a vocabulary is described in Markdown', async (t) => {
  t.equal(
    clinicalTrialApplicationTypes.describe(),
    [
      '- `IND`: Investigational new drug application (US): leave to start clinical trials.',
      '- `CTA`: Clinical trial application (EU, GB, CA and others): leave to start a trial.',
    ].join('\n'),
  )
})

t.test('a vocabulary cannot be changed', async (t) => {
  t.ok(all.every(({ list }) => [list, list.values, list.descriptions].every(Object.isFrozen)))
})

t.test('evidence is graded by who wrote the source', async (t) => {
  t.strictSame(Object.keys(gradeOfSource).sort(), [...sourceKinds.values].sort())
  t.ok(Object.values(gradeOfSource).every((grade) => evidenceGrades.has(grade)))
  t.equal(gradeOfSource.regulator, 'regulator-published')
  t.equal(gradeOfSource.registry, 'sponsor-announced')
  t.equal(gradeOfSource.review, 'third-party-reported')
})

t.test(
  'an IND or a CTA is cleared and never approved; all others are approved and never cleared',
  async (t) => {
    for (const type of applicationTypes.values) {
      const forTrials = clinicalTrialApplicationTypes.has(type)
      t.equal(statusesOf(type).has('cleared'), forTrials, type)
      t.equal(statusesOf(type).has('approved'), !forTrials, type)
    }
    t.strictSame(
      applicationEventStatuses.values.filter((status) => !marketingApplicationEventStatuses.has(status)),
      ['cleared', 'clinical-hold', 'partial-hold', 'hold-lifted'],
    )
    t.strictSame(
      applicationEventStatuses.values.filter((status) => !clinicalTrialApplicationEventStatuses.has(status)),
      [
        'refused',
        'goal-date',
        'complete-response',
        'complete-response-rescinded',
        'approved',
        'conditionally-approved',
        'not-approved',
        'revoked',
        'marketing-withdrawn',
      ],
    )
  },
)

t.test('a change of holder, of indication or of a goal date is no status', async (t) => {
  const { applicationStatuses, designationEventStatuses, designationStatuses } = vocabularies
  const leftOut = (all: readonly string[], some: vocabularies.Vocabulary<string>) =>
    all.filter((status) => !some.has(status))
  t.strictSame(leftOut(designationEventStatuses.values, designationStatuses), ['amended', 'transferred'])
  t.strictSame(leftOut(applicationEventStatuses.values, applicationStatuses), ['goal-date'])
})
