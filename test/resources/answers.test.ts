import t from 'tap'
import { testApp } from '../support/app.js'
import { says } from '../support/says.js'
import { type Item, itemBy, slugOf, slugsOf } from './look.js'

const namesOf = ({ names }: { names: Item[] }) => names.map(({ name }) => name)
const rolesOf = ({ organizations }: { organizations: Item[] }) =>
  organizations.map(({ organization, role, territory }) => [slugOf(organization), role, territory])

/** Everything that a record says of an approval. */
const approvalsOf = ({ events }: { events: Item[] }) =>
  events.filter(({ status }) => String(status).includes('approved'))

t.test('the five answers that the curated data has to give', async (t) => {
  const { ask } = await testApp(t)
  const get = async (url: string) => {
    const { status, body } = await ask('GET', url)
    t.equal(status, 200, url)
    return body
  }

  t.test('1. lasme-cel: what it is, its RMAT with source and quote, and its pivotal trial', async (t) => {
    const lasmeCel = await get('/v1/therapies/lasme-cel')
    says(t, lasmeCel, { modality: 'car-t', cellOrigin: 'allogeneic' })
    t.strictSame(slugsOf(lasmeCel.targets), ['cd22'])
    says(t, lasmeCel.targets[0], { name: 'CD22' })
    t.strictSame(rolesOf(lasmeCel), [['cellectis', 'sponsor', null]])
    const names = namesOf(lasmeCel)
    t.ok(names.includes('lasmecabtagene timgedleucel') && names.includes('UCART22'), names.join())
    says(t, itemBy(lasmeCel.names, 'name', 'lasmecabtagene timgedleucel'), { type: 'inn' })
    says(t, itemBy(lasmeCel.names, 'name', 'UCART22'), { type: 'code' })

    const rmat = itemBy(lasmeCel.designations, 'program', 'fda:rmat')
    says(t, rmat, { status: 'granted', indication: { slug: 'r-r-b-all' }, holder: { name: 'Cellectis' } })
    t.match(rmat.indication, { name: /relapsed or refractory B-cell acute lymphoblastic/i })
    const granted = itemBy(rmat.events, 'status', 'granted')
    t.equal(granted.anticipated, false)
    const [evidence] = granted.evidence as Item[]
    t.match(evidence, { source: { url: /^https?:/, name: /RMAT/ }, grade: /^[a-z-]+$/ })
    t.match(
      evidence?.quote,
      /granted Regenerative Medicine Advanced Therapy \(RMAT\) designation to Cellectis/,
    )

    const balli = itemBy(lasmeCel.trials, 'acronym', 'BALLI-01')
    says(t, balli, { registry: 'clinicaltrials.gov', registryId: 'NCT04150497', pivotal: true })
    says(t, itemBy(balli.events, 'status', 'interim-analysis'), { on: '2026-Q4', anticipated: true })
  })

  t.test('a therapy embeds all its related lists, and `include` narrows them', async (t) => {
    const lists = ['applications', 'designations', 'trials']
    const listsOf = async (query: string) => {
      const body = await get(`/v1/therapies/lasme-cel${query}`)
      return lists.filter((name) => name in body)
    }
    t.strictSame(await listsOf(''), lists)
    t.strictSame(await listsOf('?include=trials'), ['trials'])
    t.strictSame(await listsOf('?include=trials,designations'), ['designations', 'trials'])
    t.strictSame(await listsOf('?include='), [])
    t.equal((await ask('GET', '/v1/therapies/lasme-cel?include=sources')).status, 400)
    const { trials } = await get('/v1/therapies/lasme-cel?include=trials')
    t.strictSame(trials[0], await get('/v1/trials/nct04150497'))
  })

  t.test('2. CT103A: its construct, its designations and applications, and its partner', async (t) => {
    const ct103a = await get('/v1/therapies/eque-cel')
    t.equal(ct103a.name, 'Equecabtagene autoleucel')
    t.ok(namesOf(ct103a).includes('CT103A'))
    says(t, ct103a, { modality: 'car-t', cellOrigin: 'autologous', vector: 'lentiviral' })
    t.strictSame(ct103a.construct, {
      binder: 'fully human scFv',
      hinge: 'CD8a',
      transmembrane: 'CD8a',
      costimulatory: ['4-1BB'],
      activation: 'CD3ζ',
    })
    t.strictSame(slugsOf(ct103a.targets), ['tnfrsf17'])
    const bcma = await get('/v1/targets/tnfrsf17')
    t.equal(bcma.symbol, 'TNFRSF17')
    t.ok(bcma.aliases.includes('BCMA'))

    for (const program of ['fda:rmat', 'fda:fast-track']) {
      const designation = itemBy(ct103a.designations, 'program', program)
      says(t, designation, { status: 'granted', grantedOn: null, announcedOn: '2023-02-11' }, program)
    }
    const breakthrough = itemBy(ct103a.designations, 'program', 'nmpa:breakthrough-therapy')
    says(t, breakthrough, { status: 'granted', grantedOn: '2021-02' })
    says(t, itemBy(ct103a.designations, 'program', 'fda:orphan-drug'), { grantedOn: '2022-02' })

    const ind = itemBy(ct103a.applications, 'slug', 'eque-cel-fda-ind-rrmm')
    says(t, ind, { type: 'IND', status: 'cleared', clearedOn: '2022-12', approvedOn: null })
    const nda = itemBy(ct103a.applications, 'slug', 'eque-cel-nmpa-nda-rrmm')
    says(t, nda, { type: 'NDA', authority: { slug: 'nmpa' } })
    says(t, itemBy(nda.events, 'status', 'accepted'), { anticipated: false, announcedOn: '2022-06' })
    const nmosd = itemBy(ct103a.applications, 'indication', 'nmosd')
    says(t, nmosd, { type: 'IND', authority: { slug: 'nmpa' }, status: 'cleared' })

    const roles = rolesOf(ct103a)
    t.strictSame(
      roles.filter(([organization]) => organization !== 'sana'),
      [
        ['iaso', 'sponsor', null],
        ['innovent', 'partner', 'Mainland China'],
      ],
    )
  })

  t.test('3. the CD19/CD22 CAR-T of IASO: two INDs, an orphan designation, phase 1', async (t) => {
    const { body } = await ask('GET', '/v1/therapies?organization=iaso&target=cd19&limit=2')
    t.strictSame(slugsOf(body.data), ['ct120'])
    const ct120 = await get('/v1/therapies/ct120')
    says(t, ct120, { modality: 'car-t', stage: 'phase-1' })
    t.strictSame(slugsOf(ct120.targets), ['cd19', 'cd22'])
    const inds = ct120.applications.filter(({ type }: Item) => type === 'IND')
    t.equal(inds.length, 2)
    t.ok(inds.every(({ status }: Item) => status === 'cleared'))
    const orphan = itemBy(ct120.designations, 'program', 'fda:orphan-drug')
    says(t, itemBy(orphan.events, 'on', '2021-10'), { status: 'granted', anticipated: false })
  })

  t.test('4. the cord-blood CAR-T: an IND that was cleared is not an approval', async (t) => {
    const therapy = await get('/v1/therapies/ucb-ucar-t')
    says(t, therapy, {
      modality: 'car-t',
      cellOrigin: 'allogeneic',
      cellSource: 'cord-blood',
      targets: [],
    })
    t.strictSame(
      rolesOf(therapy)
        .map(([slug]) => slug)
        .sort(),
      ['leman', 'ucello', 'vectorbuilder'],
    )
    t.equal(therapy.applications.length, 1)
    const [ind] = therapy.applications
    says(t, ind, {
      type: 'IND',
      authority: { slug: 'fda' },
      status: 'cleared',
      clearedOn: null,
      approvedOn: null,
    })
    says(t, itemBy(ind.events, 'status', 'cleared'), { on: null, announcedOn: '2025-01-29' })
    t.strictSame(approvalsOf(ind), [])
    t.not(therapy.stage, 'approved')
    const [trial] = therapy.trials
    t.strictSame(slugsOf(trial.indications), ['sle'])
    t.match(trial.title, /lupus/i)
    t.match(JSON.stringify(trial), /China/)
  })

  t.test(
    '4. CARCIK: cord-blood CIK cells with a transposon, its trials and its preclinical work',
    async (t) => {
      const carcik = await get('/v1/therapies/carcik')
      says(t, carcik, {
        modality: 'cik',
        cellOrigin: 'allogeneic',
        cellSource: 'cord-blood',
        vector: 'transposon',
        vectorDetail: 'Sleeping Beauty',
        stage: 'preclinical',
      })
      t.match(carcik.summary, /preclinical in AML/)
      t.strictSame(rolesOf(carcik), [['fondazione-tettamanti', 'developer', null]])
      const indications = carcik.trials.flatMap((trial: { indications: Item[] }) =>
        slugsOf(trial.indications),
      )
      t.ok(indications.includes('r-r-b-all') && indications.includes('b-cell-nhl'), indications.join())
      const inTrials = await get('/v1/therapies/carcik-cd19')
      says(t, inTrials, { modality: 'cik', vector: 'transposon', cellOrigin: 'allogeneic' })
      t.ok(inTrials.trials.length >= 2)
    },
  )

  t.test('5. what RMAT and Fast Track are', async (t) => {
    const rmat = await get('/v1/programs/fda:rmat')
    t.match(rmat, { authority: { slug: 'fda' }, legalBasis: /21st Century Cures Act/ })
    t.equal(rmat.criteria.length, 3)
    t.match(rmat.criteria.join(' '), /regenerative medicine therapy/i)
    t.match(rmat.criteria.join(' '), /serious/i)
    t.match(rmat.criteria.join(' '), /preliminary clinical evidence/i)
    t.ok(rmat.benefits.length >= 2)
    t.match(rmat.benefits.join(' '), /meet|interact|guidance/i)
    t.ok(rmat.evidence.length > 0)
    const fastTrack = await get('/v1/programs/fda:fast-track')
    t.match(fastTrack, { authority: { slug: 'fda' }, legalBasis: /506\(b\)/ })
    t.ok(fastTrack.criteria.length >= 1)
    t.match(fastTrack.benefits.join(' '), /rolling review/i)
  })
})
