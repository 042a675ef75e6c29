import { version } from '../version.js'
import { assets } from './assets.js'
import { type Html, html } from './html.js'

/** A page: its title, what it is in a sentence, and what stands on it. */
interface Page {
  title: string
  description: string
  content: Html
}

/** What stands in the head of every page besides its title. */
export const head = html`<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${assets.icon.href}" type="image/svg+xml">
<link rel="stylesheet" href="${assets.frame.href}">`

/** The bar above every page: past it for those who use a keyboard, and to every other page. */
export const banner = html`<a class="skip" href="#content">Skip to the content</a>
<header class="banner">
<a class="brand" href="/"><img src="${assets.icon.href}" alt="" width="28" height="28"> openRMAT</a>
<nav aria-label="Pages">
<a href="/docs">Documentation</a>
<a href="/problems">Problems</a>
<a href="/openapi.json">Contract</a>
</nav>
</header>`

/** A whole page as the text of its document. */
export function pageText({ title, description, content }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="description" content="${description}">
${head}
<link rel="stylesheet" href="${assets.pages.href}">
</head>
<body>
${banner}
<main id="content" tabindex="-1">
${content}
</main>
<footer>
<p>openRMAT ${version} · <a href="/openapi.yaml">Contract as YAML</a> · <a href="/v1">Index</a> · Apache-2.0</p>
<p>What the registry says is what its sources say: not always right, never complete, and no medical or regulatory
advice.</p>
</footer>
</body>
</html>
`.text
}
