import type postgres from 'postgres'

/** The role and the database of the service. */
export const serviceName = 'openrmat'

/** Makes the role and the database of the service when they are missing; the service is no superuser. */
export async function provision(client: postgres.Sql, password: string): Promise<void> {
  const [found] = await client<[{ role: boolean; database: boolean }]>`select
    exists (select from pg_roles where rolname = ${serviceName}) as role,
    exists (select from pg_database where datname = ${serviceName}) as database`
  if (!found.role) await client.unsafe(`create role ${serviceName} login createdb password '${password}'`)
  if (!found.database) await client.unsafe(`create database ${serviceName} owner ${serviceName}`)
}
