import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { type AsOf, asOfOf, counts, type DateMatch, statesOf } from '../../src/domain/as-of.js'
import {
  type ApplicationEvent,
  type DesignationEvent,
  foldApplication,
  foldDesignation,
} from '../../src/domain/event-fold.js'
import { PartialDateError } from '../../src/domain/partial-date.js'
import { applicationEventStatuses, designationEventStatuses } from '../../src/domain/vocabularies.js'

const possible = (text: string) => asOfOf(text, 'possible')
const certain = (text: string) => asOfOf(text, 'certain')

t.test('a month, a quarter or a year means its last day', async (t) => {
  const dayOf = (text: string) => possible(text).day
  t.strictSame(
    ['2022-06-30', '2022-06', '2022-Q2', '2022-34', '2022', '2024-02', '1000', '9998'].map(dayOf),
    [
      '2022-06-30',
      '2022-06-30',
      '2022-06-30',
      '2022-06-30',
      '2022-12-31',
      '2024-02-29',
      '1000-12-31',
      '9998-12-31',
    ],
  )
  t.throws(() => possible('2023-21'), PartialDateError)
})

t.test(
  'an event counts as possible from the first day of its date on, as certain from the last',
  async (t) => {
    const rescinded: DesignationEvent = { status: 'rescinded', on: '2025-07' }
    const countsOn = (day: string) => [counts(rescinded, possible(day)), counts(rescinded, certain(day))]
    t.strictSame(countsOn('2025-06-30'), [false, false])
    t.strictSame(countsOn('2025-07-01'), [true, false])
    t.strictSame(countsOn('2025-07-30'), [true, false])
    t.strictSame(countsOn('2025-07-31'), [true, true])
    t.strictSame(countsOn('2025-07'), [true, true])
  },
)

t.test('an event counts from its date on, and only without one from its announcement on', async (t) => {
  const laromestrocel: DesignationEvent = { status: 'granted', on: '2021-11-08', announcedOn: '2021-11-18' }
  t.ok(counts(laromestrocel, certain('2021-11-08')))
  t.notOk(counts(laromestrocel, possible('2021-11-07')))
  const equeCel: DesignationEvent = { status: 'granted', announcedOn: '2023-02-11' }
  t.ok(counts(equeCel, certain('2023-02-11')))
  t.notOk(counts(equeCel, possible('2023-02-10')))
})

t.test('what has no date may always have been, and never surely was', async (t) => {
  const undated: DesignationEvent = { status: 'granted' }
  t.ok(counts(undated, possible('1000-01-01')))
  t.notOk(counts(undated, certain('9998')))
})

t.test('what is only expected is known from its announcement on', async (t) => {
  const goal: ApplicationEvent = {
    status: 'goal-date',
    on: '2026-08-22',
    announcedOn: '2026-03-10',
    anticipated: true,
  }
  t.notOk(counts(goal, possible('2026-03-09')))
  t.ok(counts(goal, certain('2026-03-10')))
  const unannounced = { ...goal, announcedOn: null }
  t.ok(counts(unannounced, possible('2020')))
  t.notOk(counts(unannounced, certain('2030')))
})

/** Whether some state of a record holds on a day. */
const isThere = (events: readonly DesignationEvent[], { day, match }: AsOf) =>
  statesOf(events, () => ({})).some(
    (state) => state.match === match && state.days.start <= day && day < state.days.end,
  )

t.test(
  'a record is there once one of its events counts; without events it may always have been',
  async (t) => {
    const platform: DesignationEvent[] = [
      { status: 'granted', on: '2025-06-02' },
      { status: 'rescinded', on: '2025-07' },
    ]
    t.strictSame(
      ['2025-06-01', '2025-06-02'].map((day) => isThere(platform, possible(day))),
      [false, true],
    )
    t.ok(isThere([], possible('1990')))
    t.notOk(isThere([], certain('2026')))
  },
)

const designation = (events: readonly DesignationEvent[]) =>
  foldDesignation({ organization: 'first', events })
const application = (events: readonly ApplicationEvent[]) => foldApplication({ events })

t.test('the platform designation of rAAVrh74, month by month', async (t) => {
  const events: DesignationEvent[] = [
    { status: 'granted', on: '2025-06-02' },
    { status: 'rescinded', on: '2025-07' },
  ]
  const told = statesOf(events, (counted) => designation(counted).status).map(
    ({ match, days: { start, end }, state }) => `${match} ${start} ${end} ${state}`,
  )
  t.strictSame(told, [
    'possible 2025-06-02 2025-07-01 granted',
    'possible 2025-07-01 9999-01-01 rescinded',
    'certain 2025-06-02 2025-07-31 granted',
    'certain 2025-07-31 9999-01-01 rescinded',
  ])
})

t.test('days on which nothing changes are one', async (t) => {
  const events: ApplicationEvent[] = [
    { status: 'approved', on: '2023-06-22' },
    { status: 'approved', on: '2024-06-20' },
  ]
  const lengths = statesOf(events, application).map(({ days }) => days)
  const ever = { start: '2023-06-22', end: '9999-01-01' }
  t.strictSame(lengths, [ever, ever])
})

t.test('without events nothing is certain, and the first state is possible on every day', async (t) => {
  const days = { start: '1000-01-01', end: '9999-01-01' }
  t.strictSame(statesOf([], designation), [{ match: 'possible', days, state: designation([]) }])
})

const dates = fc.option(
  fc.constantFrom(
    '2010',
    '2010-Q3',
    '2010-34',
    '2010-08',
    '2010-08-15',
    '2011',
    '2011-01-01',
    '9998',
    '1000',
  ),
)
const eventsOf = <Status extends string>(statuses: readonly Status[], anticipated: fc.Arbitrary<boolean>) =>
  fc.array(
    fc.record({
      status: fc.constantFrom(...statuses),
      on: dates,
      announcedOn: dates,
      anticipated,
      organization: fc.option(fc.constantFrom('one', 'two')),
    }),
    { maxLength: 6 },
  )
const designationEvents = eventsOf(designationEventStatuses.values, fc.boolean())
const applicationEvents = eventsOf(applicationEventStatuses.values, fc.boolean())
const someDay = fc.oneof(
  fc
    .date({ min: new Date('2009-06-01'), max: new Date('2012-06-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  fc.constantFrom('1000-01-01', '2010-07-01', '2010-08-14', '2010-08-15', '2010-12-31', '9998-12-31'),
)
const somewhen = fc.record({ day: someDay, match: fc.constantFrom<DateMatch>('possible', 'certain') })

const holdsFor = <Event extends DesignationEvent | ApplicationEvent>(
  lists: fc.Arbitrary<Event[]>,
  fold: (events: readonly Event[]) => object,
) =>
  fc.assert(
    fc.property(lists, somewhen, (events, asOf: AsOf) => {
      const found = statesOf(events, fold).filter(
        ({ match, days }) => match === asOf.match && days.start <= asOf.day && asOf.day < days.end,
      )
      const counted = events.filter((event) => counts(event, asOf))
      const isSaidToBe = events.length === 0 ? asOf.match === 'possible' : counted.length > 0
      const expected = isSaidToBe ? [fold(counted)] : []
      assert.deepEqual(
        found.map(({ state }) => state),
        expected,
      )
    }),
    { numRuns: 1000 },
  )

t.test(
  'on every day the one state is the fold of what counts, and none where the record is not',
  async () => {
    holdsFor(designationEvents, designation)
    holdsFor(applicationEvents, application)
  },
)

t.test('one state ends where the next begins, and is another', async () => {
  fc.assert(
    fc.property(designationEvents, (events) => {
      const states = statesOf(events, designation)
      for (const [index, { match, days, state }] of states.entries()) {
        assert.ok(days.start < days.end)
        const next = states[index + 1]
        if (next?.match !== match) {
          assert.equal(days.end, '9999-01-01')
          continue
        }
        assert.equal(next.days.start, days.end)
        assert.notDeepEqual(next.state, state)
      }
    }),
  )
})

t.test('what is certain is possible', async () => {
  fc.assert(
    fc.property(designationEvents, someDay, (events, day) => {
      const surely = events.filter((event) => counts(event, { day, match: 'certain' }))
      assert.ok(surely.every((event) => counts(event, { day, match: 'possible' })))
    }),
  )
})

t.test('after all that has happened the state is the present one', async () => {
  fc.assert(
    fc.property(eventsOf(designationEventStatuses.values, fc.constant(false)), (events) => {
      const present = statesOf(events, designation).filter(
        ({ match, days }) => match === 'possible' && days.end === '9999-01-01',
      )
      assert.deepEqual(
        present.map(({ state }) => state),
        [designation(events)],
      )
    }),
  )
})
