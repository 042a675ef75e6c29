import { readFile } from 'node:fs/promises'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import core, { type RulesetDefinition } from '@stoplight/spectral-core'
import rulesets from '@stoplight/spectral-rulesets'
import t from 'tap'
import { contractFile } from './contract.js'

const source = await readFile(contractFile, 'utf8')

/** A contract in which an operation has no name. */
const nameless = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Nameless', version: '1' },
  servers: [{ url: '/' }],
  paths: { '/v1/therapies': { get: { responses: { 200: { description: 'All is well.' } } } } },
})

async function lintedByRedocly(contract: string): Promise<string[][]> {
  const config = await createConfig({ extends: ['recommended-strict'] })
  const problems = await lintFromString({ source: contract, absoluteRef: 'openapi.json', config })
  return problems.map(({ ruleId, message, location }) => [ruleId, message, String(location[0]?.pointer)])
}

async function lintedBySpectral(contract: string): Promise<string[][]> {
  const spectral = new core.Spectral()
  spectral.setRuleset({ extends: [[rulesets.oas as RulesetDefinition, 'recommended']] })
  const problems = await spectral.run(JSON.parse(contract))
  return problems.map(({ code, message, path }) => [String(code), message, path.join('/')])
}

const rulesOf = (problems: string[][]) => problems.map(([rule]) => rule)

t.test(
  'Redocly finds nothing in the contract by its recommended rules, where a warning is an error',
  async (t) => {
    t.same(await lintedByRedocly(source), [])
    t.ok(rulesOf(await lintedByRedocly(nameless)).includes('operation-operationId'))
  },
)

t.test('Spectral finds nothing in the contract by its rules for OpenAPI', async (t) => {
  t.same(await lintedBySpectral(source), [])
  t.ok(rulesOf(await lintedBySpectral(nameless)).includes('operation-operationId'))
})
