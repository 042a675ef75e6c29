import type { TSchema } from '@sinclair/typebox'
import { Ajv, type ErrorObject, type Options, type SchemaObject, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import { fullFormats } from 'ajv-formats/dist/formats.js'
import { closest, distance } from 'fastest-levenshtein'
import { isPartialDate } from '../domain/partial-date.js'
import { reservedSlugs } from '../domain/slug.js'
import { type Fault, type Problem, pointerPart, problem } from './problem.js'
import { components } from './schema.js'

/** Unknown fields are refused, never dropped; every fault is told, with the schema that tells what is allowed. */
const strict: Options = {
  allErrors: true,
  removeAdditional: false,
  useDefaults: true,
  verbose: true,
  strict: true,
}

function validator(coerceTypes: Options['coerceTypes']): Ajv {
  const ajv = new Ajv({ ...strict, allowUnionTypes: true, ...(coerceTypes && { coerceTypes }) })
  formats.default(ajv)
  ajv.addFormat('partial-date', isPartialDate)
  const { validate: isDateTime } = fullFormats['date-time'] as { validate: (text: string) => boolean }
  // A bound of moments: a date and time, or the days of a partial date.
  ajv.addFormat('moment', (text: string) => isPartialDate(text) || isDateTime(text))
  return ajv
}

/** Bodies are taken as they are: Fastify's own validator would turn null into "" or 0. */
const bodies = validator(undefined)
/** Parameters arrive as text, and one value of a list as itself. */
const parameters = validator('array')

/** Makes every component declared by then known, so that schemas can refer to them. */
function withComponents(ajv: Ajv): Ajv {
  for (const [name, schema] of components) if (!(name in ajv.schemas)) ajv.addSchema(schema, name)
  return ajv
}

interface RouteSchema {
  schema: unknown
  httpPart?: string
}

/**
 * What Fastify compiles the schemas of its routes with. A schema is compiled when its route is first asked: compiling
 * all of them at once would double the time and the memory of a start.
 */
export function validatorCompiler({ schema, httpPart }: RouteSchema) {
  let validate: ValidateFunction | undefined
  return (value: unknown) => {
    validate ??= withComponents(httpPart === 'body' ? bodies : parameters).compile(schema as TSchema)
    return validate(httpPart === 'headers' ? headersNamed(schema as SchemaObject, value) : value)
      ? { value }
      : { error: malformed(validate.errors as ErrorObject[], String(httpPart)) }
  }
}

/** The headers of a request, which Node.js has in lower case, under the names that their schema gives them. */
function headersNamed({ properties }: SchemaObject, headers: unknown): Record<string, unknown> {
  const given = headers as Record<string, unknown>
  const names = Object.keys(properties).filter((name) => name.toLowerCase() in given)
  return Object.fromEntries(names.map((name) => [name, given[name.toLowerCase()]]))
}

/** Checks a body against a component, filling in defaults; throws a problem that names every fault. */
export function validateBody<Body>(component: TSchema, body: Body): Body {
  const validate = withComponents(bodies).getSchema(component.$id as string) as ValidateFunction
  if (validate(body)) return body
  throw malformed(validate.errors as ErrorObject[], 'body')
}

/** Faults told at once; nobody reads more. */
const mostFaults = 20

/** Errors looked at: a body of a megabyte can have hundreds of thousands. */
const mostErrors = 1000

/** A value can break a pattern and a format in one go: that is one fault. */
const distinct = (faults: Fault[]) => [
  ...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values(),
]

/** The problem that a list of validation errors makes; `part` is the part of the request that they are in. */
function malformed(errors: readonly ErrorObject[], part: string): Problem {
  const faults = distinct(toldOnce(errors.slice(0, mostErrors)).map((error) => faultOf(error, part))).slice(
    0,
    mostFaults,
  )
  return problem('malformed', faults.map(sentence).join('; '), { errors: faults })
}

const sentence = ({ pointer, parameter, header, message }: Fault) => {
  const place = parameter ?? header ?? pointer
  return place === undefined || place === '' || message.startsWith('unknown ')
    ? message
    : `${place}: ${message}`
}

/** Without the errors that only say that one of several alternatives, or a rule about others, failed. */
function toldOnce(errors: readonly ErrorObject[]): ErrorObject[] {
  const telling = errors.filter(({ keyword }) => keyword !== 'anyOf' && keyword !== 'if')
  // Of a choice between null and something else, "must be null" is not what the client wants to hear.
  return telling.filter(({ keyword, params }) => !(keyword === 'type' && params.type === 'null'))
}

function faultOf(error: ErrorObject, part: string): Fault {
  const pointer = pointerOf(error)
  const { message, allowed } = explain(error, part)
  return { ...placeOf(pointer, part), message, ...(allowed && { allowed }) }
}

function placeOf(pointer: string, part: string): Omit<Fault, 'message'> {
  if (part === 'body') return { pointer }
  const name = String(pointer.split('/')[1])
  return part === 'headers' ? { header: name } : { parameter: name }
}

function pointerOf({ instancePath, keyword, params }: ErrorObject): string {
  if (keyword === 'required') return `${instancePath}/${params.missingProperty}`
  if (keyword === 'additionalProperties')
    return `${instancePath}/${pointerPart(shortened(params.additionalProperty))}`
  return instancePath
}

const shortened = (name: string) => (name.length > 100 ? `${name.slice(0, 99)}…` : name)

function explain(error: ErrorObject, part: string): { message: string; allowed?: string[] } {
  const { keyword, params, parentSchema, message } = error
  switch (keyword) {
    case 'additionalProperties':
      return unknownName(
        part,
        params.additionalProperty,
        Object.keys((parentSchema as SchemaObject).properties),
      )
    case 'required':
      return { message: 'is required' }
    case 'enum':
      return unknownValue(
        error.data,
        params.allowedValues.filter((value: unknown) => value !== null),
      )
    case 'format':
      return { message: String(formatMessages[params.format]) }
    case 'pattern':
      return patternBroken(error)
    case 'minLength':
      return { message: 'must not be empty' }
    case 'minProperties':
      return { message: 'must say at least one field' }
    case 'not':
      return { message: `must not have the form of an id, nor be ${reservedSlugs.join(' or ')}` }
    default:
      return { message: String(message) }
  }
}

const formatMessages: Record<string, string> = {
  'partial-date': 'must be a partial date: 2023, 2023-Q1, 2023-02 or 2023-02-11',
  moment: 'must be a partial date (2026-11) or a date and time with its offset (2026-11-20T08:00:00Z)',
  uuid: 'must be a UUID',
  uri: 'must be an absolute URL',
  'date-time': 'must be a date and time with its offset, such as 2026-11-20T08:00:00Z',
}

function patternBroken(error: ErrorObject) {
  const words = wordsOf(error.params.pattern)
  if (words === undefined) return { message: patternMessage(error) }
  const given = String(error.data).split(',')
  const unknown = given.find((word) => !words.includes(word.replace(/^[!-]/, '')))
  return unknownValue(unknown ?? error.data, words)
}

/** The words of a filter, a sort or a list, which may stand behind a sign: `^!?(?:car-t|tcr-t)$`. */
function wordsOf(pattern: string): string[] | undefined {
  const [, words] = /^\^(?:[!-]\?|\(\?:)\(\?:([^()]*)\)/.exec(pattern) ?? []
  return words?.replaceAll('\\', '').split('|')
}

function patternMessage({ parentSchema, params, message }: ErrorObject): string {
  const format = String(parentSchema?.format)
  // The pattern of a date says no more than its format does.
  if (['partial-date', 'moment', 'date-time'].includes(format)) return formatMessages[format] as string
  if (params.pattern === '\\S') return 'must not be blank'
  const example = parentSchema?.examples?.[0]
  return example === undefined ? `${message}` : `must have another form, such as "${example}"`
}

function unknownName(part: string, name: string, known: string[]) {
  const what = part === 'body' ? 'field' : 'parameter'
  return { message: `unknown ${what} "${shortened(name)}"${hintAt(name, known)}`, allowed: known }
}

function unknownValue(value: unknown, allowed: string[]) {
  return { message: `must be one of the allowed values${hintAt(String(value), allowed)}`, allowed }
}

/** A hint at the nearest name, when it is near enough to be meant. */
export function hintAt(given: string, known: readonly string[]): string {
  if (known.length === 0 || given.length > mostMistyped) return ''
  const names = new Map(known.map((name) => [name.toLowerCase(), name]))
  const nearest = closest(given.toLowerCase(), [...names.keys()])
  return isNear(given, nearest) ? `; did you mean "${names.get(nearest)}"?` : ''
}

/** Longer names are no slips of a hand, and would take long to compare. */
const mostMistyped = 100

/** Whether somebody who says one name may mean the other. */
export const isNear = (given: string, known: string): boolean =>
  given.length <= mostMistyped &&
  distance(given.toLowerCase(), known.toLowerCase()) <= Math.max(2, known.length / 3)
