/** Text that is HTML already: only `html` makes it, which encodes whatever is put into it. */
class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }
}

export type { Html }

/** What can be put into a template; `undefined` leaves nothing there. */
type Value = string | number | Html | readonly Html[] | undefined

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const encoded = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] as string)

function written(value: Value): string {
  if (value === undefined) return ''
  if (value instanceof Html) return value.text
  return typeof value === 'object' ? value.map(({ text }) => text).join('') : encoded(String(value))
}

/** A template of HTML: all that is put into it is encoded, for text and for attributes in quotes, but HTML itself. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.reduce((text, part, index) => text + written(values[index - 1]) + part))
}

/** A sentence whose code stands in backticks, as the contract has it. */
export const prose = (sentence: string): readonly Html[] =>
  sentence.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))
