import type { TObject } from '@sinclair/typebox'
import type { Column, SQL } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { SortKey } from '../db/keyset.js'
import type { Fault } from '../http/problem.js'
import type { Filter } from './filters.js'

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
}

/** All that the standard operations need to know of a resource. */
export interface Definition extends Part {
  /** The plural, in paths and messages: `therapies`. */
  name: string
  /** One of them, in messages: `therapy`. */
  singular: string
  /** Names of components and operations: `Therapy` and `Therapies`. */
  noun: { one: string; many: string }
  /** What the contract says of the resource. */
  description: string
  table: RecordTable
  record: TObject
  patch: TObject
  page: TObject
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
  sorts: Record<string, SortKey>
  defaultSort: string
  filters: Record<string, Filter>
  related?: Record<string, Related>
}
