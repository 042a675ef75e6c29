import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendTagged, textAnswer } from '../http/conditional.js'
import { serveAssets } from './assets.js'
import { countRecords } from './counts.js'
import { type Contract, directoryText } from './directory.js'
import { docsRoutes } from './docs.js'
import { counted, frontPage } from './front.js'
import { isKind, problemPage, problemsPage, problemsText, problemText } from './problems.js'
import { pageSecurity } from './security.js'

/** How long the numbers of the front page are kept: counting a million records takes a moment. */
const countsMs = 60_000

const KindPath = Type.Object({ kind: Type.String() })

/** A route that answers programs and people, and is no part of the contract. Who has no wish is a program. */
const eitherSchema = {
  hide: true,
  response: {
    200: {
      description: 'JSON or a page.',
      content: { 'application/json': { schema: {} }, 'text/html': { schema: {} } },
    },
  },
}

export interface PagesOptions {
  /** Whether everybody may see how much the registry holds. */
  showsNumbers: boolean
}

/** Pages for people at the addresses that tell programs the same as JSON, and the documentation. */
export default async function pagesRoutes(
  app: FastifyInstance,
  { showsNumbers }: PagesOptions,
): Promise<void> {
  app.addHook('onRequest', (_, reply, done) => {
    reply.headers(pageSecurity)
    done()
  })
  serveAssets(app)
  let directory: string | undefined
  const json = () => {
    directory ??= directoryText(app.swagger() as Contract)
    return directory
  }
  const counts = keptFor(countsMs, async () =>
    showsNumbers ? countRecords(app.database, counted) : undefined,
  )
  app.get('/', { schema: eitherSchema }, (request, reply) =>
    sendEither(request, reply, {
      json,
      page: async () => frontPage(await counts(), `${request.protocol}://${request.host}`),
    }),
  )
  app.get('/v1', { schema: { hide: true } }, (request, reply) => sendText(request, reply, json()))
  app.get('/problems', { schema: eitherSchema }, (request, reply) =>
    sendEither(request, reply, { json: problemsText, page: problemsPage }),
  )
  app.get('/problems/:kind', { schema: { ...eitherSchema, params: KindPath } }, (request, reply) => {
    const { kind } = request.params as { kind: string }
    if (!isKind(kind)) return reply.callNotFound()
    return sendEither(request, reply, {
      json: () => problemText(kind),
      page: () => problemPage(kind, Object.values(app.examples)),
    })
  })
  await app.register(docsRoutes)
}

/** The two forms of an answer. */
interface Forms {
  json(): string
  page(): string | Promise<string>
}

async function sendEither(request: FastifyRequest, reply: FastifyReply, { json, page }: Forms) {
  return sendText(request, reply, request.answerType === 'text/html' ? await page() : json())
}

const sendText = (request: FastifyRequest, reply: FastifyReply, text: string) =>
  sendTagged(request, reply, textAnswer(text))

/** What some work answered, for so many milliseconds. */
function keptFor<Result>(durationMs: number, work: () => Promise<Result>): () => Promise<Result> {
  let kept: { result: Result; until: number } | undefined
  return async () => {
    if (kept === undefined || kept.until < Date.now()) {
      kept = { result: await work(), until: Date.now() + durationMs }
    }
    return kept.result
  }
}
