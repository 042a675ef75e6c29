import { type SQL, sql } from 'drizzle-orm'
import {
  boolean,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core'

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' })
/** Text that sorts by its bytes, so that a prefix is a range of an index. */
const bytewise = customType<{ data: string }>({ dataType: () => 'text collate "C"' })

/**
 * What search knows of a record; written with it. Kinds of lexemes are told apart by their first letter: `=` words of
 * names, `%` words of vocabularies, `#` ids of what the record refers to; stems of texts have none.
 */
export const searchEntries = pgTable(
  'search_entries',
  {
    id: uuid('id').primaryKey(),
    resource: text('resource').notNull(),
    slug: bytewise('slug').notNull(),
    name: text('name').notNull(),
    /** The record right above it, in a tree. */
    parent: uuid('parent'),
    /** Records that share what they say with this one: a designation and its therapy. */
    near: uuid('near').array().notNull(),
    /** What near records are found by as well: the `#` and `%` lexemes of its document. */
    own: text('own').array().notNull(),
    /** All that its document says. */
    base: tsvector('base').notNull(),
    /** `base`, and `own` of every record near it. */
    terms: tsvector('terms').notNull(),
    /** What is needed to say why it was found: names, references and vocabulary words, by field. */
    fields: jsonb('fields').notNull(),
    /** Its texts, by field. */
    texts: jsonb('texts').notNull(),
  },
  (t) => [
    // Without a list of pending entries, which every search would have to read through: writes are rarer.
    index('search_entries_terms').using('gin', t.resource, t.terms).with({ fastupdate: false }),
    index('search_entries_sample')
      .using('gin', t.resource, t.terms)
      .with({ fastupdate: false })
      .where(sql`(uuid_hash(${t.id}) & 31) = 0`),
    index('search_entries_near').using('gin', t.near).with({ fastupdate: false }),
    index('search_entries_parent').on(t.parent).where(sql`${t.parent} is not null`),
  ],
)

/** That an entry `e` is in the sample: one in 32, by which it is known what is frequent. */
export const isSampled: SQL = sql.raw('(uuid_hash(e.id) & 31) = 0')

/** The names of records, one a row, each in the form in which names are compared. */
export const searchNames = pgTable(
  'search_names',
  {
    entryId: uuid('entry_id')
      .notNull()
      .references(() => searchEntries.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    resource: text('resource').notNull(),
    field: text('field').notNull(),
    value: text('value').notNull(),
    normal: bytewise('normal').notNull(),
    /** Whether it is looked up whole or not at all: a slug, an identifier, a title. */
    isKey: boolean('is_key').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.entryId, t.position] }),
    index('search_names_normal').on(t.normal, t.resource),
    // Names without keys, in one index with what is asked of them.
    index('search_names_named').on(t.resource, t.normal, t.entryId).where(sql`not ${t.isKey}`),
    index('search_names_parts')
      .using('gin', t.normal.op('gin_trgm_ops'))
      .with({ fastupdate: false })
      .where(sql`not ${t.isKey}`),
  ],
)

/**
 * That a row of names `n` is a name and no key, for look-ups of whole names: said so that the planner does not take the
 * index of parts of names, which finds whole ones a thousand times more slowly.
 */
export const isName = (n: SQL): SQL => sql`${n}.is_key is not true`

/** The distinct words of names and vocabularies, found with typing mistakes by what is left of them. */
export const searchWords = pgTable(
  'search_words',
  {
    word: bytewise('word').primaryKey(),
    /** What no typing mistake may touch. */
    code: text('code').notNull(),
    /** How many mistakes it bears. */
    typos: integer('typos').notNull(),
    /** Hashes of its deletions. */
    variants: integer('variants').array().notNull(),
  },
  (t) => [index('search_words_variants').using('gin', t.variants).with({ fastupdate: false })],
)

/** One row: by which rules the index was made. */
export const searchState = pgTable('search_state', {
  one: boolean('one').primaryKey().default(true),
  rules: integer('rules').notNull(),
})
