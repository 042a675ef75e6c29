import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'

/** A file that pages use. */
interface Asset {
  /** Its address, which changes with its content, so that it may be kept for good. */
  href: string
  type: string
  content: string
}

function assetOf(name: string, type: string): Asset {
  // Beside src and dist alike.
  const content = readFileSync(new URL(`../../assets/${name}`, import.meta.url), 'utf8')
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 12)
  return { href: `/assets/${digest}/${name}`, type: `${type}; charset=utf-8`, content }
}

/** The icon, the style of the bar above every page, of the pages and of the documentation, and its script. */
export const assets = {
  frame: assetOf('frame.css', 'text/css'),
  pages: assetOf('pages.css', 'text/css'),
  docs: assetOf('docs.css', 'text/css'),
  docsScript: assetOf('docs.js', 'text/javascript'),
  icon: assetOf('icon.svg', 'image/svg+xml'),
}

/** Serves the files that pages use. */
export function serveAssets(app: FastifyInstance): void {
  for (const { href, type, content } of Object.values(assets)) {
    app.get(href, { schema: { hide: true } }, (_, reply) =>
      reply.header('cache-control', 'public, max-age=31536000, immutable').type(type).send(content),
    )
  }
}
