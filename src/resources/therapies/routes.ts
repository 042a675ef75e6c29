import type { FastifyInstance } from 'fastify'
import { standardRoutes } from '../../crud/routes.js'
import { viewRoutes } from '../../crud/view-routes.js'
import { findMatrix } from './matrix.js'
import { TherapyMatrix } from './matrix-schema.js'
import { therapiesResource } from './store.js'
import { findTimeline, TherapyTimeline } from './timeline.js'

const slug = 'allo-715'

const standard = standardRoutes(therapiesResource, {
  slug,
  create: {
    name: 'UCART20x22',
    names: [
      { name: 'UCART20x22', type: 'code' },
      { name: 'eti-cel', type: 'abbreviation' },
    ],
    modality: 'car-t',
    cellOrigin: 'allogeneic',
    targets: ['ms4a1', 'cd22'],
    organizations: [{ organization: 'cellectis', role: 'sponsor' }],
    stage: 'phase-1-2',
    evidence: [{ source: 'cellectis-first-quarter-2025', locator: 'NATHALI-01' }],
  },
  patch: { stage: 'phase-1' },
})

const views = viewRoutes(therapiesResource, [
  {
    path: 'timeline',
    operationId: 'getTherapyTimeline',
    summary: 'Get the timeline of a therapy',
    description:
      'All that happened to the designations, applications and trials of a therapy, and all that is expected, the oldest first: by the day, else by the day of its announcement; partial dates by their first day, then by their last; what nobody dates comes last.',
    schema: TherapyTimeline,
    slug,
    find: findTimeline,
  },
  {
    path: 'matrix',
    operationId: 'getTherapyMatrix',
    summary: 'Get the matrix of a therapy',
    description:
      'A therapy by indication, authority and programme: granted, denied, withdrawn, rescinded, requested or unknown, with dates and sources; and its applications and trials by indication. Every programme of the registry has a cell in every row: what nobody told us is `unknown`, which is not a no.',
    schema: TherapyMatrix,
    slug,
    find: findMatrix,
  },
])

export default async function therapyRoutes(app: FastifyInstance): Promise<void> {
  await standard(app)
  await views(app)
}
