import type { Contract, Schema } from './contract.js'

/** What a change of the contract does to those who use it. */
export interface Changes {
  /** What breaks a client that was right before. */
  breaking: string[]
  /** What a client should have been prepared for: new words in answers. */
  notable: string[]
}

interface Parameter {
  name: string
  in: string
  required?: boolean
  schema: Schema
}

interface Body {
  required?: boolean
  content?: Record<string, { schema: Schema }>
}

interface Answer extends Body {
  headers?: Record<string, unknown>
}

interface Operation {
  operationId: string
  parameters?: Parameter[]
  requestBody?: Body
  responses: Record<string, Answer>
  security?: Record<string, unknown>[]
}

/** The same place in two contracts. */
interface Pair<Thing> {
  place: string
  before: Thing
  after: Thing
}

const methods = ['get', 'put', 'post', 'delete', 'patch']

/** How the contract `after` differs from `before` for those who use it. */
export function changesOf(before: Contract, after: Contract): Changes {
  const changes: Changes = { breaking: [], notable: [] }
  const comparison = new Comparison(before, after, changes)
  for (const [path, item] of Object.entries(before.paths)) {
    for (const method of methods.filter((name) => name in item)) {
      const place = `${method.toUpperCase()} ${path}`
      const now = after.paths[path]?.[method]
      if (now === undefined) changes.breaking.push(`${place}: the operation is gone`)
      else comparison.operations({ place, before: item[method] as Operation, after: now as Operation })
    }
  }
  for (const name of Object.keys(before.components.schemas).filter(
    (each) => !(each in after.components.schemas),
  ))
    changes.breaking.push(`${name}: the component is gone, of which clients have a type`)
  return changes
}

/** Keys of a schema that bound a value, and whether more of it allows less. */
const bounds: Record<string, 'most' | 'least'> = {
  maxLength: 'most',
  maximum: 'most',
  maxItems: 'most',
  maxProperties: 'most',
  minLength: 'least',
  minimum: 'least',
  minItems: 'least',
  minProperties: 'least',
}

class Comparison {
  readonly #before: Contract
  readonly #after: Contract
  readonly #changes: Changes
  /** Pairs of components that were compared, since they refer to each other. */
  readonly #seen = new Set<string>()

  constructor(before: Contract, after: Contract, changes: Changes) {
    this.#before = before
    this.#after = after
    this.#changes = changes
  }

  operations({ place, before, after }: Pair<Operation>): void {
    if (before.operationId !== after.operationId)
      this.#breaks(place, `operationId was ${before.operationId}, which clients are generated from`)
    if (isOpen(this.#before, before) && !isOpen(this.#after, after))
      this.#breaks(place, 'a key is needed now')
    this.#parameters({ place, before: before.parameters ?? [], after: after.parameters ?? [] })
    this.#bodies({ place, before: before.requestBody ?? {}, after: after.requestBody ?? {} })
    for (const [status, answer] of Object.entries(before.responses))
      this.#answers({ place: `${place} ${status}`, before: answer, after: after.responses[status] })
  }

  #breaks(place: string, message: string): void {
    this.#changes.breaking.push(`${place}: ${message}`)
  }

  #parameters({ place, before, after }: Pair<Parameter[]>): void {
    const keyed = (contract: Contract, parameters: Parameter[]) =>
      new Map(
        parameters.map((each) => follow(contract, each)).map((each) => [`${each.in} ${each.name}`, each]),
      )
    const [old, now] = [keyed(this.#before, before), keyed(this.#after, after)]
    for (const [key, parameter] of old) {
      const same = now.get(key)
      if (same === undefined) this.#breaks(place, `the parameter ${parameter.name} is gone`)
      else
        this.#inputs({ place: `${place} ?${parameter.name}`, before: parameter.schema, after: same.schema })
    }
    for (const [key, { name, required = false }] of now)
      if (required && old.get(key)?.required !== true)
        this.#breaks(place, `the parameter ${name} is needed now`)
  }

  #bodies({ place, before, after }: Pair<Body>): void {
    if (after.required && !before.required) this.#breaks(place, 'a body is needed now')
    this.#contents({ place: `${place} body`, before, after }, (pair) => this.#inputs(pair))
  }

  #answers({ place, before, after }: { place: string; before: Answer; after: Answer | undefined }): void {
    if (after === undefined) {
      this.#breaks(place, 'the status is gone')
      return
    }
    const [old, now] = [follow(this.#before, before), follow(this.#after, after)]
    for (const name of Object.keys(old.headers ?? {}))
      if (!(name in (now.headers ?? {}))) this.#breaks(place, `the header ${name} is gone`)
    this.#contents({ place, before: old, after: now }, (pair) => this.#outputs(pair))
  }

  #contents({ place, before, after }: Pair<Body>, compare: (pair: Pair<Schema>) => void): void {
    for (const [type, { schema }] of Object.entries(before.content ?? {})) {
      const now = after.content?.[type]
      if (now === undefined) this.#breaks(place, `the media type ${type} is gone`)
      else compare({ place, before: schema, after: now.schema })
    }
  }

  /** Whatever could be sent must still be taken. */
  #inputs(pair: Pair<Schema>): void {
    this.#schemas('input', pair, ({ place, before, after }) => {
      for (const message of [
        ...typesGone(before, after),
        ...wordsGone(before, after),
        ...tightened(before, after),
        ...fieldsNeeded(before, after),
      ])
        this.#breaks(place, message)
    })
  }

  /** Whatever is answered must be what could be answered before. */
  #outputs(pair: Pair<Schema>): void {
    this.#schemas('output', pair, ({ place, before, after }) => {
      for (const message of [
        ...typesGone(after, before).map(asNew),
        ...fieldsLost(before, after),
        ...formChanged(before, after),
      ])
        this.#breaks(place, message)
      for (const word of wordsOf(after).filter(
        (each) => before.enum !== undefined && !wordsOf(before).includes(each),
      ))
        this.#changes.notable.push(`${place}: there is a new word, ${word}`)
    })
  }

  /** Compares schemas and all that is in both of them. */
  #schemas(side: 'input' | 'output', pair: Pair<Schema>, compare: (pair: Pair<Schema>) => void): void {
    const key = JSON.stringify([side, pair.before.$ref, pair.after.$ref])
    if (pair.before.$ref !== undefined && this.#seen.has(key)) return
    this.#seen.add(key)
    const { place } = pair
    const before = plain(this.#before, pair.before)
    const after = plain(this.#after, pair.after)
    compare({ place, before, after })
    for (const [name, field] of Object.entries(before.properties ?? {})) {
      const now = after.properties?.[name]
      if (now === undefined) this.#breaks(`${place}.${name}`, 'the field is gone')
      else this.#schemas(side, { place: `${place}.${name}`, before: field, after: now }, compare)
    }
    for (const [name, sign] of [
      ['items', '[]'],
      ['additionalProperties', '.*'],
    ] as const) {
      const [old, now] = [before[name], after[name]]
      if (typeof old === 'object' && typeof now === 'object')
        this.#schemas(side, { place: `${place}${sign}`, before: old, after: now }, compare)
    }
  }
}

/** Whether an operation can be asked without a key. */
const isOpen = (contract: Contract, { security = contract.security ?? [{}] }: Operation): boolean =>
  security.some((way) => Object.keys(way).length === 0)

/** What a reference refers to, or the thing itself. */
function follow<Thing>(contract: Contract, thing: Thing): Thing {
  const { $ref } = thing as { $ref?: string }
  if ($ref === undefined) return thing
  const [, , kind = '', name = ''] = $ref.split('/')
  return contract.components[kind]?.[name] as Thing
}

const typesOf = ({ type = [] }: Schema): string[] => [type].flat()
const wordsOf = (schema: Schema): unknown[] => schema.enum ?? []

/** A schema without references, and with null among its types where it is a choice of null and something else. */
function plain(contract: Contract, schema: Schema): Schema {
  const own = follow(contract, schema)
  const [choice, none] = own.anyOf ?? []
  if (choice === undefined || none?.type !== 'null') return own
  const chosen = plain(contract, choice)
  return { ...chosen, type: [...typesOf(chosen), 'null'] }
}

function typesGone(before: Schema, after: Schema): string[] {
  const now = typesOf(after)
  if (now.length === 0) return []
  const covers = (type: string) => now.includes(type) || (type === 'integer' && now.includes('number'))
  const gone = typesOf(before).filter((type) => !covers(type))
  const isBound = typesOf(before).length === 0
  return isBound
    ? [`only ${now.join(' or ')} is taken now`]
    : gone.map((type) => `${type} is not taken any more`)
}

/** The same said of answers. */
const asNew = (message: string) =>
  message.startsWith('only') ? 'it may be anything now' : `it may be ${message.split(' ', 1)} now`

function wordsGone(before: Schema, after: Schema): string[] {
  if (after.enum === undefined) return []
  if (before.enum === undefined) return [`only ${wordsOf(after).join(', ')} are taken now`]
  const gone = wordsOf(before).filter((word) => !wordsOf(after).includes(word))
  return gone.map((word) => `${word} is not taken any more`)
}

function tightened(before: Schema, after: Schema): string[] {
  const narrower = Object.entries(bounds).filter(([key, kind]) => {
    const none = kind === 'most' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
    const [old, now] = [Number(before[key] ?? none), Number(after[key] ?? none)]
    return kind === 'most' ? now < old : now > old
  })
  const forms = ['pattern', 'format', 'not', 'uniqueItems'].filter(
    (key) => after[key] !== undefined && JSON.stringify(after[key]) !== JSON.stringify(before[key]),
  )
  return [...narrower.map(([key]) => key), ...forms].map(
    (key) => `${key} is ${JSON.stringify(after[key])} now, and was ${JSON.stringify(before[key])}`,
  )
}

const neededIn = ({ required = [] }: Schema) => required as string[]

const fieldsNeeded = (before: Schema, after: Schema): string[] =>
  neededIn(after)
    .filter((field) => !neededIn(before).includes(field))
    .map((field) => `${field} is needed now`)

const fieldsLost = (before: Schema, after: Schema): string[] =>
  neededIn(before)
    .filter((field) => field in (after.properties ?? {}) && !neededIn(after).includes(field))
    .map((field) => `${field} may be absent now`)

/** What generated clients read a text as. */
const formChanged = (before: Schema, after: Schema): string[] =>
  before.format === after.format ? [] : [`format is ${after.format} now, and was ${before.format}`]
