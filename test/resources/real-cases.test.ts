import t from 'tap'
import { testApp } from '../support/app.js'
import { says } from '../support/says.js'
import { historyOf, type Item, itemBy, slugOf, slugsOf } from './look.js'

t.test('cases of the real world that a sloppy model gets wrong', async (t) => {
  const { ask } = await testApp(t)
  const get = async (url: string) => {
    const { status, body } = await ask('GET', url)
    t.equal(status, 200, url)
    return body
  }
  const create = async (resource: string, record: object) => {
    const { status, body } = await ask('POST', `/v1/${resource}`, record)
    t.equal(status, 201, JSON.stringify(body))
    return body
  }

  t.test('a designation of a platform: rAAVrh74 had one, and lost it', async (t) => {
    const vector = await get('/v1/therapies/raavrh74?include=designations')
    says(t, vector, { modality: 'platform', vector: 'aav', vectorDetail: 'AAVrh74' })
    const designation = itemBy(vector.designations, 'program', 'fda:platform-technology')
    says(t, designation, { indication: null, currentIndication: null })
    says(t, designation, { status: 'rescinded', grantedOn: '2025-06-02' })
    says(t, itemBy(designation.events, 'status', 'rescinded'), { on: '2025-07' })
  })

  t.test('the holder changes under one designation: EU/3/15/1509 was transferred three times', async (t) => {
    const designation = await get('/v1/designations/zolgensma-ema-orphan-sma')
    t.strictSame(designation.identifiers, [{ system: 'ema-orphan', value: 'EU/3/15/1509' }])
    says(t, designation, { status: 'granted', grantedOn: '2015-06-19' })
    const transfers = designation.events.filter(({ status }: Item) => status === 'transferred')
    t.strictSame(
      transfers.map(({ organization, on }: Item) => [slugOf(organization), on]),
      [
        ['avexis-netherlands', '2018-09'],
        ['avexis-eu', '2019-09'],
        ['novartis-europharm', '2022-07'],
      ],
    )
    t.equal(designation.organization.slug, 'avexis-eu')
    t.equal(designation.holder.slug, 'novartis-europharm')
    const { data } = (await ask('GET', '/v1/designations?organization=novartis-europharm&limit=100')).body
    t.ok(slugsOf(data).includes('zolgensma-ema-orphan-sma'), 'it is found by who holds it now')
  })

  t.test('the indication of a designation is amended: Luxturna, EU/3/12/981', async (t) => {
    const designation = await get('/v1/designations/luxturna-ema-orphan-lca')
    t.equal(designation.indication.slug, 'lca')
    t.equal(designation.currentIndication.slug, 'inherited-retinal-disease')
    says(t, designation, { status: 'granted', grantedOn: '2012-04-02' })
    says(t, designation.holder, { slug: 'novartis-europharm' })
  })

  t.test('a programme is granted twice: the second priority review of tab-cel', async (t) => {
    const { designations } = await get('/v1/therapies/tab-cel?include=designations')
    const reviews = designations.filter(({ program }: Item) => slugOf(program) === 'fda:priority-review')
    t.strictSame(
      reviews.map(({ cycle, indication }: Item) => [cycle, slugOf(indication)]),
      [
        [1, 'ebv-ptld'],
        [2, 'ebv-ptld'],
      ],
    )
  })

  t.test('an application has review cycles: the BLA of Zevaskyn', async (t) => {
    await create('therapies', { slug: 'pz-cel', name: 'Prademagene zamikeracel' })
    const bla = await create('applications', {
      therapy: 'pz-cel',
      authority: 'fda',
      type: 'BLA',
      events: [
        { status: 'submitted', on: '2023-09-25' },
        { status: 'accepted', on: '2023-11' },
        { status: 'goal-date', on: '2024-05-25', anticipated: true },
        { status: 'complete-response', on: '2024-04-22' },
      ],
    })
    says(t, bla, { status: 'complete-response', submittedOn: '2023-09-25', approvedOn: null })
    t.equal(bla.goalOn, '2024-05-25')
    const steps = [
      { event: { status: 'resubmitted', on: '2024-10-29' }, is: { status: 'resubmitted' } },
      { event: { status: 'accepted', announcedOn: '2024-11-13' }, is: { status: 'accepted' } },
      {
        event: { status: 'goal-date', on: '2025-04-29', anticipated: true },
        is: { status: 'accepted', goalOn: '2025-04-29' },
      },
      {
        event: { status: 'approved', on: '2025-04-28' },
        is: { status: 'approved', approvedOn: '2025-04-28', submittedOn: '2023-09-25' },
      },
    ]
    for (const { event, is } of steps) {
      t.equal((await ask('POST', `/v1/applications/${bla.id}/events`, event)).status, 201)
      says(t, await get(`/v1/applications/${bla.id}`), is, event.status)
    }
    t.strictSame(historyOf(await get(`/v1/applications/${bla.id}`)), [
      'submitted 2023-09-25',
      'accepted 2023-11',
      'complete-response 2024-04-22',
      'goal-date 2024-05-25',
      'resubmitted 2024-10-29',
      'accepted 2024-11-13',
      'approved 2025-04-28',
      'goal-date 2025-04-29',
    ])
  })

  t.test('a complete response is rescinded: deramiocel is under review again', async (t) => {
    const bla = await get('/v1/applications/deramiocel-fda-bla-dmd-cardiomyopathy')
    says(t, bla, { status: 'complete-response-rescinded', goalOn: '2026-08-22', approvedOn: null })
    says(t, itemBy(bla.events, 'status', 'complete-response'), { announcedOn: '2025-07-11' })
    says(t, itemBy(bla.events, 'status', 'complete-response-rescinded'), { announcedOn: '2026-03-10' })
  })

  t.test('a refusal to file is followed by another submission: the BLA of ide-cel', async (t) => {
    const bla = await get('/v1/applications/idecabtagene-vicleucel-fda-bla-rrmm')
    says(t, bla, { status: 'approved', approvedOn: '2021-03-26', goalOn: '2021-03-27' })
    t.strictSame(historyOf(bla).slice(0, 2), ['refused 2020-05', 'resubmitted 2020-07-29'])
  })

  t.test('a goal date is only ever expected', async (t) => {
    const event = { status: 'goal-date', on: '2026-08-22' }
    const url = '/v1/applications/deramiocel-fda-bla-dmd-cardiomyopathy/events'
    const { status, body } = await ask('POST', url, event)
    t.equal(status, 422)
    t.match(body, { type: '/problems/unprocessable', errors: [{ pointer: '/anticipated' }] })
  })

  t.test('approvals differ in kind by region and by indication', async (t) => {
    const { applications } = await get('/v1/therapies/casgevy?include=applications')
    const kinds = (authority: string) =>
      applications
        .filter((application: Item) => slugOf(application.authority) === authority)
        .map(({ indication, status, approvedOn }: Item) => [slugOf(indication), status, approvedOn])
    t.strictSame(kinds('ema'), [
      ['sickle-cell-disease', 'conditionally-approved', '2024-02-09'],
      ['tdt', 'conditionally-approved', '2024-02-09'],
    ])
    t.strictSame(kinds('fda')[0], ['sickle-cell-disease', 'approved', '2023-12-08'])

    const sameDay = async (therapy: string) => {
      const body = await get(`/v1/applications?therapy=${therapy}&authority=mhlw`)
      return body.data
        .filter(({ approvedOn }: Item) => approvedOn === '2019-03-26')
        .map(({ status }: Item) => status)
    }
    t.strictSame(await sameDay('collategene'), ['conditionally-approved'])
    t.strictSame(await sameDay('tisagenlecleucel'), ['approved', 'approved'])
  })

  t.test('one application of a therapy can be approved and another conditionally on one day', async (t) => {
    await create('therapies', { slug: 'brexu-cel-2', name: 'Brexucabtagene autoleucel (two labels)' })
    const label = { therapy: 'brexu-cel-2', authority: 'fda', type: 'BLA' }
    const on = '2021-10-01'
    const full = await create('applications', {
      ...label,
      indication: 'r-r-b-all',
      events: [{ status: 'approved', on }],
    })
    const conditional = await create('applications', {
      ...label,
      indication: 'r-r-mcl',
      events: [{ status: 'conditionally-approved', on }],
    })
    says(t, full, { status: 'approved', approvedOn: on })
    says(t, conditional, { status: 'conditionally-approved', approvedOn: on })
    const { data } = await get('/v1/applications?therapy=brexu-cel-2&status=approved')
    t.strictSame(slugsOf(data), [full.slug])
  })

  t.test('one INN, two designations of different holders: etuvetidigene autotemcel', async (t) => {
    const holders = []
    for (const slug of ['waskyra', 'was-genethon']) {
      const { names, designations } = await get(`/v1/therapies/${slug}?include=designations`)
      says(t, itemBy(names, 'name', 'etuvetidigene autotemcel'), { type: 'inn' })
      const { identifiers, holder, status } = itemBy(designations, 'program', 'ema:orphan')
      holders.push([identifiers, slugOf(holder), status])
    }
    t.strictSame(holders, [
      [[{ system: 'ema-orphan', value: 'EU/3/12/998' }], 'telethon', 'granted'],
      [[{ system: 'ema-orphan', value: 'EU/3/13/1196' }], 'genethon', 'withdrawn'],
    ])
  })

  t.test('one substance under two brands and routes: Zolgensma and Itvisma', async (t) => {
    const zolgensma = await get('/v1/therapies/zolgensma?include=applications')
    const itvisma = await get('/v1/therapies/itvisma?include=applications')
    t.not(zolgensma.id, itvisma.id)
    for (const { names } of [zolgensma, itvisma]) {
      says(t, itemBy(names, 'name', 'onasemnogene abeparvovec'), { type: 'inn' })
    }
    t.match(zolgensma.name, /intravenous/)
    t.match(itvisma.name, /intrathecal/)
    says(t, itemBy(zolgensma.names, 'type', 'brand'), { name: 'Zolgensma' })
    says(t, itemBy(itvisma.names, 'type', 'brand'), { name: 'Itvisma' })
    const blaOf = ({ applications }: { applications: Item[] }) =>
      itemBy(applications, 'type', 'BLA').approvedOn
    t.strictSame([blaOf(zolgensma), blaOf(itvisma)], ['2019-05-24', '2025-11-24'])
    t.strictSame(
      zolgensma.applications
        .filter(({ type }: Item) => type !== 'BLA')
        .map(({ authority, status }: Item) => [slugOf(authority), status]),
      [
        ['ema', 'conditionally-approved'],
        ['mhlw', 'approved'],
      ],
    )
  })

  t.test('brands differ by region', async (t) => {
    const { names } = await get('/v1/therapies/otl-200')
    says(t, itemBy(names, 'name', 'Libmeldy'), { type: 'brand', territory: 'EU' })
    says(t, itemBy(names, 'name', 'Lenmeldy'), { type: 'brand', territory: 'US' })
  })

  t.test('a grant is dated one day and announced on another: laromestrocel', async (t) => {
    const designation = await get('/v1/designations/laromestrocel-fda-rare-pediatric-disease-hlhs')
    says(t, designation, { status: 'granted', grantedOn: '2021-11-08', announcedOn: '2021-11-18' })
    t.strictSame(
      designation.events.map(({ on, announcedOn }: Item) => [on, announcedOn]),
      [['2021-11-08', '2021-11-18']],
    )
  })

  t.test('"FDA approved the IND" is a clearance', async (t) => {
    const ind = await get('/v1/applications/laromestrocel-fda-ind-pediatric-dcm')
    says(t, ind, { type: 'IND', status: 'cleared', approvedOn: null })
    t.match(ind.events[0].note, /approved/)

    const forTrials = [
      'submitted',
      'accepted',
      'cleared',
      'clinical-hold',
      'partial-hold',
      'hold-lifted',
      'resubmitted',
      'withdrawn',
    ]
    const { applications } = await get('/v1/therapies/laromestrocel?include=applications')
    for (const type of ['IND', 'CTA']) {
      const event = { status: 'approved', on: '2025-07-09' }
      const application = { therapy: 'laromestrocel', authority: 'fda', type, events: [event] }
      const { status, body } = await ask('POST', '/v1/applications', application)
      t.equal(status, 422)
      t.equal(body.type, '/problems/unprocessable')
      t.equal(body.errors[0].pointer, '/events/0/status')
      t.same([...body.errors[0].allowed].sort(), [...forTrials].sort())
    }
    const url = '/v1/applications/laromestrocel-fda-ind-pediatric-dcm'
    const appended = await ask('POST', `${url}/events`, { status: 'approved', on: '2025-07-09' })
    t.equal(appended.status, 422)
    t.same([...appended.body.errors[0].allowed].sort(), [...forTrials].sort())
    const patched = await ask('PATCH', `/v1/events/${ind.events[0].id}`, { status: 'approved' })
    t.equal(patched.status, 422)
    t.same([...patched.body.errors[0].allowed].sort(), [...forTrials].sort())
    const retyped = await ask('PATCH', url, { type: 'BLA' })
    t.equal(retyped.status, 422)
    t.match(retyped.body.errors[0], { pointer: '/events/0/status' })
    t.strictSame(await get(url), ind, 'nothing changed')
    const after = await get('/v1/therapies/laromestrocel?include=applications')
    t.strictSame(after.applications, applications, 'nothing was added')
  })

  t.test('a marketing application is never cleared', async (t) => {
    const url = '/v1/applications/zolgensma-fda-bla-sma/events'
    const { status, body } = await ask('POST', url, { status: 'cleared', on: '2019-05-24' })
    t.equal(status, 422)
    t.ok(body.errors[0].allowed.includes('approved'))
    t.notOk(body.errors[0].allowed.includes('cleared'))
  })

  t.test('a therapy with two targets, and one with none that anybody told us', async (t) => {
    const ct120 = await get('/v1/therapies/ct120')
    t.strictSame(slugsOf(ct120.targets), ['cd19', 'cd22'])
    const slugsOfList = async (query: string) =>
      slugsOf((await get(`/v1/therapies?limit=1000&${query}`)).data)
    t.ok((await slugsOfList('target=cd19')).includes('ct120'))
    t.ok((await slugsOfList('target=cd22')).includes('ct120'))
    t.strictSame((await get('/v1/therapies/ucb-ucar-t')).targets, [])
    const unknown = await slugsOfList('target=none')
    t.ok(unknown.includes('ucb-ucar-t'))
    t.notOk(unknown.includes('ct120'))
    t.ok((await slugsOfList('target=!cd19')).includes('ucb-ucar-t'), 'not known to be is not')
  })

  t.test('a trial of several therapies stands once, and is found from each', async (t) => {
    const trial = await get('/v1/trials/nct03389035')
    t.strictSame(slugsOf(trial.therapies), ['carcik-cd19', 'carcik'])
    for (const slug of slugsOf(trial.therapies)) {
      const { trials } = await get(`/v1/therapies/${slug}?include=trials`)
      t.strictSame(itemBy(trials, 'registryId', 'NCT03389035'), trial)
    }
  })
})
