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
} from '../../http/schema.js'

const slugs = ['tnfrsf17']

const symbol = text('Its HGNC symbol where it has one; unique.', 60, ['TNFRSF17'])
const name = text('Its full name.', 200, ['TNF receptor superfamily member 17'])
const aliases = listOf(text('Another name.', 120, ['BCMA']), 'Other names: BCMA is TNFRSF17.', 50)
const identifiers = listOf(ref(Identifier), 'What other systems call it.', 50)

export const Target = recordOf('Target', 'An antigen or a gene that a therapy is aimed at.', slugs, {
  symbol,
  name: nullable(name),
  aliases,
  identifiers,
})

export const NewTarget = inputOf('Target', 'A target to store.', slugs, {
  symbol,
  name: orNull(name),
  aliases: orElse(aliases, []),
  identifiers: orElse(identifiers, []),
})
