import { type Static, type TObject, type TSchema, type TUnsafe, Type } from '@sinclair/typebox'
import { partialDatePattern } from '../domain/partial-date.js'
import { maxSlugLength, reservedSlugs, slugPattern } from '../domain/slug.js'

/** Every named component of the contract, in the order in which it was declared. */
export const components = new Map<string, TSchema>()

/** Declares a schema as a named component of the contract; use `ref` to refer to it. */
export function component<Schema extends TSchema>(name: string, schema: Schema): Schema {
  const named = { ...schema, $id: name }
  components.set(name, named)
  return named
}

/** A reference to a component. */
export function ref<Schema extends TSchema>(schema: Schema): TUnsafe<Static<Schema>> {
  return Type.Unsafe<Static<Schema>>({ $ref: schema.$id as string })
}

/** A value or null: `["string", "null"]` where the schema has a type, else a choice of the two. */
export function nullable<Schema extends TSchema>(schema: Schema, annotations: object = {}) {
  if (schema.type === undefined) {
    const { $ref, ...own } = schema
    const { description } = components.get($ref) as TSchema
    return Type.Unsafe<Static<Schema> | null>({
      anyOf: [{ $ref }, { type: 'null' }],
      description: String(description).split('\n', 1)[0],
      ...own,
      ...annotations,
    })
  }
  return Type.Unsafe<Static<Schema> | null>({ ...schema, type: [schema.type, 'null'], ...annotations })
}

/** The query of what takes no parameters: unknown ones are refused there, too. */
export const noParameters = Type.Object({}, { additionalProperties: false })

interface Words<Word extends string> {
  readonly values: readonly Word[]
  describe(): string
}

/** A word of a vocabulary, as a component of its own; answers a reference to it. */
export function word<Word extends string>(
  name: string,
  words: Words<Word>,
  description: string,
): TUnsafe<Word> {
  const schema = Type.Unsafe<Word>({
    type: 'string',
    enum: [...words.values],
    description: `${description}\n\n${words.describe()}`,
  })
  return ref(component(name, schema))
}

/** Words that another component describes already. */
export const asIn = <Word extends string>(name: string, { values }: Words<Word>): Words<Word> => ({
  values,
  describe: () => `The words mean what they mean in \`${name}\`.`,
})

/** Text of 1 to `maxLength` characters, not blank. */
export const text = (description: string, maxLength: number, examples: string[] = []) =>
  Type.String({
    description,
    maxLength,
    // At least one character, which is no space.
    pattern: '\\S',
    ...(examples.length > 0 && { examples }),
  })

export const url = (description: string, examples: string[] = []) =>
  Type.String({
    description,
    format: 'uri',
    pattern: '^https?://',
    maxLength: 2000,
    ...(examples.length > 0 && { examples }),
  })

/** A list of schemas, empty when not given; `most` items at the most. */
export const listOf = <Schema extends TSchema>(item: Schema, description: string, most: number) =>
  Type.Array(item, { description, maxItems: most })

/** What a client may leave out of a body: then it is `value`. */
export const orElse = <Schema extends TSchema>(schema: Schema, value: unknown) =>
  Type.Optional({ ...schema, default: value } as Schema)

/** A field that a client may leave out or set to null. */
export const orNull = <Schema extends TSchema>(schema: Schema) => orElse(nullable(schema), null)

const slug = component(
  'Slug',
  Type.String({
    description:
      'The readable name of the record in addresses and references; made from its name when not given.',
    pattern: slugPattern,
    maxLength: maxSlugLength,
    not: { anyOf: [{ format: 'uuid' }, { enum: [...reservedSlugs] }] },
    examples: ['lasme-cel'],
  }),
)

export const Slug = (examples: string[]) => Type.Unsafe<string>({ ...ref(slug), examples })

const partialDate = component(
  'PartialDate',
  Type.String({
    description:
      'A date as precisely as it is known: a year `2023`, a quarter `2023-Q1`, a month `2023-02` or a day `2023-02-11`.',
    pattern: partialDatePattern,
    format: 'partial-date',
    examples: ['2023', '2023-Q1', '2023-02', '2023-02-11'],
  }),
)

/** A partial date that means something; only ever `nullable`. */
export const PartialDate = (description: string, examples: string[] = []) => ({
  ...ref(partialDate),
  description,
  ...(examples.length > 0 && { examples }),
})

/** A reference as it is written: the slug or the id of another record. */
export const Key = (description: string, examples: string[]) =>
  Type.String({
    description: `${description} Its slug or id.`,
    minLength: 1,
    maxLength: maxSlugLength,
    examples,
  })

/** A reference as it is read. */
export const Reference = component(
  'Reference',
  Type.Object(
    {
      id: Type.String({ format: 'uuid', description: 'The id of the record referred to.' }),
      slug: Type.String({ description: 'Its slug.', examples: ['lasme-cel'] }),
      name: Type.String({ description: 'Its name.', examples: ['Lasmecabtagene timgedleucel'] }),
    },
    {
      description: 'Another record of the registry: its id, its slug and its name.',
      additionalProperties: false,
    },
  ),
)

export const Identifier = component(
  'Identifier',
  Type.Object(
    {
      system: Type.String({
        description: 'Whose identifier it is.',
        pattern: '^[a-z0-9]+(?:[-.][a-z0-9]+)*$',
        maxLength: 60,
        examples: ['mondo', 'ema-orphan'],
      }),
      value: text('The identifier, as its owner writes it.', 120, ['MONDO:0004963', 'EU/3/15/1509']),
    },
    { description: 'What another system calls the record; not unique.', additionalProperties: false },
  ),
)

/** The fields that every record has and no client writes. */
const kept = {
  createdAt: Type.String({ format: 'date-time', description: 'When the record was first stored.' }),
  updatedAt: Type.String({ format: 'date-time', description: 'When the record last changed.' }),
  version: Type.Integer({
    minimum: 1,
    description: 'How many times the record was written; its ETag follows it.',
  }),
}

/** The schema of a record: id and slug first, then its own fields, then what the registry keeps of it. */
export function recordOf<Fields extends Record<string, TSchema>>(
  name: string,
  description: string,
  slugs: string[],
  fields: Fields,
) {
  return component(
    name,
    Type.Object(
      {
        id: Type.String({ format: 'uuid', description: 'The id of the record (UUIDv7); it never changes.' }),
        slug: Slug(slugs),
        ...fields,
        ...kept,
      },
      { description, additionalProperties: false },
    ),
  )
}

/** The schema of a body that creates or replaces a record. */
export function inputOf<Fields extends Record<string, TSchema>>(
  name: string,
  description: string,
  slugs: string[],
  fields: Fields,
) {
  return component(
    `New${name}`,
    Type.Object(
      { slug: Type.Optional(Slug(slugs)), ...fields },
      { description, additionalProperties: false },
    ),
  )
}

/**
 * The schema of a merge patch (RFC 7396) of a body: every field may be left out, and null where leaving it out of a
 * new record is allowed, which sets it back to its default.
 */
export function patchOf(input: TObject): TObject {
  const fields = Object.entries(input.properties).map(([field, schema]) => [field, patchedField(schema)])
  const name = (input.$id as string).replace(/^New/, '')
  return component(
    `${name}Patch`,
    Type.Object(Object.fromEntries(fields), {
      description: `A merge patch (RFC 7396): only the fields to change; null sets a field back to its default; lists are replaced whole.`,
      additionalProperties: false,
      minProperties: 1,
    }),
  )
}

function patchedField(schema: TSchema): TSchema {
  const { default: value, ...rest } = schema
  const isNullable = value === undefined || value === null
  return Type.Optional(isNullable ? (rest as TSchema) : nullable(rest as TSchema))
}

/** What the members of a group have in common, as facets and counts tell it. */
export const groupKey = {
  value: Type.String({
    description: 'The slug or word, as the filter of the same name takes it; a year; a quarter.',
    examples: ['fda:rmat'],
  }),
  name: Type.String({
    description: 'What it is called.',
    examples: ['Regenerative Medicine Advanced Therapy designation'],
  }),
}

const FacetBucket = component(
  'FacetBucket',
  Type.Object(
    {
      ...groupKey,
      count: Type.Integer({ minimum: 1, description: 'How many have it.', examples: [126] }),
    },
    { description: 'How many of those that match have one value.', additionalProperties: false },
  ),
)

const Facet = component(
  'Facet',
  Type.Object(
    {
      buckets: Type.Array(ref(FacetBucket), {
        description: 'The values that most have, at most 100, by count and then by value.',
      }),
      missing: Type.Integer({ minimum: 0, description: 'How many have no value, as far as is known.' }),
      others: Type.Integer({ minimum: 0, description: 'The counts of all further values together.' }),
    },
    {
      description:
        'How those that match are spread over the values of one thing, under all filters but its own. What has several values counts in the bucket of each.',
      additionalProperties: false,
    },
  ),
)

/** The facets of a list, by what was asked for. */
const Facets = component(
  'Facets',
  Type.Record(Type.String(), ref(Facet), { description: 'Each facet that was asked for, by its name.' }),
)

/**
 * A related list, which stands in an answer only where it was asked for. By the name of the component, since records
 * that embed each other cannot be declared one after the other.
 */
export const embedded = (record: string, plural: string) =>
  Type.Optional(
    Type.Array(Type.Unsafe<Record<string, unknown>>({ $ref: record }), {
      description: `Its ${plural}, where \`include\` names them.`,
    }),
  )

/** The schema of a page of records. */
export const pageOf = (record: TSchema, plural: string) =>
  component(
    `${record.$id}Page`,
    Type.Object(
      {
        data: Type.Array(ref(record), { description: `The ${plural} of this page.` }),
        page: ref(PageInfo),
        total: Type.Optional(
          Type.Integer({ minimum: 0, description: 'How many match in all; only with `total=true`.' }),
        ),
        facets: Type.Optional(ref(Facets)),
      },
      { description: `A page of ${plural}.`, additionalProperties: false },
    ),
  )

/** The schema of all records at once: a page without an end. */
export const wholeOf = (record: TSchema, plural: string) =>
  component(
    `${record.$id}Export`,
    Type.Object(
      { data: Type.Array(ref(record), { description: `All ${plural} that match.` }) },
      { description: `All ${plural} that match, in one document.`, additionalProperties: false },
    ),
  )

export const PageInfo = component(
  'PageInfo',
  Type.Object(
    {
      limit: Type.Integer({ minimum: 1, maximum: 1000, description: 'The most records a page holds.' }),
      next: nullable(Type.String(), {
        description: 'The cursor of the next page; null on the last one.',
        examples: [null],
      }),
    },
    { description: 'Where the page is in the list.', additionalProperties: false },
  ),
)
