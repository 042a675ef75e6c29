/**
 * What search reads of the documents of a resource. Fields are paths into the document; a list on the way stands for
 * each of its items: `names.name`, `events.evidence.quote`.
 */
export interface Searchable {
  /** Where it comes among records of other resources that are named alike: a thing before what is said of it. */
  place: number
  /** The field that the record is called by; `name` when left out. */
  called?: string
  /** Names: found whole, by their words, with typing mistakes. */
  names: readonly string[]
  /** Found by their words as names are, but no names: the jurisdiction of an authority. */
  labels?: Readonly<Record<string, WrittenOut>>
  /** Found whole as names are, and by their words as texts are. */
  titles?: readonly string[]
  /** Found whole only, as the slug and the identifiers of every record are. */
  keys?: readonly string[]
  /** Found by the stems of their English words. */
  texts?: readonly string[]
  /** References: the record is found by the names of what it refers to. */
  links?: readonly string[]
  /** Words of vocabularies, and how each is written out where it does not say enough by itself. */
  words?: Readonly<Record<string, WrittenOut>>
  /** References to records of other resources that share with this one what they refer to: both are found by it. */
  near?: readonly string[]
  /** The reference to the record right above in a tree: who looks for that finds what lies below as well. */
  parent?: string
}

/** What a value of a field is called: one or more texts. */
export type WrittenOut = (value: unknown) => readonly string[]

/** A word of a vocabulary as it stands. */
export const asItStands: WrittenOut = (value) => [String(value)]

/** A field that is true or not, found by a word where it is true. */
export const whenTrue =
  (word: string): WrittenOut =>
  (value) =>
    value === true ? [word] : []

/** What abbreviations among the words of vocabularies stand for. */
const writtenOut: Readonly<Record<string, readonly string[]>> = {
  'car-t': ['chimeric antigen receptor'],
  'car-nk': ['chimeric antigen receptor', 'natural killer'],
  'nk-cell': ['natural killer'],
  til: ['tumor infiltrating lymphocytes'],
  cik: ['cytokine induced killer'],
  msc: ['mesenchymal stromal cells', 'mesenchymal stem cells'],
  ipsc: ['induced pluripotent stem cells'],
  aav: ['adeno associated virus'],
  hsv: ['herpes simplex virus'],
  mrna: ['messenger RNA'],
}

/** A word of a vocabulary as it stands, and what it stands for. */
export const asAbbreviation: WrittenOut = (value) => [String(value), ...(writtenOut[String(value)] ?? [])]

const countryNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })

/** A country by its code and by its English name. */
export const asCountry: WrittenOut = (value) => {
  const name = countryNames.of(String(value))
  return name === undefined ? [String(value)] : [String(value), name]
}

const romanNumerals = ['', 'I', 'II', 'III', 'IV']

/** A phase of a trial, in Arabic and in Roman numerals; one in two phases is in each of them. */
export const asPhase: WrittenOut = (value) => {
  const number = String(value)
    .replace(/^phase-/, '')
    .replaceAll('-', '/')
  const numbers = [...new Set([number, ...number.split('/')])]
  return numbers.flatMap((each) => {
    const roman = each.replace(/[1-4]/g, (digit) => romanNumerals[Number(digit)] as string)
    return [`phase ${each}`, `phase ${roman}`]
  })
}

/** A stage of development: a phase as those of trials are written, any other word as it stands. */
export const asStage: WrittenOut = (value) =>
  String(value).startsWith('phase-') ? asPhase(value) : asItStands(value)

/** A resource that can be searched. */
export interface SearchedResource {
  /** The plural, as in paths. */
  name: string
  singular: string
  search: Searchable
}
