import { readFile } from 'node:fs/promises'
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { isPartialDate } from '../../src/domain/partial-date.js'

export const contractFile = new URL('../../openapi/openapi.json', import.meta.url)

export interface Schema extends Record<string, unknown> {
  $ref?: string
  type?: string | string[]
  description?: string
  enum?: unknown[]
  const?: unknown
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
  additionalProperties?: Schema | boolean
  examples?: unknown[]
}

export interface Parameter {
  name: string
  in: string
  required: boolean
  description?: string
  schema: Schema
  style?: string
  explode?: boolean
  example?: string
}

export interface Media {
  schema: Schema
  example?: unknown
  examples?: Record<string, { $ref: string } | { value: unknown }>
}

export interface Answer {
  description: string
  headers?: Record<string, unknown>
  content?: Record<string, Media>
}

export interface Contract {
  /** What operations need that say nothing else. */
  security?: Record<string, unknown>[]
  info: { version: string }
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, unknown>> & {
    schemas: Record<string, Schema>
    examples: Record<string, { summary: string; value: unknown }>
  }
}

/** An operation with every reference but those of its schemas and examples followed. */
export interface Operation {
  method: string
  path: string
  operationId: string
  summary: string
  description: string
  tags: string[]
  pathParameters: Parameter[]
  parameters: Parameter[]
  requestBody?: { required: boolean; content: Record<string, Media> }
  responses: Record<string, Answer>
}

export const readContract = async (): Promise<Contract> => JSON.parse(await readFile(contractFile, 'utf8'))

/** What a reference refers to, or the thing itself. */
export function follow<Thing>(contract: Contract, thing: Thing): Thing {
  const { $ref } = thing as { $ref?: string }
  if ($ref === undefined) return thing
  const [, , kind = '', name = ''] = $ref.split('/')
  const target = contract.components[kind]?.[name]
  if (target === undefined) throw new Error(`nothing is at ${$ref}`)
  return target as Thing
}

export function operationsOf(contract: Contract): Operation[] {
  return Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const parameters = (operation.parameters ?? []).map((parameter) => follow(contract, parameter))
      const responses = Object.entries(operation.responses)
      return {
        ...operation,
        method: method.toUpperCase(),
        path,
        pathParameters: parameters.filter((parameter) => parameter.in === 'path'),
        parameters,
        responses: Object.fromEntries(
          responses.map(([status, response]) => [status, follow(contract, response)]),
        ),
      }
    }),
  )
}

/** A validator of JSON Schema 2020-12 that knows the whole contract. */
function validatorOf(contract: Contract): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  ajv.addFormat('partial-date', isPartialDate)
  ajv.addSchema(contract, 'contract')
  return ajv
}

type Faults = Pick<ErrorObject, 'instancePath' | 'message'>[]

/** What is wrong with a value by a schema of the contract. */
export function valueChecker(contract: Contract): (schema: Schema, value: unknown) => Faults {
  const ajv = validatorOf(contract)
  const compiled = new Map<Schema, ValidateFunction>()
  const validatorFor = (schema: Schema): ValidateFunction => {
    // Found within the contract, what a component refers to is compiled once.
    const component = schema.$ref === undefined ? undefined : ajv.getSchema(`contract${schema.$ref}`)
    const validate = component ?? compiled.get(schema) ?? ajv.compile(absolute(schema))
    compiled.set(schema, validate)
    return validate
  }
  return (schema, value) => {
    const validate = validatorFor(schema)
    validate(value)
    return (validate.errors ?? []).map(({ instancePath, message }) => ({ instancePath, message }))
  }
}

/** A schema whose references lead into the contract from outside. */
const absolute = (schema: Schema): Schema =>
  JSON.parse(JSON.stringify(schema, (key, ref) => (key === '$ref' ? `contract${ref}` : ref)))

/** What is wrong with an answer by what the contract says of the operation. */
export function schemaChecker(contract: Contract) {
  const check = valueChecker(contract)
  return ({ responses }: Operation, status: number, body: unknown): Faults => {
    const [media] = Object.values(responses[status]?.content ?? {})
    if (media === undefined) return [{ instancePath: '', message: `status ${status} is not documented` }]
    return check(media.schema, body)
  }
}
