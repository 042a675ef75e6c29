import type { TObject } from '@sinclair/typebox'
import type { Column, SQL } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { SortKey } from '../db/keyset.js'
import type { AsOf } from '../domain/as-of.js'
import type { Fault } from '../http/problem.js'
import type { Searchable } from '../search/declaration.js'
import type { Dimension } from './dimensions.js'
import type { Filter } from './filters/filter.js'

/** An item of a body in which every reference has become the id of the record referred to. */
export type Item = Record<string, unknown>

/** The elements of a list field; none when it was left out. */
export function itemsOf(item: Item, field: string): unknown[] {
  return (item[field] as unknown[] | undefined) ?? []
}

/**
 * Something that is stored in a table: a record, or an item of a list that a record owns.
 * A field is kept in the column of its name, a reference `x` in the column `xId`.
 */
export interface Part {
  table: PgTable
  /** The fields as a client writes them. */
  input: TObject
  /** Which resource each reference among the fields refers to. */
  references?: Record<string, () => Definition>
  /** The lists among the fields that have a table of their own. */
  collections?: Record<string, Collection>
  /** Columns that follow from the fields; `owner` is the item that owns this one. */
  derive?(item: Item, owner: Item): Item
}

/** A list that a record, or an item of it, owns: replaced whole, kept in an order. */
export interface Collection extends Part {
  /** The column property that holds the owner's id. */
  owner: string
  /** Where an item is a bare reference: the name that it has in `references`. */
  single?: string
  /** Whether items have ids of their own, kept when a body repeats them. */
  identified?: boolean
  /** The order in which items are kept, where it is not that in which they were written. */
  order?(items: readonly Item[]): Item[]
}

/** The columns of `recordColumns`, as every resource's table has them. */
export type RecordTable = PgTable &
  Record<'id' | 'slug' | 'createdAt' | 'updatedAt' | 'version' | 'document', Column>

/** A related list that can be embedded in an answer. */
export interface Related {
  /** The name of the related resource; by name, since it refers to this one. */
  resource: string
  /** Which records of the related resource belong to one of this resource. */
  where: SQL
  /** Whether it is embedded in the answer to a single record also when nothing is said. */
  byDefault?: boolean
}

/** The table of what records were, day by day: its columns are named as those of the records that they stand for. */
export interface States {
  table: PgTable & Record<'certain' | 'validFrom' | 'validTo', Column>
  /** The column property that holds the record's id. */
  owner: string
  /** The sort keys that are dates of what had happened by then: none begins after the day that is asked for. */
  past: readonly string[]
}

/** What a record was on a day, as it follows from its `events`. */
export interface History {
  /** Left out where the record itself is there on every day. */
  states?: States
}

/** A list that can be filtered, sorted and paged: the records of a resource, or the events of all of them. */
export interface Listable {
  /** The plural, in paths and messages: `therapies`. */
  name: string
  /** One of them, in messages: `therapy`. */
  singular: string
  /** Names of components and operations: `Therapy` and `Therapies`. */
  noun: { one: string; many: string }
  /** What the contract says of it. */
  description: string
  table: PgTable & { id: Column }
  record: TObject
  page: TObject
  /** All records at once, as an export has them. */
  whole: TObject
  sorts: Record<string, SortKey>
  defaultSort: string
  filters: Record<string, Filter>
  /** What its rows can be grouped by. */
  dimensions?: Record<string, Dimension>
  related?: Record<string, Related>
  /** The JSON text of one item, as SQL over its row; the kept document where it is left out. */
  item?: SQL
  /** What an item is answered as, made of its parsed JSON text. */
  present?(item: Item, asOf?: AsOf): Item
  history?: History
  /** Whether the state of the world on an earlier day can be asked for. */
  timed?: boolean
  /** The rows that were there on a day, where the relation as of it does not say so. */
  existedOn?(asOf: AsOf): SQL
}

/** All that the standard operations need to know of a resource. */
export interface Definition extends Part, Listable {
  table: RecordTable
  patch: TObject
  /** The record as the API answers it, as SQL over its row. */
  document: SQL
  /** The fields of a record that the documents of others show; when one changes, those are written again. */
  embedded: readonly string[]
  /**
   * The slug of a new record that comes without one; null when its name does not make one.
   * `slugs` are those of the records that the item refers to, by field.
   */
  slugFor(item: Item, slugs: Record<string, string | undefined>): string | null
  /** What is wrong with a well-formed body that the schema cannot say. */
  faults?(item: Item): Fault[]
  /** The references by which a record lies below another and goes with it on a cascading delete. */
  below: readonly string[]
  /** What search reads of the document. */
  search: Searchable
}
