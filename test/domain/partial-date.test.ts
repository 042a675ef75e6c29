import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import {
  anyDay,
  canonicalText,
  certainlyBefore,
  compareRanges,
  isPartialDate,
  overlaps,
  PartialDateError,
  partialDatePattern,
  rangeOf,
  textOf,
  within,
} from '../../src/domain/partial-date.js'

const dayLength = 24 * 60 * 60 * 1000
const pad = (number: number) => String(number).padStart(2, '0')
const isoOf = (time: number) => new Date(time).toISOString().slice(0, 10)

/** All days from a month before a year to a month after it, counted one by one. */
function daysAround(year: number): string[] {
  const days: string[] = []
  for (let time = Date.UTC(year - 1, 11, 1); time < Date.UTC(year + 1, 1, 1); time += dayLength) {
    days.push(isoOf(time))
  }
  return days
}

/** What a canonical partial date says, read naively: whether it names a day. */
function names(text: string, day: string): boolean {
  const [year, quarter] = text.split('-Q')
  if (quarter === undefined) return day.startsWith(text)
  return day.startsWith(`${year}-`) && Math.ceil(Number(day.slice(5, 7)) / 3) === Number(quarter)
}

const daysNamed = (text: string) => daysAround(Number(text.slice(0, 4))).filter((day) => names(text, day))

const datesIn = (min: number, max: number) => {
  const years = fc.integer({ min, max })
  const days = fc.integer({ min: Date.UTC(min, 0, 1) / dayLength, max: Date.UTC(max, 11, 31) / dayLength })
  return fc.oneof(
    years.map(String),
    fc.tuple(years, fc.integer({ min: 1, max: 4 })).map(([year, quarter]) => `${year}-Q${quarter}`),
    fc.tuple(years, fc.integer({ min: 1, max: 12 })).map(([year, month]) => `${year}-${pad(month)}`),
    days.map((day) => isoOf(day * dayLength)),
  )
}
const dates = datesIn(1000, 9998)
// Two dates of so few years often touch, overlap or are equal.
const nearDates = datesIn(2023, 2024)

t.test('each precision is a range of days', async (t) => {
  t.strictSame(rangeOf('2023'), { start: '2023-01-01', end: '2024-01-01' })
  t.strictSame(rangeOf('2023-Q1'), { start: '2023-01-01', end: '2023-04-01' })
  t.strictSame(rangeOf('2023-Q4'), { start: '2023-10-01', end: '2024-01-01' })
  t.strictSame(rangeOf('2023-02'), { start: '2023-02-01', end: '2023-03-01' })
  t.strictSame(rangeOf('2023-12'), { start: '2023-12-01', end: '2024-01-01' })
  t.strictSame(rangeOf('2023-02-11'), { start: '2023-02-11', end: '2023-02-12' })
  t.strictSame(rangeOf('2024-02-29'), { start: '2024-02-29', end: '2024-03-01' })
  t.strictSame(rangeOf('2000-02-29'), { start: '2000-02-29', end: '2000-03-01' })
  t.strictSame(rangeOf('2023-12-31'), { start: '2023-12-31', end: '2024-01-01' })
  t.strictSame(rangeOf('9998'), { start: '9998-01-01', end: '9999-01-01' })
})

t.test('EDTF quarters are quarters', async (t) => {
  const quarters = { '2023-33': '2023-Q1', '2023-34': '2023-Q2', '2023-35': '2023-Q3', '2023-36': '2023-Q4' }
  for (const [edtf, own] of Object.entries(quarters)) {
    t.strictSame(rangeOf(edtf), rangeOf(own))
    t.equal(canonicalText(edtf), own)
  }
})

t.test('what is written comes back the same', async () => {
  fc.assert(fc.property(dates, (text) => textOf(rangeOf(text)) === text && canonicalText(text) === text))
})

t.test('a range holds exactly the days that its text names', async () => {
  const holdsItsDays = (text: string) => {
    const { start, end } = rangeOf(text)
    const held = daysAround(Number(text.slice(0, 4))).filter((day) => start <= day && day < end)
    assert.deepEqual(held, daysNamed(text))
  }
  fc.assert(fc.property(dates, holdsItsDays), { numRuns: 200 })
})

t.test('order, overlap and containment agree with the days themselves', async () => {
  const orderOf = (a: string, b: string) => (a < b ? -1 : Number(a > b))
  const agree = (one: string, other: string) => {
    const [a, b] = [rangeOf(one), rangeOf(other)]
    const [daysA, daysB] = [daysNamed(one), daysNamed(other)]
    const [firstA, lastA, firstB, lastB] = [daysA[0], daysA.at(-1), daysB[0], daysB.at(-1)]
    assert.equal(overlaps(a, b), new Set([...daysA, ...daysB]).size < daysA.length + daysB.length)
    assert.equal(within(a, b), new Set([...daysA, ...daysB]).size === daysB.length)
    assert.equal(certainlyBefore(a, b), `${lastA}` < `${firstB}`)
    assert.equal(compareRanges(a, b), orderOf(`${firstA} ${lastA}`, `${firstB} ${lastB}`))
  }
  fc.assert(fc.property(nearDates, nearDates, agree), { numRuns: 300 })
})

t.test('two ranges overlap, or one is certainly before the other', async () => {
  fc.assert(
    fc.property(nearDates, nearDates, (one, other) => {
      const [a, b] = [rangeOf(one), rangeOf(other)]
      return [overlaps(a, b), certainlyBefore(a, b), certainlyBefore(b, a)].filter(Boolean).length === 1
    }),
  )
})

t.test('every partial date lies within all days', async (t) => {
  t.strictSame(anyDay, { start: '1000-01-01', end: '9999-01-01' })
  fc.assert(fc.property(dates, (text) => within(rangeOf(text), anyDay)))
})

t.test('anything else is refused, and the message says what is allowed', async (t) => {
  const refused = [
    ...'23 202 20233 02023 0000 0099 0999 9999 9999-12-31 -0044 +2023'.split(' '),
    ...'2023-Q0 2023-Q5 2023-q1 2023Q1 2023-Q1-01 Q1-2023 2023-33-01'.split(' '),
    ...'2023-21 2023-24 2023-25 2023-32 2023-37 2023-41'.split(' '),
    ...'2023-0 2023-2 2023-00 2023-13 2023-99 2023- 202302 2023/02'.split(' '),
    ...'2023-02-00 2023-02-29 2023-02-30 1900-02-29 2100-02-29 2024-02-30 2023-04-31'.split(' '),
    ...'2023-01-32 2023-00-10 2023-13-01 2023-2-11 2023-02-1 2023-02-011 20230211 11.02.2023'.split(' '),
    ...'2023-02-11T10:00 2023-02-11T10:00:00Z 2023? 2023~ 202X 2023-XX 2023/2024 [2023,2024] 2023.. Y17E8'.split(
      ' ',
    ),
    ...[
      '',
      ' ',
      ' 2023',
      '2023 ',
      '2023\n',
      '2023\u00a0',
      '2023\u0000',
      '٢٠٢٣',
      '\uff12\uff10\uff12\uff13',
      'null',
    ],
  ]
  for (const text of refused) {
    t.notOk(isPartialDate(text), JSON.stringify(text))
    t.throws(() => rangeOf(text), PartialDateError)
    t.throws(() => canonicalText(text), { name: 'PartialDateError' })
  }
  t.throws(() => rangeOf('2023-21'), {
    message:
      '"2023-21" is not a partial date: write a year (2023), a quarter (2023-Q1 or 2023-33), a month (2023-02) ' +
      'or a day that exists (2023-02-11), from 1000 to 9998',
  })
  t.throws(() => rangeOf('9'.repeat(1_000_000)), { message: /^"9{30}…" is not/ })
})

t.test('days are accepted exactly when the calendar has them', async (t) => {
  for (const year of [1000, 1600, 1900, 2000, 2023, 2024, 2100, 9998]) {
    const real = new Set(daysAround(year))
    for (let month = 0; month <= 40; month++) {
      for (let day = 0; day <= 32; day++) {
        const text = `${year}-${pad(month)}-${pad(day)}`
        if (isPartialDate(text) !== real.has(text)) t.fail(text)
      }
    }
  }
})

t.test('any text is read or refused, and what is read is read the same again', async () => {
  const texts = fc.stringMatching(/^[0-9]{3,5}(-?Q?[0-9]{0,3}){0,3}$/)
  fc.assert(
    fc.property(
      texts,
      (text) => !isPartialDate(text) || canonicalText(canonicalText(text)) === canonicalText(text),
    ),
    { numRuns: 2000 },
  )
})

t.test('the pattern is as strict as the reader, but for leap days and the year 9999', async (t) => {
  const pattern = new RegExp(partialDatePattern)
  const agree = (text: string) => {
    const left = text.startsWith('9999') || /-02-29$/.test(text)
    if (!left && pattern.test(text) !== isPartialDate(text)) t.fail(text)
  }
  for (const year of ['0999', '1000', '2023', '2024', '9998']) {
    agree(year)
    for (let number = 0; number <= 99; number++) {
      agree(`${year}-Q${number}`)
      agree(`${year}-${pad(number)}`)
      for (let day = 0; day <= 99; day++) agree(`${year}-${pad(number)}-${pad(day)}`)
    }
  }
  t.ok(pattern.test('2024-02-29'))
  t.notOk(pattern.test('2023-02-11\n'))
  fc.assert(fc.property(dates, (text) => pattern.test(text)))
})

t.test('a range that no partial date names has no text', async (t) => {
  const ranges = [
    { start: '2023-01-01', end: '2023-01-03' },
    { start: '2023-02-01', end: '2023-05-01' },
    { start: '2023-01-01', end: '2023-01-01' },
    { start: '2023', end: '2024' },
    anyDay,
  ]
  for (const range of ranges) t.throws(() => textOf(range), RangeError)
})
