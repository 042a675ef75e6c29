import t from 'tap'
import { testApp } from '../support/app.js'
import { says } from '../support/says.js'
import type { Fields } from './examples.js'

const evidence = [{ source: 'fda-rmat-designation', quote: 'granted', locator: 'page 1' }]

t.test('events and what follows from them', async (t) => {
  const { ask } = await testApp(t)
  const get = async (url: string) => {
    const { status, body } = await ask('GET', url)
    t.equal(status, 200, url)
    return body
  }
  const create = async (resource: string, record: object) => {
    const { status, body, text } = await ask('POST', `/v1/${resource}`, record)
    t.equal(status, 201, text)
    return body
  }
  const append = async (url: string, event: object) => {
    const { status, body, text } = await ask('POST', `${url}/events`, event)
    t.equal(status, 201, text)
    return body
  }
  const designate = (slug: string, more: object = {}) =>
    create('designations', { slug, therapy: 'therapy-of-events', program: 'fda:rmat', ...more })
  await create('therapies', { slug: 'therapy-of-events', name: 'Therapy of events' })
  let cycle = 1
  const nextCycle = () => ({ cycle: cycle++ })

  t.test('an event is appended, read, mended and taken away; the record follows at once', async (t) => {
    const record = await designate('followed', {
      ...nextCycle(),
      organization: 'cellectis',
      indication: 'b-all',
    })
    const url = '/v1/designations/followed'
    says(t, record, { status: null, grantedOn: null, holder: { slug: 'cellectis' }, events: [] })

    const appended = await ask('POST', `${url}/events`, { status: 'granted', on: '2024-05', evidence })
    t.equal(appended.status, 201)
    const { body: event, headers } = appended
    t.equal(headers.location, `/v1/events/${event.id}`)
    says(t, event, {
      subject: { type: 'designation', id: record.id, slug: 'followed', name: record.name },
      status: 'granted',
      on: '2024-05',
      anticipated: false,
      announcedOn: null,
      organization: null,
      indication: null,
      note: null,
      evidence: [
        {
          source: { slug: 'fda-rmat-designation' },
          quote: 'granted',
          locator: 'page 1',
          grade: 'regulator-published',
        },
      ],
    })
    const followed = await ask('GET', url)
    says(t, followed.body, { status: 'granted', grantedOn: '2024-05', announcedOn: null, version: 2 })
    t.equal(followed.headers.etag, headers.etag, 'the tag is that of the record')

    const read = await ask('GET', `/v1/events/${event.id}`)
    t.strictSame(read.body, event)
    t.equal(read.headers.etag, headers.etag)
    const known = await ask('GET', `/v1/events/${event.id}`, undefined, {
      'if-none-match': String(headers.etag),
    })
    t.equal(known.status, 304)
    t.equal((await ask('HEAD', `/v1/events/${event.id}`)).status, 200)

    const transfer = await append(url, { status: 'transferred', on: '2025', organization: 'iaso' })
    says(t, await get(url), {
      status: 'granted',
      holder: { slug: 'iaso' },
      organization: { slug: 'cellectis' },
    })
    await append(url, { status: 'amended', on: '2025', indication: 'r-r-b-all' })
    says(t, await get(url), { currentIndication: { slug: 'r-r-b-all' }, indication: { slug: 'b-all' } })
    await append(url, { status: 'withdrawn', on: '2027', anticipated: true })
    says(t, await get(url), { status: 'granted' }, 'what is only expected counts for nothing')

    const mended = await ask('PATCH', `/v1/events/${event.id}`, { on: null, announcedOn: '2024-06-01' })
    t.equal(mended.status, 200)
    says(t, mended.body, { id: event.id, on: null, announcedOn: '2024-06-01', evidence: event.evidence })
    says(t, await get(url), { grantedOn: null, announcedOn: '2024-06-01' })
    await ask('PATCH', `/v1/events/${event.id}`, {
      on: '2024-05-30',
      note: 'The day of the letter.',
      evidence: [],
    })
    says(t, await get(url), { grantedOn: '2024-05-30', announcedOn: '2024-06-01' })
    says(t, await get(`/v1/events/${event.id}`), { note: 'The day of the letter.', evidence: [] })

    t.equal((await ask('DELETE', `/v1/events/${transfer.id}`)).status, 204)
    t.equal((await ask('GET', `/v1/events/${transfer.id}`)).status, 404)
    says(t, await get(url), { holder: { slug: 'cellectis' }, status: 'granted' })
    t.equal((await ask('DELETE', `/v1/events/${event.id}`)).status, 204)
    const after = await get(url)
    says(t, after, { status: null, grantedOn: null, announcedOn: null })
    t.strictSame(
      after.events.map(({ status }: Fields) => status),
      ['amended', 'withdrawn'],
    )
  })

  t.test('an application follows its events', async (t) => {
    const base = { therapy: 'therapy-of-events', authority: 'fda' }
    await create('applications', { slug: 'ind', ...base, type: 'IND' })
    const steps: [event: object, record: object][] = [
      [
        { status: 'submitted', on: '2020-01-10' },
        { status: 'submitted', submittedOn: '2020-01-10' },
      ],
      [
        { status: 'cleared', on: '2020-02' },
        { status: 'cleared', clearedOn: '2020-02' },
      ],
      [
        { status: 'partial-hold', on: '2021-Q1' },
        { status: 'partial-hold', clearedOn: '2020-02' },
      ],
      [{ status: 'hold-lifted', announcedOn: '2021-09-01' }, { status: 'hold-lifted' }],
    ]
    for (const [event, record] of steps) {
      says(t, await append('/v1/applications/ind', event), {
        ...event,
        subject: { type: 'application', slug: 'ind' },
      })
      says(t, await get('/v1/applications/ind'), { ...record, approvedOn: null })
    }
    await create('applications', { slug: 'bla', ...base, type: 'BLA' })
    await append('/v1/applications/bla', { status: 'conditionally-approved', on: '2021' })
    await append('/v1/applications/bla', { status: 'approved', on: '2023-02-01' })
    says(t, await get('/v1/applications/bla'), { status: 'approved', approvedOn: '2021' })
    await append('/v1/applications/bla', { status: 'marketing-withdrawn', on: '2024-36' })
    says(t, await get('/v1/applications/bla'), { status: 'marketing-withdrawn', approvedOn: '2021' })
  })

  t.test('a trial follows its events', async (t) => {
    await create('trials', { slug: 'trial-of-events', acronym: 'TOE', therapies: ['therapy-of-events'] })
    const url = '/v1/trials/trial-of-events'
    await append(url, { status: 'started', on: '2030', anticipated: true })
    says(t, await get(url), { startedOn: null })
    await append(url, { status: 'first-patient', on: '2021-05' })
    says(t, await get(url), { startedOn: '2021-05' })
    const start = await append(url, { status: 'started', on: '2021-04-30' })
    says(t, start.subject, { type: 'trial', name: 'TOE' })
    says(t, await get(url), { startedOn: '2021-04-30' })
  })

  t.test(
    'events come in the order of their dates, an undated one behind what it was written after',
    async (t) => {
      const events = [
        { status: 'rescinded', announcedOn: '2023-02-01' },
        { status: 'granted', on: '2021-Q2' },
        { status: 'withdrawn' },
        { status: 'requested', on: '2021' },
      ]
      const order = (record: { events: Fields[] }) => record.events.map(({ status }) => status)
      const record = await designate('ordered', { ...nextCycle(), events })
      t.strictSame(order(record), ['requested', 'granted', 'withdrawn', 'rescinded'])
      await append('/v1/designations/ordered', { status: 'denied', on: '2020-12-31' })
      await append('/v1/designations/ordered', { status: 'amended' })
      const after = await get('/v1/designations/ordered')
      t.strictSame(order(after), ['denied', 'requested', 'granted', 'withdrawn', 'rescinded', 'amended'])
    },
  )

  t.test('partial dates come back as they were written, EDTF quarters as quarters', async (t) => {
    const dates = {
      '2023': '2023',
      '2023-Q1': '2023-Q1',
      '2023-02': '2023-02',
      '2023-02-11': '2023-02-11',
      '2024-02-29': '2024-02-29',
      '2023-01': '2023-01',
      '2023-01-01': '2023-01-01',
      '2023-33': '2023-Q1',
      '2023-34': '2023-Q2',
      '2023-35': '2023-Q3',
      '2023-36': '2023-Q4',
      '1000': '1000',
      '9998-12-31': '9998-12-31',
    }
    await designate('dated', nextCycle())
    for (const [written, read] of Object.entries(dates)) {
      const events = [{ status: 'granted', on: written, announcedOn: written }]
      const { body } = await ask('PATCH', '/v1/designations/dated', { events })
      says(
        t,
        body,
        { grantedOn: read, announcedOn: read, events: [{ on: read, announcedOn: read }] },
        written,
      )
      t.strictSame(await get('/v1/designations/dated'), body)
    }
  })

  t.test('an impossible order is refused, with a pointer to the event', async (t) => {
    const base = { therapy: 'therapy-of-events', authority: 'fda', type: 'BLA' }
    const refused = async (url: string, body: object, pointer: string, method: 'POST' | 'PATCH' = 'POST') => {
      const answer = await ask(method, url, body)
      t.equal(answer.status, 422, JSON.stringify(body))
      says(t, answer.body, { type: '/problems/unprocessable', errors: [{ pointer }] })
      t.match(answer.body.errors[0].message, /comes before/)
    }
    const granted = { status: 'granted', on: '2021-06' }
    const tooEarly = { status: 'rescinded', on: '2020' }
    const designation = { therapy: 'therapy-of-events', program: 'fda:rmat', ...nextCycle() }
    await refused('/v1/designations', { ...designation, events: [granted, tooEarly] }, '/events/1')
    await refused(
      '/v1/applications',
      {
        ...base,
        events: [
          { status: 'approved', on: '2020-03-01' },
          { status: 'submitted', on: '2020-03-02' },
        ],
      },
      '/events/0',
    )
    await refused(
      '/v1/trials',
      {
        acronym: 'BACKWARDS',
        events: [
          { status: 'started', on: '2020' },
          { status: 'terminated', on: '2019-12' },
        ],
      },
      '/events/1',
    )
    const { events } = await create('designations', { slug: 'in-order', ...designation, events: [granted] })
    const url = '/v1/designations/in-order'
    await refused(`${url}/events`, tooEarly, '')
    await refused(url, { events: [granted, tooEarly] }, '/events/1', 'PATCH')
    await append(url, { status: 'rescinded', on: '2021-06' })
    await refused(`/v1/events/${events[0].id}`, { on: '2021-07-01' }, '', 'PATCH')
    t.strictSame((await get(url)).events[0], events[0], 'nothing changed')
    t.equal((await get(url)).events.length, 2)
  })

  t.test('a fault in an event is told by its place in the event that was sent', async (t) => {
    const { events } = await designate('pointed', {
      ...nextCycle(),
      events: [{ status: 'requested' }, { status: 'granted' }],
    })
    const event = `/v1/events/${events[1].id}`
    const unknown = [{ source: 'fda-rmat-designation' }, { source: 'no-such' }]
    const cases: ['POST' | 'PATCH', string, object, number, string][] = [
      [
        'POST',
        '/v1/designations/pointed/events',
        { status: 'granted', evidence: unknown },
        422,
        '/evidence/1/source',
      ],
      [
        'POST',
        '/v1/designations/pointed/events',
        { status: 'granted', organization: 'iaso' },
        422,
        '/organization',
      ],
      [
        'POST',
        '/v1/designations/pointed/events',
        { status: 'granted', indication: 'b-all' },
        422,
        '/indication',
      ],
      ['POST', '/v1/designations/pointed/events', { status: 'approved' }, 400, '/status'],
      ['POST', '/v1/designations/pointed/events', { status: 'granted', id: events[0].id }, 422, '/id'],
      ['PATCH', event, { evidence: unknown }, 422, '/evidence/1/source'],
      ['PATCH', event, { status: 'approved' }, 422, '/status'],
      ['PATCH', event, { status: 'readout' }, 422, '/status'],
      ['PATCH', event, { organization: 'iaso' }, 422, '/organization'],
      ['PATCH', event, { on: '2023-13' }, 400, '/on'],
    ]
    const before = await get('/v1/designations/pointed')
    for (const [method, url, body, status, pointer] of cases) {
      const answer = await ask(method, url, body)
      t.equal(answer.status, status, JSON.stringify(body))
      says(t, answer.body.errors, [{ pointer }])
      t.notMatch(answer.body.detail, /events/)
    }
    t.strictSame(await get('/v1/designations/pointed'), before, 'nothing changed')
  })

  t.test('an event keeps its id while its record repeats it, and never takes another', async (t) => {
    const one = await designate('ids-1', { ...nextCycle(), events: [{ status: 'requested', on: '2020' }] })
    const other = await designate('ids-2', { ...nextCycle(), events: [{ status: 'requested', on: '2020' }] })
    const [kept] = one.events
    const events = [
      { id: kept.id.toUpperCase(), status: 'requested', on: '2021' },
      { status: 'granted', on: '2022' },
    ]
    const { status, body } = await ask('PATCH', '/v1/designations/ids-1', { events })
    t.equal(status, 200)
    t.equal(body.events[0].id, kept.id)
    t.not(body.events[1].id, kept.id)

    const made = '019a5b0e-3f8e-7b0a-8f6b-2a9c5d3e1f00'
    for (const id of [other.events[0].id, made]) {
      const refused = await ask('PATCH', '/v1/designations/ids-1', { events: [{ id, status: 'requested' }] })
      t.equal(refused.status, 422)
      says(t, refused.body.errors, [{ pointer: '/events/0/id' }])
    }
    const twice = [kept.id, kept.id].map((id) => ({ id, status: 'requested' }))
    const refused = await ask('PATCH', '/v1/designations/ids-1', { events: twice })
    t.equal(refused.status, 422)
    says(t, refused.body.errors, [{ pointer: '/events/1/id' }])
    const fresh = { therapy: 'therapy-of-events', program: 'fda:rmat', ...nextCycle() }
    const created = await ask('POST', '/v1/designations', {
      ...fresh,
      events: [{ id: made, status: 'granted' }],
    })
    t.equal(created.status, 422)
    t.strictSame(await get('/v1/designations/ids-1'), body, 'nothing changed')
    t.strictSame(await get('/v1/designations/ids-2'), other, 'nothing was taken from another')
  })

  t.test('a write of an event is guarded by the tag of its record', async (t) => {
    const { events, id } = await designate('guarded', { ...nextCycle(), events: [{ status: 'requested' }] })
    const event = `/v1/events/${events[0].id}`
    const stale = { 'if-match': '"7-elsewhere"' }
    t.equal((await ask('POST', '/v1/designations/guarded/events', { status: 'granted' }, stale)).status, 412)
    t.equal((await ask('PATCH', event, { on: '2020' }, stale)).status, 412)
    t.equal((await ask('DELETE', event, undefined, stale)).status, 412)
    says(t, await get('/v1/designations/guarded'), { version: 1, events })
    const { headers } = await ask('GET', event)
    const current = { 'if-match': String(headers.etag) }
    t.equal((await ask('PATCH', event, { on: '2020' }, current)).status, 200)
    t.equal((await ask('PATCH', event, { on: '2021' }, current)).status, 412, 'it is another by now')
    t.equal((await ask('PATCH', event, { on: '2020' })).headers.etag, (await ask('GET', event)).headers.etag)
    says(t, await get(`/v1/designations/${id}`), { version: 2 }, 'a patch that says the same changes nothing')
  })

  t.test(
    'an event is appended to what was renamed by its new address, and to what is gone not at all',
    async (t) => {
      await designate('first-name', nextCycle())
      await ask('PATCH', '/v1/designations/first-name', { slug: 'second-name' })
      const moved = await ask('POST', '/v1/designations/first-name/events', { status: 'granted' })
      t.equal(moved.status, 308)
      t.equal(moved.headers.location, '/v1/designations/second-name/events')
      await ask('DELETE', '/v1/designations/second-name')
      t.equal((await ask('POST', '/v1/designations/second-name/events', { status: 'granted' })).status, 410)
      t.equal((await ask('POST', '/v1/designations/never-was/events', { status: 'granted' })).status, 404)
      const missing = '/v1/events/019a5b0e-3f8e-7b0a-8f6b-2a9c5d3e1f00'
      t.equal((await ask('PATCH', missing, { note: 'x' })).status, 404)
      t.equal((await ask('DELETE', missing)).status, 404)
    },
  )
})
