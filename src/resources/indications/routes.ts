import type { FastifyInstance } from 'fastify'
import { standardRoutes } from '../../crud/routes.js'
import { viewRoutes } from '../../crud/view-routes.js'
import { indicationsResource } from './store.js'
import { findAncestors, findTree, IndicationAncestors, IndicationNode } from './tree.js'

const standard = standardRoutes(indicationsResource, {
  slug: 'r-r-b-all',
  create: {
    name: 'Relapsed or refractory blastic plasmacytoid dendritic cell neoplasm',
    abbreviations: ['R/R BPDCN'],
    parent: 'bpdcn',
  },
  patch: { abbreviations: ['R/R B-ALL'] },
})

const views = viewRoutes(indicationsResource, [
  {
    path: 'tree',
    operationId: 'getIndicationTree',
    summary: 'Get the tree below an indication',
    description: 'An indication with all that lie below it, each with how many designations name it.',
    schema: IndicationNode,
    slug: 'b-all',
    find: findTree,
  },
  {
    path: 'ancestors',
    operationId: 'listIndicationAncestors',
    summary: 'List what an indication lies below',
    description: 'The indications above one, from the root of its tree down to its parent.',
    schema: IndicationAncestors,
    slug: 'r-r-b-all',
    find: findAncestors,
  },
])

export default async function indicationRoutes(app: FastifyInstance): Promise<void> {
  await standard(app)
  await views(app)
}
