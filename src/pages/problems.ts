import type { Example } from '../http/document.js'
import { type ProblemKind, problemKinds } from '../http/problem.js'
import { pageText } from './frame.js'
import { type Html, html, prose } from './html.js'

const kinds = Object.keys(problemKinds) as ProblemKind[]

/** Whether there is a kind of problem of this name. */
export const isKind = (name: string): name is ProblemKind => Object.hasOwn(problemKinds, name)

/** A kind of problem, as clients are told. */
const told = (kind: ProblemKind) => ({ type: `/problems/${kind}`, ...problemKinds[kind] })

/** A kind of problem as JSON. */
export const problemText = (kind: ProblemKind): string => JSON.stringify(told(kind))

/** Every kind of problem as JSON. */
export const problemsText = (): string => JSON.stringify({ data: kinds.map(told) })

/** Every kind of problem as a page. */
export function problemsPage(): string {
  const items = kinds.map(told).map(
    ({ type, status, title, help }) => html`<li><span class="status">${status}</span>
<div><a href="${type}">${title}</a><p>${prose(help)}</p></div></li>
`,
  )
  return pageText({
    title: 'Problems · openRMAT',
    description: 'Every kind of problem that the openRMAT API answers with, and what to do about it.',
    content: html`<h1>Problems</h1>
<p class="lead">Whatever goes wrong is answered with a problem document
(<a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>). Its <code>type</code> is the address of one of these
pages, its <code>errors</code> name each place that is wrong and what would be right there, and its
<code>requestId</code> is the one to report.</p>
<ul class="kinds">
${items}</ul>`,
  })
}

/** A kind of problem as a page, with one that happened where there is one. */
export function problemPage(kind: ProblemKind, answers: readonly Example[]): string {
  const { type, status, title, help } = told(kind)
  const example = answers.find(({ value }) => (value as { type?: unknown }).type === type)
  return pageText({
    title: `${title} · openRMAT`,
    description: help.replaceAll('`', ''),
    content: html`<p class="eyebrow">Problem · HTTP ${status}</p>
<h1>${title}</h1>
<p class="lead">${prose(help)}</p>
<dl class="facts">
<dt>Type</dt><dd><code>${type}</code></dd>
<dt>Status</dt><dd><code>${status}</code></dd>
<dt>Media type</dt><dd><code>application/problem+json</code></dd>
</dl>
${example && exampleOf(example)}
<p><a href="/problems">All kinds of problems</a></p>`,
  })
}

const exampleOf = ({ summary, value }: Example): Html => html`<h2>Example</h2>
<p>The answer to <code>${summary}</code>:</p>
<pre tabindex="0"><code>${JSON.stringify(value, null, 2)}</code></pre>`
