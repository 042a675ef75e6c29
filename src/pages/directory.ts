interface Parameter {
  $ref?: string
  name?: string
  required?: boolean
}

/** An OpenAPI document, as far as addresses are read from it. */
export interface Contract {
  paths: Record<string, { get?: { parameters?: Parameter[] } }>
  components: { parameters: Record<string, Parameter> }
}

/**
 * Where everything is that is read without naming a record, as JSON, for those who start at the address of the API: in
 * the order of the contract, as a template (RFC 6570) where something has to be asked.
 */
export function directoryText({ paths, components }: Contract): string {
  const addresses = Object.entries(paths).flatMap(([path, { get }]) => {
    const isRead = get !== undefined && /^\/v1\/[^{]+$/.test(path) && !path.endsWith('/export')
    return isRead
      ? [[path.slice('/v1/'.length), path + asked(get.parameters ?? [], components.parameters)]]
      : []
  })
  const others = { docs: '/docs', contract: '/openapi.json', problems: '/problems' }
  return JSON.stringify({ ...Object.fromEntries(addresses), ...others })
}

/** What has to be said to get an answer, as the expression of a template. */
function asked(parameters: Parameter[], components: Contract['components']['parameters']): string {
  const names = parameters
    .map((parameter) => components[parameter.$ref?.split('/').at(-1) ?? ''] ?? parameter)
    .filter(({ required }) => required)
    .map(({ name }) => name)
  return names.length === 0 ? '' : `{?${names}}`
}
