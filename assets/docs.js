// Runs after the scripts of Swagger UI and before it is set up, which happens when everything is loaded.

const dark = matchMedia('(prefers-color-scheme: dark)')
const paint = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
dark.addEventListener('change', paint)
paint()

/** Whether an operation has all words of a phrase in its id, its path, its method or its summary, in any case. */
function mentions(operation, words) {
  const parts = ['path', 'method', ['operation', 'operationId'], ['operation', 'summary']]
  const text = parts
    .map((part) => operation.getIn([part].flat()))
    .join(' ')
    .toLowerCase()
  return words.every((word) => text.includes(word))
}

/** The tags that a phrase names, whole, and of the others the operations that mention it. */
function opsFilter(tags, phrase) {
  const words = phrase.toLowerCase().split(/\s+/)
  const filtered = tags.map((tag, name) =>
    words.every((word) => name.toLowerCase().includes(word))
      ? tag
      : tag.update('operations', (operations) =>
          operations.filter((operation) => mentions(operation, words)),
        ),
  )
  return filtered.filter((tag) => tag.get('operations').size > 0)
}

/** The heading of the operations, and the box that filters them. */
const filterBox =
  ({ React }) =>
  ({ layoutSelectors, layoutActions }) => {
    const phrase = layoutSelectors.currentFilter()
    return React.createElement(
      'div',
      { className: 'operation-filter wrapper', role: 'search' },
      React.createElement('h2', null, 'Operations'),
      React.createElement('label', { htmlFor: 'operation-filter' }, 'Filter by name, path or tag'),
      React.createElement('input', {
        id: 'operation-filter',
        type: 'search',
        placeholder: 'designations, events, export …',
        value: typeof phrase === 'string' ? phrase : '',
        onChange: ({ target }) => layoutActions.updateFilter(target.value),
      }),
    )
  }

const change = (selector, work) => document.querySelectorAll(selector).forEach(work)
const label = (selector, text) => change(selector, (element) => element.setAttribute('aria-label', text))

/** A component that does some work on the page whenever it was drawn. */
const drawn =
  (work) =>
  (Original, { React }) =>
  (props) => {
    React.useEffect(() => work(props))
    return React.createElement(Original, props)
  }

/** What a screen reader and a keyboard miss in Swagger UI: names of controls, and a way into what scrolls. */
const wrapComponents = {
  parameterRow: drawn(({ rawParam }) => {
    const name = rawParam.get('name')
    label(`[data-param-name="${name}"] :is(input, select, textarea)`, name)
  }),
  RequestBodyEditor: drawn(() => label('.body-param__text', 'Body')),
  contentType: drawn(() => label('.content-type', 'Media type')),
  ExamplesSelect: drawn(() => label('.examples-select-element', 'Example')),
  CopyToClipboardBtn: drawn(() => label('.copy-to-clipboard button', 'Copy')),
  HighlightCode: drawn(() =>
    change('pre.microlight', (element) => {
      element.tabIndex = 0
    }),
  ),
}

const operationsPlugin = (system) => ({
  fn: { opsFilter },
  components: { FilterContainer: filterBox(system) },
  wrapComponents,
})

// Swagger UI keeps what stands behind the # to itself.
change('.skip', (skip) => skip.addEventListener('click', () => document.querySelector('#content').focus()))

const setUp = window.SwaggerUIBundle
window.SwaggerUIBundle = Object.assign(
  (config) => setUp({ ...config, plugins: [...config.plugins, operationsPlugin] }),
  setUp,
)
