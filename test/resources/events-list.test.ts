import t, { type Test } from 'tap'
import { counts } from '../../src/domain/as-of.js'
import { overlaps, rangeOf, within } from '../../src/domain/partial-date.js'
import { testApp } from '../support/app.js'
import { says } from '../support/says.js'
import { type Item, type Sourced, slugOf, slugsOf } from './look.js'

interface EventItem extends Item {
  id: string
  subject: { type: string; slug: string }
  therapies: Item[]
  status: string
  on: string | null
  announcedOn: string | null
  anticipated: boolean
  label: string
}

t.test('the list of events', async (t) => {
  const { ask } = await testApp(t)
  const get = async (url: string) => {
    const { status, body, text } = await ask('GET', url)
    t.equal(status, 200, `${url} ${status === 200 ? '' : text}`)
    return body
  }
  const listed = async (query: string): Promise<EventItem[]> =>
    (await get(`/v1/events?limit=1000&${query}`)).data
  const records: Record<string, Map<string, Sourced>> = {}
  for (const [type, resource] of Object.entries({
    designation: 'designations',
    application: 'applications',
    trial: 'trials',
  })) {
    const { data } = await get(`/v1/${resource}?limit=1000`)
    records[type] = new Map(data.map((record: Sourced) => [String(record.slug), record]))
  }
  const subjectOf = ({ subject }: EventItem) => records[subject.type]?.get(subject.slug) as Sourced
  const all = await listed('')
  const ids = (events: Item[]) => events.map(({ id }) => id)

  t.test('holds every event once, as its record tells it, with what it is about', async (t) => {
    const told = Object.entries(records).flatMap(([type, ofType]) =>
      [...ofType.values()].flatMap(({ id, slug, name, therapy, therapies, events }) =>
        events.map((event) => ({
          subject: { type, id, slug, name },
          therapies: therapies ?? [therapy],
          organization: null,
          indication: null,
          ...event,
        })),
      ),
    )
    const byId = (a: Item, b: Item) => (String(a.id) < String(b.id) ? -1 : 1)
    t.same(
      all.map(({ label, ...event }) => event).sort(byId),
      told.sort(byId),
      'and as GET /v1/events/{id} answers it',
    )
    const [first] = all as [EventItem]
    t.strictSame(await get(`/v1/events/${first.id}`), first)
  })

  t.test('says in words what happened', async (t) => {
    const labelled = (slug: string, status: string) =>
      all.find((event) => event.subject.slug === slug && event.status === status)?.label
    t.equal(labelled('lasme-cel-fda-rmat-r-r-b-all', 'granted'), 'FDA RMAT granted: R/R B-ALL')
    t.equal(labelled('lasme-cel-fda-ind-b-all', 'cleared'), 'FDA IND cleared: B-ALL')
    t.equal(labelled('nct04150497', 'started'), 'BALLI-01 started: R/R B-ALL')
    t.equal(labelled('nct04150497', 'interim-analysis'), 'BALLI-01 interim analysis (anticipated): R/R B-ALL')
    const labels = all.map(({ label }) => label)
    t.ok(
      labels.includes('EMA Orphan designation in the European Union transferred to Kite Pharma EU B.V.: ALL'),
      'of a transfer to whom',
    )
    t.ok(
      labels.includes('MHLW marketing authorisation conditionally approved'),
      'with nothing that nobody named',
    )
  })

  const isOf = (field: string, slugs: string[]) => (event: EventItem) =>
    slugs.includes(String(slugOf(subjectOf(event)[field])))
  const designated = (programs: string[]) => isOf('program', programs)
  const indicationsOf = (event: EventItem) => {
    const { indication, indications } = subjectOf(event)
    return slugsOf((indications ?? (indication ? [indication] : [])) as Item[])
  }
  const mayLie = (text: string | null, from: string, to: string) =>
    text !== null && overlaps(rangeOf(text), { start: rangeOf(from).start, end: rangeOf(to).end })
  const surelyLies = (text: string | null, from: string, to: string) =>
    text !== null && within(rangeOf(text), { start: rangeOf(from).start, end: rangeOf(to).end })

  t.test('is filtered by every parameter', async (t) => {
    const { data: therapies } = await get('/v1/therapies?limit=1000&include=')
    const therapy = new Map(therapies.map((each: Item) => [each.slug, each])) as Map<unknown, Item>
    const isAbout = (holds: (therapy: Item) => boolean) => (event: EventItem) =>
      event.therapies.some(({ slug }) => holds(therapy.get(slug) as Item))
    const { data: leukemias } = await get('/v1/indications?under=leukemia&limit=1000')
    const below = ['leukemia', ...slugsOf(leukemias)]
    const organizationOf = (event: EventItem) => {
      const { holder, organization, sponsor } = subjectOf(event)
      return slugOf({ designation: holder, application: organization, trial: sponsor }[event.subject.type])
    }
    const questions: Record<string, (event: EventItem) => boolean> = {
      'subjectType=trial': ({ subject }) => subject.type === 'trial',
      'subjectType=designation&subjectType=application': ({ subject }) => subject.type !== 'trial',
      'subjectType=!designation': ({ subject }) => subject.type !== 'designation',
      'subjectType=!none': () => true,
      'status=granted&status=approved': ({ status }) => ['granted', 'approved'].includes(status),
      'status=!granted': ({ status }) => status !== 'granted',
      'anticipated=true': ({ anticipated }) => anticipated,
      'anticipated=false': ({ anticipated }) => !anticipated,
      'anticipated=!true': ({ anticipated }) => !anticipated,
      'anticipated=false&anticipated=true': () => true,
      'onFrom=2018-06&onTo=2019-Q1': ({ on }) => mayLie(on, '2018-06', '2019-Q1'),
      'onFrom=2018-06&onTo=2019-Q1&dateMatch=certain': ({ on }) => surelyLies(on, '2018-06', '2019-Q1'),
      'announcedFrom=2024&announcedTo=2024': ({ announcedOn }) => mayLie(announcedOn, '2024', '2024'),
      'whenFrom=2024&whenTo=2024': ({ on, announcedOn }) => mayLie(on ?? announcedOn, '2024', '2024'),
      'therapy=lasme-cel': ({ therapies }) => slugsOf(therapies).includes('lasme-cel'),
      'therapy=lasme-cel&therapy=eque-cel': ({ therapies }) =>
        slugsOf(therapies).some((slug) => ['lasme-cel', 'eque-cel'].includes(String(slug))),
      'therapy=!lasme-cel': ({ therapies }) => !slugsOf(therapies).includes('lasme-cel'),
      'therapy=none': ({ therapies }) => therapies.length === 0,
      'program=fda:rmat': designated(['fda:rmat']),
      'program=fda:rmat&program=ema:prime&status=granted': (event) =>
        designated(['fda:rmat', 'ema:prime'])(event) && event.status === 'granted',
      'program=none': (event) => event.subject.type !== 'designation',
      'authority=ema': isOf('authority', ['ema']),
      'authority=!fda': (event) => !isOf('authority', ['fda'])(event),
      'authority=none': (event) => event.subject.type === 'trial',
      'indication=leukemia': (event) => indicationsOf(event).some((slug) => below.includes(slug)),
      'indication=r-r-b-all&indicationExact=true': (event) => indicationsOf(event).includes('r-r-b-all'),
      'indication=none': (event) => indicationsOf(event).length === 0,
      'organization=cellectis': (event) => organizationOf(event) === 'cellectis',
      'organization=none': (event) => organizationOf(event) === null,
      'target=cd22': isAbout(({ targets }) => slugsOf(targets as Item[]).includes('cd22')),
      'target=cd22&subjectType=trial': (event) =>
        event.subject.type === 'trial' &&
        isAbout(({ targets }) => slugsOf(targets as Item[]).includes('cd22'))(event),
      'modality=car-nk': isAbout(({ modality }) => modality === 'car-nk'),
      'cellOrigin=allogeneic&modality=car-t': isAbout(
        ({ cellOrigin, modality }) => cellOrigin === 'allogeneic' && modality === 'car-t',
      ),
      'cellOrigin=none': isAbout(({ cellOrigin }) => cellOrigin === null),
    }
    for (const [query, holds] of Object.entries(questions)) {
      t.same(ids(await listed(query)), ids(all.filter(holds)), query)
      if (query !== 'therapy=none') t.ok(all.some(holds), `some event answers ${query}`)
    }
  })

  t.test('is sorted by when, on or announcedOn, and paged without a gap or a repetition', async (t) => {
    const dateOf: Record<string, (event: EventItem) => string | null> = {
      when: ({ on, announcedOn }) => on ?? announcedOn,
      on: ({ on }) => on,
      announcedOn: ({ announcedOn }) => announcedOn,
    }
    const keyOf = (event: EventItem, text: string | null) => {
      const { start, end } = text === null ? { start: '', end: '' } : rangeOf(text)
      return `${start} ${end} ${event.id}`
    }
    for (const [sort, date] of Object.entries(dateOf)) {
      const ascending = [...all].sort((a, b) => (keyOf(a, date(a)) < keyOf(b, date(b)) ? -1 : 1))
      for (const [sign, events] of [
        ['', ascending],
        ['-', ascending.toReversed()],
      ] as const) {
        const isDated = (event: EventItem) => date(event) !== null
        const expected = [...events.filter(isDated), ...events.filter((event) => !isDated(event))]
        const paged = await pages(t, `/v1/events?sort=${sign}${sort}&limit=200&total=true`)
        t.same(ids(paged), ids(expected), `${sign}${sort}`)
      }
    }
    t.same(ids(all), ids(await listed('sort=-when')), 'the latest first unless it says otherwise')
  })

  async function pages(t: Test, first: string): Promise<EventItem[]> {
    const found: EventItem[] = []
    for (let next: string | null = ''; next !== null; ) {
      const { data, page, total } = await get(`${first}${next && `&cursor=${next}`}`)
      t.equal(total, all.length)
      found.push(...data)
      next = page.next
    }
    return found
  }

  t.test('tells what counted on a day, as possible or certain', async (t) => {
    for (const day of ['2014-06-30', '2020-02-29', '2024-07-25']) {
      for (const match of ['possible', 'certain'] as const) {
        const expected = all.filter((event) => counts(event, { day, match }))
        t.same(ids(await listed(`asOf=${day}&dateMatch=${match}`)), ids(expected), `${match} on ${day}`)
        t.ok(expected.length > 0 && expected.length < all.length)
      }
    }
  })

  t.test('follows the records that the events happened to', async (t) => {
    const count = async (query: string) => (await get(`/v1/events?limit=1&total=true&${query}`)).total
    const ofIaso = await count('organization=iaso')
    const transfer = { status: 'transferred', on: '2026-11', organization: 'iaso' }
    await ask('POST', '/v1/designations/lasme-cel-fda-rmat-r-r-b-all/events', transfer)
    t.equal(
      await count('organization=iaso'),
      ofIaso + 2,
      'the holder of the designation is that of its events',
    )
    await ask('PATCH', '/v1/designations/lasme-cel-fda-rmat-r-r-b-all', { indication: 'follicular-lymphoma' })
    t.equal(await count('therapy=lasme-cel&indication=follicular-lymphoma'), 2)
    await ask('PATCH', '/v1/applications/lasme-cel-fda-ind-b-all', { authority: 'ema', type: 'CTA' })
    says(t, (await listed('therapy=lasme-cel&authority=ema&subjectType=application')) as unknown, [
      { label: 'EMA CTA cleared: B-ALL' },
    ])
    await ask('PATCH', '/v1/trials/nct04150497', { sponsor: null, therapies: ['eque-cel'] })
    t.equal(await count('therapy=lasme-cel&subjectType=trial'), 0)
    t.equal(await count('organization=cellectis&subjectType=trial&status=interim-analysis'), 0)
    await ask('DELETE', '/v1/trials/nct04150497')
    t.equal(await count('therapy=eque-cel&status=interim-analysis'), 0)
  })

  t.test('takes words: events of every record that a search finds', async (t) => {
    type Identified = { id: string }
    const found = async (list: string, q: string): Promise<{ id: string; events: Identified[] }[]> =>
      (await ask('GET', `/v1/${list}?limit=1000&q=${encodeURIComponent(q)}`)).body.data
    const idsOf = (items: Identified[]) => items.map(({ id }) => id).sort()
    for (const q of ['CD22 leukemia', 'BCMA RMAT', 'Novartis']) {
      const lists = ['designations', 'applications', 'trials']
      const subjects = (await Promise.all(lists.map((list) => found(list, q)))).flat()
      const expected = idsOf(subjects.flatMap(({ events }) => events))
      t.ok(expected.length > 3, q)
      t.same(idsOf(await found('events', q)), expected, q)
    }
    t.equal((await ask('GET', '/v1/events?q=UCART23')).body.data.length, 0)
  })

  t.test('is one page of one version, and refuses what it does not know', async (t) => {
    const { status, headers } = await ask('GET', '/v1/events?limit=2')
    t.equal(status, 200)
    t.match(headers.link, /^<\/v1\/events\?limit=2&cursor=[^>]+>; rel="next"$/)
    const known = { 'if-none-match': String(headers.etag) }
    t.equal((await ask('GET', '/v1/events?limit=2', undefined, known)).status, 304)
    t.equal((await ask('HEAD', '/v1/events?limit=2')).headers.etag, headers.etag)
    const wrong = {
      'onFrom=2023-21': /^onFrom: must be a partial date/,
      'asOf=2023-13': /^asOf: must be a partial date/,
      'staus=granted': /unknown parameter "staus"; did you mean "status"/,
      'status=grantd': /did you mean "granted"/,
      'sort=therapy': /must be one of the allowed values/,
      'cursor=abc': /cursor/,
    }
    for (const [query, detail] of Object.entries(wrong)) {
      t.match(await ask('GET', `/v1/events?${query}`), { status: 400, body: { detail } }, query)
    }
  })
})
