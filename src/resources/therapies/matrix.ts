import type { Static } from '@sinclair/typebox'
import { sql } from 'drizzle-orm'
import { findRecord } from '../../crud/read.js'
import { presented, withRelated } from '../../crud/related.js'
import type { Queryable } from '../../db/connection.js'
import { list, object } from '../../db/json.js'
import type { AsOf } from '../../domain/as-of.js'
import type { Reference as ReferenceSchema } from '../../http/schema.js'
import type { Application } from '../applications/schema.js'
import { authorities } from '../authorities/table.js'
import type { Designation } from '../designations/schema.js'
import type { Evidence } from '../evidence/schema.js'
import { programs } from '../programs/table.js'
import type { Trial } from '../trials/schema.js'
import type { TherapyMatrix } from './matrix-schema.js'
import { therapiesResource } from './store.js'
import { therapies } from './table.js'

type Matrix = Static<typeof TherapyMatrix>
type Row = Matrix['rows'][number]
type Cell = Row['programs'][number]
type Column = Matrix['columns'][number]
type Reference = Static<typeof ReferenceSchema>
type DesignationRecord = Static<typeof Designation>
type ApplicationRecord = Static<typeof Application>

/** A therapy with what the matrix is made of. */
interface Therapy extends Reference {
  designations: DesignationRecord[]
  applications: ApplicationRecord[]
  trials: Static<typeof Trial>[]
}

const parts = ['designations', 'applications', 'trials']

const programJson = object<Column['programs'][number]>({
  id: programs.id,
  slug: programs.slug,
  name: programs.name,
  abbreviation: programs.abbreviation,
})

/** Every programme of the registry, by the authorities that have some. */
const columnsJson = list(
  object<Column>({
    authority: object<Reference>({ id: authorities.id, slug: authorities.slug, name: authorities.name }),
    programs: list(programJson, programs, sql`${programs.authorityId} = ${authorities.id}`, programs.slug),
  }),
  authorities,
  sql`exists (select from ${programs} where ${programs.authorityId} = ${authorities.id})`,
  authorities.slug,
)

/** The matrix of the therapy that a key names, as JSON text, in one round trip; as of a day, what was so by then. */
export async function findMatrix(db: Queryable, key: string, asOf?: AsOf): Promise<string> {
  const therapy = withRelated(therapiesResource, sql`${therapies.document}`, parts, asOf)
  const both = sql`'{"columns":' || ${columnsJson}::text || ',"therapy":' || ${therapy} || '}'`
  const { document } = await findRecord(db, therapiesResource, key, both)
  const { columns, therapy: now } = JSON.parse(document)
  const shown = presented(therapiesResource, now, parts, asOf) as unknown as Therapy
  return JSON.stringify(matrixOf(columns, shown))
}

function matrixOf(columns: Column[], therapy: Therapy): Matrix {
  const rows = indicationsOf(therapy).map((indication) => rowOf(columns, therapy, indication))
  return { therapy: referenceTo(therapy), columns, rows }
}

const referenceTo = ({ id, slug, name }: Reference): Reference => ({ id, slug, name })

/** Every indication that something of the therapy is for, by name; null comes last, where something names none. */
function indicationsOf({ designations, applications, trials }: Therapy): (Reference | null)[] {
  const named = [
    ...designations.map(({ currentIndication }) => currentIndication),
    ...applications.map(({ indication }) => indication),
    ...trials.flatMap(({ indications }) => (indications.length === 0 ? [null] : indications)),
  ]
  const byId = new Map(named.map((indication) => [indication?.id, indication]))
  const compare = (a: Reference | null, b: Reference | null) => {
    if (a === null || b === null) return a === null ? 1 : -1
    return a.name.localeCompare(b.name, 'en')
  }
  return [...byId.values()].sort(compare)
}

function rowOf(columns: Column[], therapy: Therapy, indication: Reference | null): Row {
  const isFor = (other: Reference | null) => other?.id === indication?.id
  const designations = therapy.designations.filter(({ currentIndication }) => isFor(currentIndication))
  const cells = columns.flatMap(({ authority, programs }) =>
    programs.map((program) =>
      cellOf(
        authority,
        program,
        designations.filter((designation) => designation.program.id === program.id),
      ),
    ),
  )
  return {
    indication,
    programs: cells,
    applications: therapy.applications.filter((application) => isFor(application.indication)).map(decisionOf),
    trials: therapy.trials
      .filter(({ indications }) => (indication === null ? indications.length === 0 : indications.some(isFor)))
      .map(referenceTo),
  }
}

function cellOf(authority: Reference, program: Reference, designations: DesignationRecord[]): Cell {
  const telling = tellingOf(designations)
  return {
    authority,
    program: referenceTo(program),
    status: telling?.status ?? 'unknown',
    grantedOn: telling?.grantedOn ?? null,
    announcedOn: telling?.announcedOn ?? null,
    designations: designations.map(referenceTo),
    sources: sourcesOf(designations),
  }
}

/** Of several designations the one by which the therapy stands as it does: one that is granted, else the last. */
function tellingOf(designations: DesignationRecord[]): DesignationRecord | undefined {
  const latest = designations.filter(({ status }) => status !== null).sort((a, b) => b.cycle - a.cycle)
  return latest.find(({ status }) => status === 'granted') ?? latest[0]
}

function decisionOf(application: ApplicationRecord): Row['applications'][number] {
  const { authority, type, status, submittedOn, clearedOn, approvedOn, goalOn } = application
  return {
    authority,
    application: referenceTo(application),
    type,
    status: status ?? 'unknown',
    submittedOn,
    clearedOn,
    approvedOn,
    goalOn,
    sources: sourcesOf([application]),
  }
}

/** The sources that the events of records rest on, each once. */
function sourcesOf(records: { events: { evidence: Static<typeof Evidence>[] }[] }[]): Cell['sources'] {
  const evidence = records.flatMap(({ events }) => events.flatMap((event) => event.evidence))
  const bySource = new Map(evidence.map(({ source, grade }) => [source.id, { source, grade }]))
  return [...bySource.values()]
}
