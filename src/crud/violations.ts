import { getTableColumns } from 'drizzle-orm'
import { getTableConfig, type PgColumn } from 'drizzle-orm/pg-core'
import { violationOf } from '../db/violations.js'
import { type Problem, problem } from '../http/problem.js'
import type { Definition } from './definition.js'

/** The problem that a broken rule of the database means to a client; null for any other error. */
export function conflictOf(definition: Definition, error: unknown): Problem | null {
  const violation = violationOf(error)
  if (violation?.kind === 'unique') return taken(definition, uniqueFields(definition, violation.constraint))
  return violation?.constraint === 'indications_acyclic' ? cycle() : null
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

/** The sets of fields that no two records of a resource have alike; where `nulls`, two nulls are alike, too. */
export function uniqueKeys(definition: Definition): { fields: string[]; nulls: boolean }[] {
  const single = Object.values<PgColumn>(getTableColumns(definition.table)).filter(({ isUnique }) => isUnique)
  const composite = getTableConfig(definition.table).uniqueConstraints
  const keys = [
    ...single.map(({ uniqueName = '' }) => ({ fields: uniqueFields(definition, uniqueName), nulls: false })),
    ...composite.map((unique) => ({
      fields: uniqueFields(definition, String(unique.getName())),
      nulls: unique.nullsNotDistinct,
    })),
  ]
  return keys.filter(({ fields }) => !fields.includes('id'))
}
