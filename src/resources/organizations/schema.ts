import { Type } from '@sinclair/typebox'
import { organizationKinds } from '../../domain/vocabularies.js'
import {
  Identifier,
  inputOf,
  listOf,
  nullable,
  orElse,
  orNull,
  recordOf,
  ref,
  text,
  url,
  word,
} from '../../http/schema.js'

const slugs = ['cellectis']

const name = text('Its name; unique.', 200, ['Cellectis'])
const aliases = listOf(
  text('Another name.', 200, ['Cellectis S.A.']),
  'Other names, former ones included.',
  50,
)
const kind = word('OrganizationKind', organizationKinds, 'What kind of organization it is.')
const country = Type.String({
  pattern: '^[A-Z]{2}$',
  description: 'Where it has its seat: an ISO 3166-1 alpha-2 code.',
  examples: ['FR'],
})
const website = url('Its home page.', ['https://www.cellectis.com'])
const identifiers = listOf(ref(Identifier), 'What other systems call it.', 50)

export const Organization = recordOf('Organization', 'A sponsor, a partner, an institute.', slugs, {
  name,
  aliases,
  kind: nullable(kind, { description: 'What kind of organization it is; null when unknown.' }),
  country: nullable(country),
  website: nullable(website),
  identifiers,
})

export const NewOrganization = inputOf('Organization', 'An organization to store.', slugs, {
  name,
  aliases: orElse(aliases, []),
  kind: orNull(kind),
  country: orNull(country),
  website: orNull(website),
  identifiers: orElse(identifiers, []),
})
