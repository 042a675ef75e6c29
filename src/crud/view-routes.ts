import { type TSchema, Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify'
import type { Queryable } from '../db/connection.js'
import type { AsOf } from '../domain/as-of.js'
import { sendAnswer } from '../http/answers.js'
import { textAnswer } from '../http/conditional.js'
import { problemResponses } from '../http/responses.js'
import type { Definition } from './definition.js'
import { asOfParameters, readFilters } from './list-parameters.js'
import {
  answer,
  conditionalRead,
  elsewhere,
  idParameter,
  notModified,
  responseHeaders,
} from './operation-schemas.js'

/** Something else to read of a single record than the record itself, such as its timeline. */
export interface View extends Pick<FastifySchema, 'operationId' | 'summary' | 'description'> {
  /** The last part of its address. */
  path: string
  /** A component. */
  schema: TSchema
  /** The slug of a record of which it shows something, as an example. */
  slug: string
  /** The JSON text of it, for the record that a slug or an id names. */
  find(db: Queryable, key: string, asOf?: AsOf): Promise<string>
}

/** Registers the views of a resource's records; where records know earlier days, so do they. */
export function viewRoutes(definition: Definition, views: readonly View[]) {
  return async (app: FastifyInstance): Promise<void> => {
    for (const view of views) {
      const schema = schemaOf(definition, view)
      app.get(`/v1/${definition.name}/:id/${view.path}`, { schema }, async (request, reply) => {
        const { params, query } = request as FastifyRequest<{
          Params: { id: string }
          Querystring: Record<string, unknown>
        }>
        const { asOf } = readFilters(definition, query).modifiers
        return sendAnswer(request, reply, async () =>
          textAnswer(await view.find(app.database, params.id, asOf)),
        )
      })
    }
  }
}

const schemaOf = (definition: Definition, view: View): FastifySchema => ({
  operationId: view.operationId,
  summary: view.summary,
  description: view.description,
  tags: [definition.name],
  params: idParameter(definition, view.slug),
  querystring: Type.Object(asOfParameters(definition), { additionalProperties: false }),
  headers: conditionalRead,
  response: {
    200: answer(String(view.summary), view.schema, { ETag: responseHeaders.etag }),
    ...notModified,
    ...elsewhere,
    ...problemResponses(400, 404, 410, 503),
  },
})
