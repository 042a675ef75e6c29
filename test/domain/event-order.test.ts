import fc from 'fast-check'
import t from 'tap'
import type { ApplicationEvent, DesignationEvent, TrialEvent } from '../../src/domain/event-fold.js'
import { orderProblems } from '../../src/domain/event-order.js'
import { applicationEventStatuses, designationEventStatuses } from '../../src/domain/vocabularies.js'

const wrongOf = (problems: { index: number }[]) => problems.map(({ index }) => index)
const designation = (...events: DesignationEvent[]) => wrongOf(orderProblems('designation', events))
const application = (...events: ApplicationEvent[]) => wrongOf(orderProblems('application', events))
const trial = (...events: TrialEvent[]) => wrongOf(orderProblems('trial', events))

t.test('real histories are in order', async (t) => {
  t.strictSame(
    designation({ status: 'granted', on: '2025-06-02' }, { status: 'rescinded', on: '2025-07' }),
    [],
  )
  t.strictSame(
    designation(
      { status: 'granted', on: '2015-06-19' },
      { status: 'transferred', on: '2016', organization: 'one' },
      { status: 'transferred', on: '2018', organization: 'two' },
      { status: 'transferred', on: '2020', organization: 'three' },
    ),
    [],
  )
  t.strictSame(
    application(
      { status: 'submitted', on: '2020-01-31' },
      { status: 'complete-response', on: '2020-10' },
      { status: 'resubmitted', on: '2023-01-31' },
      { status: 'accepted', on: '2023-03' },
      { status: 'complete-response', on: '2023-08' },
      { status: 'goal-date', on: '2025-01-07', anticipated: true },
      { status: 'approved', on: '2024-12-18' },
    ),
    [],
  )
})

t.test('a designation is requested first, but a denial may answer an earlier request', async (t) => {
  const requested: DesignationEvent = { status: 'requested', on: '2021' }
  for (const status of designationEventStatuses.values) {
    const possible = ['requested', 'denied', 'withdrawn'].includes(status)
    t.strictSame(designation({ status, on: '2020-12-31' }, requested), possible ? [] : [0], status)
    t.strictSame(designation({ status, on: '2021' }, requested), [], status)
  }
})

t.test('a grant comes before what is done to it', async (t) => {
  const granted: DesignationEvent = { status: 'granted', on: '2021-06' }
  for (const status of ['amended', 'transferred', 'rescinded'] as const) {
    t.strictSame(designation(granted, { status, on: '2021-05-31' }), [1], status)
    t.strictSame(designation(granted, { status, on: '2021-06' }), [], status)
    t.strictSame(designation({ status, on: '2021' }), [], `${status} alone`)
  }
  t.strictSame(
    designation(granted, { status: 'withdrawn', on: '2020' }, { status: 'denied', on: '2020' }),
    [],
  )
})

t.test('one earlier grant is enough', async (t) => {
  const events: DesignationEvent[] = [
    { status: 'granted', on: '2023' },
    { status: 'rescinded', on: '2021' },
  ]
  t.strictSame(designation(...events), [1])
  t.strictSame(designation(...events, { status: 'granted', on: '2020' }), [])
  t.strictSame(designation(...events, { status: 'granted' }), [], 'undated')
})

t.test('what was announced may be older than its announcement', async (t) => {
  const rescinded: DesignationEvent = { status: 'rescinded', on: '2022' }
  t.strictSame(designation({ status: 'granted', announcedOn: '2023' }, rescinded), [])
  t.strictSame(
    designation({ status: 'granted', on: '2023' }, { status: 'rescinded', announcedOn: '2022' }),
    [1],
  )
  t.strictSame(designation({ status: 'granted', on: '2023' }, { status: 'rescinded' }), [])
})

t.test('what is only anticipated proves nothing', async (t) => {
  t.strictSame(
    designation({ status: 'granted', on: '2023', anticipated: true }, { status: 'amended', on: '2022' }),
    [],
  )
  t.strictSame(
    designation({ status: 'granted', on: '2023' }, { status: 'amended', on: '2022', anticipated: true }),
    [],
  )
})

t.test('an application is submitted first, but a refusal may answer an earlier submission', async (t) => {
  const answers = ['accepted', 'refused', 'complete-response', 'complete-response-rescinded', 'not-approved']
  const possible = ['submitted', 'withdrawn', 'goal-date', ...answers]
  for (const status of applicationEventStatuses.values) {
    const problems = application({ status, on: '2020' }, { status: 'submitted', on: '2021' })
    t.strictSame(problems, possible.includes(status) ? [] : [0], status)
  }
})

t.test('ide-cel: refused to file, then sent again', async (t) => {
  t.strictSame(
    application(
      { status: 'refused', on: '2020-05' },
      { status: 'submitted', on: '2020-07' },
      { status: 'approved', on: '2021-03-26' },
    ),
    [],
  )
})

t.test('an answer comes after what it answers', async (t) => {
  const pairs = [
    ['clinical-hold', 'hold-lifted'],
    ['partial-hold', 'hold-lifted'],
    ['complete-response', 'complete-response-rescinded'],
    ['complete-response', 'resubmitted'],
    ['refused', 'resubmitted'],
    ['not-approved', 'resubmitted'],
    ['withdrawn', 'resubmitted'],
    ['approved', 'revoked'],
    ['conditionally-approved', 'marketing-withdrawn'],
  ] as const
  for (const [first, later] of pairs) {
    t.strictSame(application({ status: first, on: '2021' }, { status: later, on: '2020' }), [1], later)
    t.strictSame(application({ status: later, on: '2020' }), [], `${later} alone`)
  }
})

t.test('a trial does not end before it starts, and may be registered late', async (t) => {
  t.strictSame(trial({ status: 'terminated', on: '2020' }, { status: 'started', on: '2021' }), [0])
  t.strictSame(trial({ status: 'readout', on: '2020' }, { status: 'registered', on: '2021' }), [])
})

t.test('the message says what is wrong and what to do', async (t) => {
  const messages = (...events: ApplicationEvent[]) =>
    orderProblems('application', events).map(({ message }) => message)
  t.strictSame(messages({ status: 'hold-lifted', on: '2020' }, { status: 'clinical-hold', on: '2021' }), [
    '"hold-lifted" (2020) comes before every "clinical-hold" and every "partial-hold"; ' +
      'mend a date, or add the earlier event, undated if need be',
  ])
  t.strictSame(messages({ status: 'approved', on: '2021' }, { status: 'revoked', announcedOn: '2020-02' }), [
    '"revoked" (announced 2020-02) comes before every "approved" and every "conditionally-approved"; ' +
      'mend a date, or add the earlier event, undated if need be',
  ])
})

t.test('undated events are never wrong, and make nothing wrong', async () => {
  const undated = fc.array(fc.record({ status: fc.constantFrom(...applicationEventStatuses.values) }))
  fc.assert(fc.property(undated, (events) => application(...events).length === 0))
})
