import { type SQL, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../../src/db/connection.js'

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
export async function plansOf(
  database: Database,
  work: (db: Queryable) => Promise<unknown>,
): Promise<Plan[]> {
  const plans: Plan[] = []
  await work({
    async rows<Row extends object>(statement: SQL): Promise<Row[]> {
      const [row] = await database.rows<{ 'QUERY PLAN': { Plan: Plan }[] }>(
        sql`explain (format json, analyze, timing off) ${statement}`,
      )
      plans.push(...(row?.['QUERY PLAN'] ?? []).map(({ Plan }) => Plan))
      return database.rows<Row>(statement)
    },
  })
  return plans.flatMap(nodesOf)
}
