import { Type } from '@sinclair/typebox'
import { embedded, inputOf, nullable, orNull, recordOf, text, url } from '../../http/schema.js'

const slugs = ['fda']

const fields = {
  name: text('Its full official name in English; unique.', 200, ['U.S. Food and Drug Administration']),
  abbreviation: text('What it is called for short.', 40, ['FDA']),
  jurisdiction: Type.String({
    pattern: '^[A-Z]{2}$',
    description: 'Where it decides: an ISO 3166-1 alpha-2 code, or EU.',
    examples: ['US'],
  }),
}
const address = url('Its home page.', ['https://www.fda.gov'])

export const Authority = recordOf('Authority', 'A regulator of medicines.', slugs, {
  ...fields,
  url: nullable(address),
  programs: embedded('Program', 'programmes'),
})

export const NewAuthority = inputOf('Authority', 'A regulator to store.', slugs, {
  ...fields,
  url: orNull(address),
})
