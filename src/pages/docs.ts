import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { assets } from './assets.js'
import { banner, head } from './frame.js'
import { html } from './html.js'
import { scriptedPageSecurity } from './security.js'

interface Parameter {
  in: string
  required?: boolean
  description?: string
  example?: unknown
  examples?: unknown
  schema?: { default?: unknown; example?: unknown; examples?: unknown }
}

interface Document {
  components: { parameters: Record<string, Parameter> }
  paths: Record<string, Record<string, { parameters?: Parameter[] }>>
}

/** Swagger UI at `/docs`, under the bar of the other pages. */
export async function docsRoutes(app: FastifyInstance): Promise<void> {
  let shown: Document | undefined
  app.addHook('onRequest', (_, reply, done) => {
    reply.headers(scriptedPageSecurity)
    done()
  })
  app.addHook('onSend', async (_, reply, payload) => {
    const isPage = String(reply.getHeader('content-type')).startsWith('text/html')
    if (isPage && typeof payload === 'string') return framed(payload)
    if (reply.statusCode < 400) reply.header('cache-control', 'public, max-age=3600')
    return payload
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    theme: { title: 'API documentation · openRMAT', favicon: [] },
    transformSpecificationClone: false,
    transformSpecification: (document) => {
      shown ??= withFreeParameters(document as unknown as Document)
      return shown as unknown as Record<string, unknown>
    },
    uiConfig: {
      // Without a bar on top that asks for the address of another contract.
      layout: 'BaseLayout',
      deepLinking: true,
      displayOperationId: true,
      docExpansion: 'list',
      // The schemas stand folded below the operations, each of which shows its own.
      defaultModelsExpandDepth: 0,
      filter: true,
      persistAuthorization: true,
      tryItOutEnabled: true,
      displayRequestDuration: true,
      syntaxHighlight: { theme: 'tomorrow-night' },
    },
  })
}

const docsHead = html`${head}
<link rel="stylesheet" href="${assets.docs.href}">
<script src="${assets.docsScript.href}" defer></script>`

/** The page that Swagger UI brings, as usable on a phone and by keyboard as the others. */
const framed = (page: string): string =>
  page
    .replace('</head>', `${docsHead}</head>`)
    .replace(
      '<div id="swagger-ui"></div>',
      `${banner}<main id="content" tabindex="-1"><div id="swagger-ui"></div></main>`,
    )

/**
 * The contract as it is tried out: Swagger UI fills in what has a default or an example, and sends it. A parameter that
 * may be left out therefore tells its default in words, and is left out unless somebody fills it in.
 */
function withFreeParameters(document: Document): Document {
  const { components, paths } = document
  const items = Object.entries(paths).map(([path, item]) => {
    const operations = Object.entries(item).map(([method, operation]) => {
      const { parameters } = operation
      return [
        method,
        parameters === undefined ? operation : { ...operation, parameters: parameters.map(free) },
      ]
    })
    return [path, Object.fromEntries(operations)]
  })
  const shared = Object.entries(components.parameters).map(([name, parameter]) => [name, free(parameter)])
  return {
    ...document,
    components: { ...components, parameters: Object.fromEntries(shared) },
    paths: Object.fromEntries(items),
  }
}

function free(parameter: Parameter): Parameter {
  if (parameter.required || parameter.schema === undefined) return parameter
  const { description, schema, example, examples, ...rest } = parameter
  const { default: value, ...bare } = { ...schema, example: undefined, examples: undefined }
  const words = value === undefined ? description : `${description} \`${value}\` when left out.`
  return { ...rest, description: words, schema: bare }
}
