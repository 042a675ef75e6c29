import { Type } from '@sinclair/typebox'
import { sql } from 'drizzle-orm'
import { findRecord } from '../../crud/read.js'
import type { Queryable } from '../../db/connection.js'
import { component, ref } from '../../http/schema.js'
import { designations } from '../designations/table.js'
import { Indication } from './schema.js'
import { indicationsResource } from './store.js'
import { indications as t } from './table.js'

/** An indication with those below it. */
interface Node {
  id: string
  slug: string
  name: string
  abbreviations: string[]
  designations: number
  children: Node[]
}

export const IndicationNode = component(
  'IndicationNode',
  Type.Object(
    {
      id: Type.String({ format: 'uuid', description: 'The id of the indication.' }),
      slug: Type.String({ description: 'Its slug.', examples: ['r-r-b-all'] }),
      name: Type.String({ description: 'Its name.' }),
      abbreviations: Type.Array(Type.String(), {
        description: 'What it is called for short.',
        examples: [['R/R B-ALL']],
      }),
      designations: Type.Integer({
        minimum: 0,
        description: 'How many designations name this very indication; those of the ones below do not count.',
      }),
      children: Type.Array(Type.Unsafe<Node>({ $ref: 'IndicationNode' }), {
        description: 'The indications right below it, by name.',
      }),
    },
    { description: 'An indication with all that lie below it.', additionalProperties: false },
  ),
)

export const IndicationAncestors = component(
  'IndicationAncestors',
  Type.Object(
    {
      data: Type.Array(ref(Indication), {
        description: 'The indications above it, from the root down to its parent; none for a root.',
      }),
    },
    { description: 'What an indication lies below.', additionalProperties: false },
  ),
)

interface Row extends Omit<Node, 'children'> {
  parent: string | null
}

const branch = sql`(with recursive branch as (
  select i.id, i.parent_id, i.slug, i.name, i.abbreviations from ${t} i where i.id = ${t.id}
  union all
  select i.id, i.parent_id, i.slug, i.name, i.abbreviations from ${t} i join branch on i.parent_id = branch.id)
  select json_agg(json_build_object(
    'id', id, 'parent', parent_id, 'slug', slug, 'name', name, 'abbreviations', abbreviations,
    'designations', (select count(*) from ${designations} where ${designations.indicationId} = branch.id))
    order by lower(name) collate "C", id) from branch)::text`

/** The tree of indications whose root a key names, as JSON text, in one round trip. */
export async function findTree(db: Queryable, key: string): Promise<string> {
  const { id, document } = await findRecord(db, indicationsResource, key, branch)
  const rows: Row[] = JSON.parse(document)
  const nodes = new Map(rows.map(({ parent, ...own }): [string, Node] => [own.id, { ...own, children: [] }]))
  for (const row of rows) nodes.get(String(row.parent))?.children.push(nodes.get(row.id) as Node)
  return JSON.stringify(nodes.get(id))
}

const ancestors = sql`(with recursive ancestor as (
  select i.id, i.parent_id, i.document, 1 as distance from ${t} i where i.id = ${t.parentId}
  union all
  select i.id, i.parent_id, i.document, distance + 1 from ${t} i join ancestor on i.id = ancestor.parent_id)
  select '{"data":[' || coalesce(string_agg(document, ',' order by distance desc), '') || ']}' from ancestor)`

/** What the indication that a key names lies below, as JSON text, in one round trip. */
export async function findAncestors(db: Queryable, key: string): Promise<string> {
  const { document } = await findRecord(db, indicationsResource, key, ancestors)
  return document
}
