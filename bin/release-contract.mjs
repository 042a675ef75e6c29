#!/usr/bin/env node
// Keeps of the contract what clients rely on, as what the next ones are compared with: see docs/versioning.md.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = new URL('../openapi/', import.meta.url)
const [file = fileURLToPath(new URL('released/openapi.json', folder))] = process.argv.slice(2)

/** What only people read; fields and components may be called so as well. */
const words = ['description', 'summary', 'example', 'examples', 'links', 'x-example']
const named = ['properties', 'schemas']

function spared(value, isNamed = false) {
  if (Array.isArray(value)) return value.map((item) => spared(item))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([key]) => isNamed || !words.includes(key))
  return Object.fromEntries(kept.map(([key, item]) => [key, spared(item, named.includes(key) && !isNamed)]))
}

const { openapi, info, security, paths, components } = JSON.parse(
  readFileSync(new URL('openapi.json', folder), 'utf8'),
)
const { title, version } = info
const { parameters, headers, responses, schemas } = components
const contract = spared({
  openapi,
  info: { title, version },
  security,
  paths,
  components: { parameters, headers, responses, schemas },
})
mkdirSync(new URL('released/', folder), { recursive: true })
writeFileSync(file, `${JSON.stringify(contract)}\n`)
console.log(`The contract of ${version} is in ${file}`)
