import { getTableColumns } from 'drizzle-orm'
import { getTableConfig, type PgColumn } from 'drizzle-orm/pg-core'
import { violationOf } from '../db/violations.js'
import { type Problem, problem } from '../http/problem.js'
import type { Definition } from './definition.js'

/** The problem that a broken rule of the database means to a client; null for any other error. */
export function conflictOf(definition: Definition, error: unknown): Problem | null {
  const violation = violationOf(error)
  if (violation === null) return null
  const { kind, constraint } = violation
  if (kind === 'unique') return taken(definition, uniqueFields(definition, constraint))
  if (kind === 'check' && constraint === 'indications_acyclic') return cycle()
  if (kind === 'foreign-key')
    return problem('unprocessable', 'A record that is referred to was deleted meanwhile.')
  return null
}

function taken({ singular }: Definition, fields: string[]): Problem {
  const message = `another ${singular} has the same ${fields.join(', ')}`
  return problem('conflict', message, { errors: fields.map((field) => ({ pointer: `/${field}`, message })) })
}

function cycle(): Problem {
  const message = 'an indication cannot lie below itself'
  return problem('unprocessable', message, { errors: [{ pointer: '/parent', message }] })
}

/** The fields of a body that a unique constraint of the table holds apart. */
function uniqueFields({ table, references = {} }: Definition, constraint: string): string[] {
  const columns = getTableColumns(table)
  const composite = getTableConfig(table).uniqueConstraints.find((unique) => unique.getName() === constraint)
  const names = composite?.columns.map(({ name }) => name)
  const properties = Object.entries<PgColumn>(columns)
    .filter(([, column]) => names?.includes(column.name) ?? column.uniqueName === constraint)
    .map(([property]) => property)
  return properties.map((property) => {
    const field = property.replace(/Id$/, '')
    return field in references ? field : property
  })
}
