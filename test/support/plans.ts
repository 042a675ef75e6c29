import type { Database } from '../../src/db/connection.js'
import { compiled, type Statement } from '../../src/db/fixed.js'
import { observed } from './observed.js'

/** A node of a plan, as PostgreSQL explains it after it ran. */
export interface Plan {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows'?: number
  'Actual Loops'?: number
  'Rows Removed by Filter'?: number
  Plans?: Plan[]
}

/** The most rows that a plan sorts at once. */
export const mostSorted = (nodes: readonly Plan[]): number =>
  Math.max(
    0,
    ...nodes
      .filter((node) => node['Node Type'] === 'Sort')
      .flatMap(({ Plans = [] }) => Plans.map((plan) => plan['Actual Rows'] ?? 0)),
  )

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

/** Every node of the plans of what some work asks the database. */
export async function plansOf(database: Database, work: (db: Database) => Promise<unknown>): Promise<Plan[]> {
  const plans: Plan[] = []
  const explain = async (statement: Statement) => {
    const { sql, params } = compiled(statement)
    const [row] = await database.rows<{ 'QUERY PLAN': { Plan: Plan }[] }>({
      sql: `explain (format json, analyze, timing off) ${sql}`,
      params,
    })
    plans.push(...(row?.['QUERY PLAN'] ?? []).map(({ Plan }) => Plan))
  }
  await work(observed(database, explain))
  return plans.flatMap(nodesOf)
}
