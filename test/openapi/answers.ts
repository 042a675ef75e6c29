import type { Answer } from '../support/app.js'
import {
  type Contract,
  type Answer as Documented,
  follow,
  type Operation,
  type Schema,
  valueChecker,
} from './contract.js'

interface Header {
  description: string
  schema: Schema
}

/** A header is always there, unless its description says when it is not. */
const isAlways = ({ description }: Header) => !description.includes('absent')

/** Headers that say something of this answer alone: where one is sent, the contract has to tell. */
const telling = ['etag', 'last-modified', 'location', 'link', 'retry-after', 'www-authenticate']

/** The media type of an answer, without its parameters. */
export const typeOf = ({ headers }: Answer) => String(headers['content-type'] ?? '').replace(/;.*/, '')

/** What a body of a media type holds: a line of NDJSON is a value of its own. */
function valuesIn(type: string, text: string): unknown[] {
  if (type.endsWith('json') && !type.endsWith('ndjson')) return [JSON.parse(text)]
  if (!type.endsWith('ndjson')) return [text]
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

/** Tells what of an answer is not as the contract says: its media type, its body, its headers. */
export function answerChecker(contract: Contract) {
  const check = valueChecker(contract)
  const faultsOf = (place: string, schema: Schema, value: unknown) =>
    check(schema, value).map(({ instancePath, message }) => `${place}${instancePath} ${message}`)

  function bodyFaults({ content = {} }: Documented, answer: Answer): string[] {
    const type = typeOf(answer)
    if (Object.keys(content).length === 0) return answer.text === '' ? [] : ['there is a body']
    const media = content[type]
    if (media === undefined) return [`the media type is "${type}"`]
    return valuesIn(type, answer.text).flatMap((value) => faultsOf('body', media.schema, value))
  }

  function headerFaults({ headers = {} }: Documented, answer: Answer, repeated: object = {}): string[] {
    const faults = Object.entries(headers).flatMap(([name, reference]) => {
      const header = follow(contract, reference) as Header
      const value = answer.headers[name.toLowerCase()]
      if (value === undefined) return isAlways(header) ? [`there is no ${name}`] : []
      return faultsOf(name, header.schema, header.schema.type === 'integer' ? Number(value) : value)
    })
    const known = Object.keys({ ...headers, ...repeated }).map((name) => name.toLowerCase())
    const unknown = telling.filter((name) => name in answer.headers && !known.includes(name))
    return [...faults, ...unknown.map((name) => `there is a header ${name}`)]
  }

  return ({ responses }: Operation, answer: Answer, as = String(answer.status)): string[] => {
    const documented = responses[as]
    if (documented === undefined) return [`the status is ${answer.status}`]
    // What is not modified may repeat what is said of it.
    const repeated = as === '304' ? responses[200]?.headers : {}
    return [...bodyFaults(documented, answer), ...headerFaults(documented, answer, repeated)]
  }
}
