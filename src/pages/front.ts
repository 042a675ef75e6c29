import { maxQueryLength } from '../search/query.js'
import { pageText } from './frame.js'
import { type Html, html } from './html.js'

/** The resources whose number the front page tells. */
export const counted = [
  'therapies',
  'designations',
  'applications',
  'trials',
  'organizations',
  'sources',
] as const

type Counts = Record<(typeof counted)[number], number>

/** What can be asked, and a part of the answer, as the README has it. */
const examples = [
  {
    question: 'What is known of a therapy, by whom, and in which words',
    path: '/v1/therapies/lasme-cel',
    answer: `{
  "name": "Lasmecabtagene timgedleucel",
  "modality": "car-t",
  "cellOrigin": "allogeneic",
  "targets": [{ "slug": "cd22", "name": "CD22" }]
}`,
  },
  {
    question: 'Who holds an RMAT for relapsed or refractory B-cell acute lymphoblastic leukemia',
    path: '/v1/designations?program=fda:rmat&indication=r-r-b-all&sort=-announcedOn',
    answer: `{
  "data": [
    { "therapy": { "slug": "lasme-cel" }, "status": "granted", "grantedOn": null, "announcedOn": "2026-06-20" },
    { "therapy": { "slug": "obecabtagene-autoleucel" }, "status": "granted", "announcedOn": "2022-04-25" }
  ]
}`,
  },
  {
    question: 'Which record is meant by a name with a typo, and why it was found',
    path: '/v1/search?q=lasmecabtagen+timgedlucel&limit=1',
    answer: `{
  "data": [
    {
      "type": "therapy",
      "slug": "lasme-cel",
      "matched": { "field": "name", "value": "Lasmecabtagene timgedleucel", "how": "typo" },
      "highlight": "<mark>Lasmecabtagene</mark> <mark>timgedleucel</mark>"
    }
  ]
}`,
  },
]

const description =
  'An open registry of advanced therapies (CAR-T and other cell, gene and tissue therapies) and of what regulators decided on them.'

/** How much the registry holds. */
function held(counts: Counts): Html {
  const numbers = counted.map(
    (
      name,
    ) => html`<div><dt><a href="/v1/${name}">${name}</a></dt><dd>${counts[name].toLocaleString('en')}</dd></div>
`,
  )
  return html`<section aria-labelledby="held">
<h2 id="held">What it holds</h2>
<dl class="numbers">
${numbers}</dl>
</section>`
}

/**
 * The front page: what the registry is, how much it holds where everybody may know, and how to ask it at an address such
 * as `http://localhost:3000`.
 */
export function frontPage(counts: Counts | undefined, origin: string): string {
  const asked = examples.map(
    ({ question, path, answer }) => html`<article>
<h3>${question}</h3>
<pre tabindex="0"><code>curl '${origin}${path}'</code></pre>
<pre tabindex="0"><code>${answer}</code></pre>
<p><a href="${path}">The whole answer</a></p>
</article>
`,
  )
  return pageText({
    title: 'openRMAT: the open registry of advanced therapies',
    description,
    content: html`<section class="hero">
<h1>The open registry of advanced therapies</h1>
<p class="lead">Which CAR-T and other cell, gene and tissue therapies hold an RMAT, Fast Track, Breakthrough, Orphan or PRIME
designation: since when, for which disease, and who says so.</p>
<p>The FDA publishes no list of the products that hold an RMAT designation; their sponsors announce it, one press release
at a time. So openRMAT is a ledger of <strong>dated, sourced events</strong>: every fact points into the document that
states it, a date is as vague as its source, and what nobody told us is unknown, never “no”.</p>
<p class="actions"><a class="button" href="/docs">Read and try out the API</a>
<a class="button quiet" href="/openapi.json">OpenAPI 3.1 contract</a></p>
</section>
${counts && held(counts)}
<section aria-labelledby="find">
<h2 id="find">Find anything by any name</h2>
<form action="/v1/search" role="search">
<label for="q">A name, a code, a target, a disease or a company, spelled as you like</label>
<div class="field">
<input id="q" name="q" type="search" required maxlength="${maxQueryLength}" placeholder="UCART22, tab-cel, BCMA, myeloma …" autocomplete="off" spellcheck="false">
<button class="button">Search</button>
</div>
<p class="hint">Answers JSON, as everything under <code>/v1</code> does.</p>
</form>
</section>
<section aria-labelledby="ask">
<h2 id="ask">Ask</h2>
<p>Reading takes no more than an address. Excerpts; the answers hold more.</p>
${asked}
</section>
<section aria-labelledby="further">
<h2 id="further">Further</h2>
<ul class="cards">
<li><a href="/docs">Documentation</a> Every operation, with real examples to try out here.</li>
<li><a href="/openapi.json">Contract as JSON</a>, <a href="/openapi.yaml">as YAML</a> OpenAPI 3.1, for generators of
clients.</li>
<li><a href="/problems">Problems</a> What each error means, and what to do about it.</li>
<li><a href="/v1">Index</a> The address of every list, as JSON.</li>
</ul>
</section>`,
  })
}
