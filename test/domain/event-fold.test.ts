import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import {
  type ApplicationEvent,
  applicationLifecycle,
  type DesignationEvent,
  designationLifecycle,
  foldApplication,
  foldDesignation,
  foldTrial,
  whenOf,
} from '../../src/domain/event-fold.js'
import {
  applicationEventStatuses,
  applicationStatuses,
  designationEventStatuses,
  designationStatuses,
  trialEventStatuses,
} from '../../src/domain/vocabularies.js'

const designation = (events: DesignationEvent[], organization: string | null = null) =>
  foldDesignation({ organization, indication: null, events })
const application = (events: ApplicationEvent[]) => foldApplication({ events })

t.test('nothing follows from no events', async (t) => {
  t.strictSame(foldDesignation({ organization: 'cellectis', indication: 'r-r-b-all', events: [] }), {
    status: null,
    grantedOn: null,
    announcedOn: null,
    holder: 'cellectis',
    indication: 'r-r-b-all',
  })
  t.strictSame(foldDesignation({ events: [] }).holder, null)
  t.strictSame(application([]), {
    status: null,
    submittedOn: null,
    clearedOn: null,
    approvedOn: null,
    goalOn: null,
  })
  t.strictSame(foldTrial({ events: [] }), { startedOn: null })
})

t.test('the lifecycles hold every status that can be the current one, once', async (t) => {
  t.strictSame([...designationLifecycle].sort(), [...designationStatuses.values].sort())
  t.strictSame([...applicationLifecycle].sort(), [...applicationStatuses.values].sort())
})

t.test('the platform designation of rAAVrh74 was revoked six weeks after its grant', async (t) => {
  const events: DesignationEvent[] = [
    { status: 'granted', on: '2025-06-02' },
    { status: 'rescinded', on: '2025-07' },
  ]
  t.match(designation(events, 'sarepta'), { status: 'rescinded', grantedOn: '2025-06-02', holder: 'sarepta' })
})

t.test('the EU orphan designation of Zolgensma, EU/3/15/1509, was transferred three times', async (t) => {
  const to = (organization: string): DesignationEvent => ({ status: 'transferred', organization })
  const grant: DesignationEvent = { status: 'granted', on: '2015-06-19' }
  const transfers = [to('avexis-netherlands'), to('novartis-gene-therapies-eu'), to('novartis-europharm')]
  const holderAfter = (count: number) =>
    designation([grant, ...transfers.slice(0, count)], 'avexis-eu-limited').holder
  t.strictSame([0, 1, 2, 3].map(holderAfter), [
    'avexis-eu-limited',
    'avexis-netherlands',
    'novartis-gene-therapies-eu',
    'novartis-europharm',
  ])
  t.match(designation([grant, ...transfers]), { status: 'granted', grantedOn: '2015-06-19' })
})

t.test('EU/3/17/1863 went to Celgene in 2017 and to BMS in 2021, listed in any order', async (t) => {
  const toCelgene: DesignationEvent = { status: 'transferred', on: '2017-10', organization: 'celgene' }
  const toBms: DesignationEvent = { status: 'transferred', on: '2021-11', organization: 'bms' }
  t.equal(designation([toCelgene, toBms]).holder, 'bms')
  t.equal(designation([toBms, toCelgene]).holder, 'bms')
})

t.test('an undated transfer stands where the list has it', async (t) => {
  const dated: DesignationEvent = { status: 'transferred', on: '2017-10', organization: 'one' }
  const undated: DesignationEvent = { status: 'transferred', organization: 'two' }
  t.equal(designation([dated, undated]).holder, 'two')
  t.equal(designation([undated, dated]).holder, 'one')
})

t.test('a transfer to an organization that nobody names leaves the holder unknown', async (t) => {
  t.equal(designation([{ status: 'transferred', on: '2020' }], 'first-holder').holder, null)
})

t.test('an expected transfer changes nothing', async (t) => {
  const events: DesignationEvent[] = [
    { status: 'transferred', on: '2030', organization: 'buyer', anticipated: true },
  ]
  t.equal(designation(events, 'seller').holder, 'seller')
})

t.test('an amendment changes the indication, unless it only changes the wording', async (t) => {
  const events: DesignationEvent[] = [
    { status: 'granted', on: '2015-06-19' },
    { status: 'amended', on: '2018', indication: 'spinal-muscular-atrophy' },
    { status: 'amended', on: '2019' },
  ]
  const amended = foldDesignation({ organization: null, indication: 'sma-type-1', events })
  t.equal(amended.indication, 'spinal-muscular-atrophy')
  t.equal(amended.status, 'granted')
})

t.test('references are of any type', async (t) => {
  const [seller, buyer] = [
    { id: '1', name: 'Seller' },
    { id: '2', name: 'Buyer' },
  ]
  const events = [{ status: 'transferred', on: '2020', organization: buyer }] as const
  t.equal(foldDesignation({ organization: seller, events }).holder, buyer)
})

t.test('laromestrocel: granted on one day, announced on another', async (t) => {
  t.match(designation([{ status: 'granted', on: '2021-11-08', announcedOn: '2021-11-18' }]), {
    status: 'granted',
    grantedOn: '2021-11-08',
    announcedOn: '2021-11-18',
  })
})

t.test('eque-cel: announced, never dated', async (t) => {
  t.match(designation([{ status: 'granted', on: null, announcedOn: '2023-02-11' }]), {
    status: 'granted',
    grantedOn: null,
    announcedOn: '2023-02-11',
  })
})

t.test('of several grants the latest counts, and a dated one tells more than an undated one', async (t) => {
  const undated: DesignationEvent = { status: 'granted' }
  const dated: DesignationEvent = { status: 'granted', on: '2021' }
  t.equal(designation([dated, undated]).grantedOn, '2021')
  t.equal(designation([undated, dated]).grantedOn, '2021')
  t.equal(designation([{ status: 'granted', on: '2023-33' }, dated]).grantedOn, '2023-Q1')
})

t.test('a request that was denied and granted later', async (t) => {
  const events: DesignationEvent[] = [
    { status: 'granted', on: '2022-05' },
    { status: 'denied', on: '2020' },
    { status: 'requested', on: '2021-11' },
  ]
  t.equal(designation(events).status, 'granted')
})

t.test('remestemcel-L: three review cycles', async (t) => {
  const cycles: ApplicationEvent[] = [
    { status: 'submitted', on: '2020-01-31' },
    { status: 'accepted', on: '2020-03' },
    { status: 'complete-response', on: '2020-10' },
    { status: 'resubmitted', on: '2023-01-31' },
    { status: 'accepted', on: '2023-03' },
    { status: 'goal-date', on: '2023-08-02', anticipated: true },
    { status: 'complete-response', on: '2023-08' },
    { status: 'resubmitted', on: '2024-07-08' },
    { status: 'accepted', on: '2024-07-23' },
    { status: 'goal-date', on: '2025-01-07', anticipated: true },
    { status: 'approved', on: '2024-12-18' },
  ]
  const statusAfter = (count: number) => application(cycles.slice(0, count)).status
  const statuses = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map(statusAfter)
  t.strictSame(statuses, [
    'submitted',
    'accepted',
    'complete-response',
    'resubmitted',
    'accepted',
    'accepted',
    'complete-response',
    'resubmitted',
    'accepted',
    'accepted',
    'approved',
  ])
  t.strictSame(application(cycles), {
    status: 'approved',
    submittedOn: '2020-01-31',
    clearedOn: null,
    approvedOn: '2024-12-18',
    goalOn: '2025-01-07',
  })
})

t.test('a complete response that was rescinded reopens the review', async (t) => {
  const events: ApplicationEvent[] = [
    { status: 'accepted', on: '2025-01' },
    { status: 'complete-response', on: '2025-07-11' },
    { status: 'complete-response-rescinded', on: '2025-07' },
  ]
  t.equal(application(events).status, 'complete-response-rescinded')
  t.equal(application([...events, { status: 'approved', on: '2025-12' }]).status, 'approved')
})

t.test('Casgevy: a conditional approval is an approval of its own kind', async (t) => {
  const events: ApplicationEvent[] = [{ status: 'conditionally-approved', on: '2024-02-09' }]
  t.match(application(events), { status: 'conditionally-approved', approvedOn: '2024-02-09' })
  const full: ApplicationEvent[] = [...events, { status: 'approved', on: '2026' }]
  t.match(application(full), { status: 'approved', approvedOn: '2024-02-09' })
})

t.test('"FDA approved the IND" is a clearance', async (t) => {
  t.match(application([{ status: 'cleared', on: null, announcedOn: '2025-01-29' }]), {
    status: 'cleared',
    clearedOn: null,
    approvedOn: null,
  })
})

t.test('an IND on hold is cleared again by lifting the hold, even where all is undated', async (t) => {
  const events: ApplicationEvent[] = [
    { status: 'hold-lifted' },
    { status: 'clinical-hold' },
    { status: 'cleared' },
  ]
  t.equal(application(events).status, 'hold-lifted')
  t.equal(application(events.slice(1)).status, 'clinical-hold')
})

t.test('an application that was taken back before a decision', async (t) => {
  const events: ApplicationEvent[] = [
    { status: 'withdrawn', on: '2022' },
    { status: 'not-approved', on: '2022-05' },
  ]
  t.equal(application(events).status, 'withdrawn')
})

t.test('vague dates that overlap are put in order by the lifecycle', async (t) => {
  const vague: DesignationEvent[] = [
    { status: 'rescinded', on: '2023' },
    { status: 'granted', on: '2023-06-01' },
  ]
  t.equal(designation(vague).status, 'rescinded')
  t.equal(designation(vague.toReversed()).status, 'rescinded')
})

t.test(
  'of two vague dates of one status, the one that may be later counts, then the later start',
  async (t) => {
    const grantedOn = (...dates: string[]) =>
      designation(dates.map((on) => ({ status: 'granted', on }))).grantedOn
    t.equal(grantedOn('2023', '2023-02'), '2023')
    t.equal(grantedOn('2023-02', '2023'), '2023')
    t.equal(grantedOn('2023', '2023-Q4'), '2023-Q4')
    t.equal(grantedOn('2023-Q4', '2023'), '2023-Q4')
  },
)

t.test('of two events with the same date, the last in the list counts', async (t) => {
  const transfer = (organization: string): DesignationEvent => ({
    status: 'transferred',
    on: '2020',
    organization,
  })
  t.equal(designation([transfer('one'), transfer('two')]).holder, 'two')
  t.equal(designation([transfer('two'), transfer('one')]).holder, 'one')
})

t.test('the first dated submission, clearance or approval counts', async (t) => {
  const events: ApplicationEvent[] = [
    { status: 'approved' },
    { status: 'approved', on: '2023' },
    { status: 'conditionally-approved', on: '2021-34' },
  ]
  t.equal(application(events).approvedOn, '2021-Q2')
})

t.test('a trial starts when it started, else with its first patient', async (t) => {
  const startedOn = (...events: Parameters<typeof foldTrial>[0]['events']) => foldTrial({ events }).startedOn
  const patient = { status: 'first-patient', on: '2020-03' } as const
  t.equal(startedOn(patient), '2020-03')
  t.equal(startedOn(patient, { status: 'started', on: '2020-05' }), '2020-05')
  t.equal(startedOn(patient, { status: 'started' }), '2020-03')
  t.equal(startedOn({ status: 'started', on: '2027', anticipated: true }), null)
  t.equal(startedOn({ status: 'interim-analysis', on: '2026-Q4', anticipated: true }), null)
})

t.test('an event was on its date, else when it was announced, else on any day', async (t) => {
  t.equal(whenOf({ status: 'granted', on: '2021', announcedOn: '2023' }).start, '2021-01-01')
  t.equal(whenOf({ status: 'granted', on: null, announcedOn: '2023' }).start, '2023-01-01')
  t.strictSame(whenOf({ status: 'granted' }), { start: '1000-01-01', end: '9999-01-01' })
})

const days = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2030-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const references = fc.option(fc.constantFrom('one', 'two', 'three'))
const dateOrNone = fc.option(fc.oneof(days, fc.constantFrom('2010', '2010-Q3', '2010-34', '2010-08')))

const eventOf = <Status extends string>(statuses: readonly Status[], anticipated: fc.Arbitrary<boolean>) =>
  fc.record({
    status: fc.constantFrom(...statuses),
    on: dateOrNone,
    announcedOn: dateOrNone,
    anticipated,
    organization: references,
    indication: references,
  })
const eventsOf = <Status extends string>(
  statuses: readonly Status[],
  anticipated: fc.Arbitrary<boolean> = fc.constant(false),
) => fc.array(eventOf(statuses, anticipated), { maxLength: 8 })
const designationEvents = eventsOf(designationEventStatuses.values)
const applicationEvents = eventsOf(applicationEventStatuses.values)
const trialEvents = eventsOf(trialEventStatuses.values)

/** The same events twice, in two orders, all on different days. */
const shuffled = <Event>(events: fc.Arbitrary<Event[]>) =>
  fc
    .tuple(events, fc.uniqueArray(days, { minLength: 8, maxLength: 8 }))
    .map(([list, dates]) => list.map((event, index) => ({ ...event, on: dates[index] })))
    .chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
      ),
    )

t.test('events on different days can come in any order', async () => {
  fc.assert(
    fc.property(shuffled(designationEvents), ([one, other]) => {
      assert.deepEqual(designation(one, 'first'), designation(other, 'first'))
    }),
  )
  fc.assert(
    fc.property(shuffled(applicationEvents), ([one, other]) => {
      assert.deepEqual(application(one), application(other))
    }),
  )
  fc.assert(
    fc.property(shuffled(trialEvents), ([one, other]) => {
      assert.deepEqual(foldTrial({ events: one }), foldTrial({ events: other }))
    }),
  )
})

t.test('what is only anticipated changes nothing but the goal date', async () => {
  const counted = <Event extends { anticipated: boolean }>(events: Event[]) =>
    events.filter((event) => !event.anticipated)
  fc.assert(
    fc.property(eventsOf(designationEventStatuses.values, fc.boolean()), (events) => {
      assert.deepEqual(designation(events, 'first'), designation(counted(events), 'first'))
    }),
  )
  fc.assert(
    fc.property(eventsOf(applicationEventStatuses.values, fc.boolean()), (events) => {
      const { goalOn } = application(events)
      assert.deepEqual(application(events), { ...application(counted(events)), goalOn })
    }),
  )
})

t.test('among dated events, one that is certainly later gives the status', async () => {
  const dated = <Event extends { on: string | null }>(events: Event[]) =>
    events.map((event) => ({ ...event, on: event.on ?? '2015' }))
  fc.assert(
    fc.property(designationEvents, fc.constantFrom(...designationLifecycle), (events, status) => {
      assert.equal(designation([{ status, on: '2031' }, ...dated(events)]).status, status)
    }),
  )
  fc.assert(
    fc.property(applicationEvents, fc.constantFrom(...applicationLifecycle), (events, status) => {
      assert.equal(application([{ status, on: '2031' }, ...dated(events)]).status, status)
    }),
  )
})

t.test('the fold leaves the list as it was', async () => {
  fc.assert(
    fc.property(applicationEvents, (events) => {
      const before = [...events]
      application(events)
      assert.deepEqual(events, before)
    }),
  )
})
