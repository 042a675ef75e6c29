import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import type { Listable } from '../crud/definition.js'
import { type Chosen, readDimensions } from '../crud/dimensions.js'
import { readFilters } from '../crud/list-parameters.js'
import { answer, conditionalRead, notModified, responseHeaders } from '../crud/operation-schemas.js'
import { refuseUnknownReferences } from '../crud/unknown-references.js'
import { sendAnswer } from '../http/answers.js'
import { type Answer, textAnswer } from '../http/conditional.js'
import { csvOf } from '../http/csv.js'
import { problemResponses } from '../http/responses.js'
import { ref } from '../http/schema.js'
import { designationsResource } from '../resources/designations/store.js'
import { therapiesResource } from '../resources/therapies/store.js'
import { type Counts, countGroups, mostGroups } from './counts.js'
import { findFirsts } from './firsts.js'
import { measureIntervals, mostIntervals } from './intervals.js'
import { readMilestone } from './milestones.js'
import {
  CountsAnswer,
  CountTable,
  countedLists,
  countParameters,
  FirstDesignations,
  firstParameters,
  Intervals,
  intervalParameters,
  mostDimensions,
} from './schema.js'

const tags = ['stats']

const headers = { ETag: responseHeaders.etag }

function countSchema(listable: Listable): FastifySchema {
  const { name, noun } = listable
  const described = answer(`The groups of ${name}.`, CountsAnswer, {
    ...headers,
    'X-Truncated': {
      type: 'string',
      description: `\`true\` where a table holds only the first ${mostGroups} groups; else absent.`,
    },
  })
  return {
    operationId: `count${noun.many}`,
    summary: `Count ${name}`,
    description: `Counts ${name} by up to three groupings, under any of the filters of their list. What is not known is a group of its own (null), never left out. With \`Accept: text/csv\` as a table.`,
    tags,
    querystring: countParameters(listable),
    headers: conditionalRead,
    response: {
      200: { ...described, content: { ...described.content, 'text/csv': { schema: ref(CountTable) } } },
      ...notModified,
      ...problemResponses(400, 422, 503),
    },
  }
}

const firstsSchema: FastifySchema = {
  operationId: 'findFirstDesignations',
  summary: 'Find first designations',
  description:
    'The earliest grant of each group, such as the first RMAT designation in each indication, among the designations that the filters mean. Several are told where partial dates leave open which was first.',
  tags,
  querystring: firstParameters,
  headers: conditionalRead,
  response: {
    200: answer('The first grants of each group.', FirstDesignations, headers),
    ...notModified,
    ...problemResponses(400, 422, 503),
  },
}

const intervalsSchema: FastifySchema = {
  operationId: 'measureIntervals',
  summary: 'Measure intervals',
  description:
    'How many days it was from one milestone of a therapy to another, such as from an RMAT designation to a BLA approval: the fewest and the most that the partial dates allow, for the therapies that the filters mean. Of several events of a kind the earliest counts; where no source tells its day, that of its announcement.',
  tags,
  querystring: intervalParameters,
  headers: conditionalRead,
  response: {
    200: answer('The intervals, therapy by therapy.', Intervals, headers),
    ...notModified,
    ...problemResponses(400, 422, 503),
  },
}

type Query = Record<string, unknown>

const groupingOf = (listable: Listable, groupBy: string): Chosen[] =>
  readDimensions(listable, 'groupBy', groupBy, mostDimensions)

function countHandler(listable: Listable) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { database } = request.server
    const query = request.query as Query & { groupBy?: string }
    const chosen = query.groupBy === undefined ? [] : groupingOf(listable, query.groupBy)
    const meant = readFilters(listable, query)
    return sendAnswer(request, reply, async () => {
      const counts = await countGroups(database, listable, chosen, meant)
      if (counts.total === 0) await refuseUnknownReferences(database, listable, meant.values)
      return request.answerType === 'text/csv'
        ? tableAnswer(chosen, counts)
        : textAnswer(countsText(chosen, counts))
    })
  }
}

/** Counts as a table, which has no other place than a header to say that there is more. */
function tableAnswer(chosen: readonly Chosen[], counts: Counts): Answer {
  return textAnswer(tableOf(chosen, counts), {
    ...(counts.truncated && { headers: { 'x-truncated': 'true' } }),
  })
}

const askedOf = (chosen: readonly Chosen[]) => JSON.stringify(chosen.map(({ asked }) => asked))

const countsText = (chosen: readonly Chosen[], { data, total, truncated }: Counts): string =>
  `{"data":[${data}],"groupBy":${askedOf(chosen)},"total":${total},"truncated":${truncated}}`

interface Row extends Record<string, unknown> {
  count: number
}

/** Counts as CSV: what is a record has a column for its slug and one for its name. */
function tableOf(chosen: readonly Chosen[], { data }: Counts): string {
  const columns = chosen.flatMap(({ name, dimension }) =>
    dimension.refersTo === undefined
      ? [{ title: name, name, part: 'value' as const }]
      : [
          { title: name, name, part: 'value' as const },
          { title: `${name}.name`, name, part: 'name' as const },
        ],
  )
  const rows: Row[] = JSON.parse(`[${data}]`)
  return csvOf([
    [...columns.map(({ title }) => title), 'count'],
    ...rows.map((row) => [
      ...columns.map(
        ({ name, part }) => (row[name] as Record<'value' | 'name', string> | null)?.[part] ?? null,
      ),
      row.count,
    ]),
  ])
}

async function sendFirsts(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { database } = request.server
  const query = request.query as Query & { groupBy: string }
  const chosen = groupingOf(designationsResource, query.groupBy)
  const meant = readFilters(designationsResource, query)
  return sendAnswer(request, reply, async () => {
    const { data, truncated } = await findFirsts(database, chosen, meant)
    if (data === '') await refuseUnknownReferences(database, designationsResource, meant.values)
    return textAnswer(`{"data":[${data}],"groupBy":${askedOf(chosen)},"truncated":${truncated}}`)
  })
}

async function sendIntervals(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { database } = request.server
  const query = request.query as Query & { from: string; to: string }
  const { from, to } = query
  const meant = readFilters(therapiesResource, query)
  const [start, end] = [readMilestone('from', from), readMilestone('to', to)]
  return sendAnswer(request, reply, async () => {
    const { data, ...found } = await measureIntervals(database, start, end, meant)
    if (found.count + found.undated === 0) {
      await refuseUnknownReferences(database, therapiesResource, meant.values)
    }
    const truncated = found.count > mostIntervals
    return textAnswer(JSON.stringify({ from, to, ...found, data, truncated }))
  })
}

/** Counts, first grants and intervals. */
export default async function statsRoutes(app: FastifyInstance): Promise<void> {
  for (const listable of countedLists) {
    app.get(`/v1/stats/${listable.name}`, { schema: countSchema(listable) }, countHandler(listable))
  }
  app.get('/v1/stats/firsts', { schema: firstsSchema }, sendFirsts)
  app.get('/v1/stats/intervals', { schema: intervalsSchema }, sendIntervals)
}
