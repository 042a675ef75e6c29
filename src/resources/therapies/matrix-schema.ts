import { Type } from '@sinclair/typebox'
import { applicationStatuses, designationStatuses } from '../../domain/vocabularies.js'
import { asIn, component, nullable, PartialDate, Reference, ref, word } from '../../http/schema.js'
import { Application } from '../applications/schema.js'
import { Evidence } from '../evidence/schema.js'

const closed = (description: string) => ({ description, additionalProperties: false })

/** The words of a vocabulary, and one for what nobody told us. */
const orUnknown = <Word extends string>(words: { values: readonly Word[]; describe(): string }) => ({
  values: [...words.values, 'unknown' as const],
  describe: () => `${words.describe()}\n- \`unknown\`: Nobody told us; it is not a no.`,
})

const MatrixSource = component(
  'MatrixSource',
  Type.Object(
    { source: Evidence.properties.source, grade: Evidence.properties.grade },
    closed('A source that says so, and how near to the fact it is.'),
  ),
)
const sources = Type.Array(ref(MatrixSource), { description: 'Who says so, each source once.' })

const MatrixProgram = component(
  'MatrixProgram',
  Type.Object(
    {
      id: Type.String({ format: 'uuid', description: 'The id of the programme.' }),
      slug: Type.String({ description: 'Its slug.', examples: ['fda:rmat'] }),
      name: Type.String({
        description: 'Its name.',
        examples: ['Regenerative Medicine Advanced Therapy designation'],
      }),
      abbreviation: nullable(Type.String(), {
        description: 'What it is called for short.',
        examples: ['RMAT'],
      }),
    },
    closed('A programme at the head of a column.'),
  ),
)

const MatrixColumns = component(
  'MatrixColumns',
  Type.Object(
    {
      authority: ref(Reference),
      programs: Type.Array(ref(MatrixProgram), { description: 'Every programme of it, a column each.' }),
    },
    closed('The columns of one authority.'),
  ),
)

const date = (description: string) => nullable(PartialDate(description))

const MatrixCell = component(
  'MatrixCell',
  Type.Object(
    {
      authority: ref(Reference),
      program: ref(Reference),
      status: word(
        'MatrixStatus',
        orUnknown(asIn('DesignationEventStatus', designationStatuses)),
        'How a therapy stands in a programme for an indication. Of several designations one that is granted tells, else the one of the last cycle.',
      ),
      grantedOn: date('When that designation was (last) granted; null when unknown.'),
      announcedOn: date('When that grant was announced; null when unknown.'),
      designations: Type.Array(ref(Reference), { description: 'The designations that the cell stands for.' }),
      sources,
    },
    closed('A therapy in one programme for one indication.'),
  ),
)

const MatrixApplication = component(
  'MatrixApplication',
  Type.Object(
    {
      authority: ref(Reference),
      application: ref(Reference),
      type: Application.properties.type,
      status: word(
        'MatrixApplicationStatus',
        orUnknown(asIn('ApplicationEventStatus', applicationStatuses)),
        'What an application came to.',
      ),
      submittedOn: date('When it was (first) submitted; null when unknown.'),
      clearedOn: date('When trials under it might (first) begin; null when unknown.'),
      approvedOn: date('When it was (first) approved; null when unknown.'),
      goalOn: date('By when a decision is due; null when unknown.'),
      sources,
    },
    closed('An application for one indication, and what the authority decided.'),
  ),
)

const MatrixRow = component(
  'MatrixRow',
  Type.Object(
    {
      indication: nullable(ref(Reference), {
        description:
          'What a designation (as it was last amended), an application or a trial is for; null for those that name nothing.',
      }),
      programs: Type.Array(ref(MatrixCell), {
        description: 'A cell for each column, in the order of the columns.',
      }),
      applications: Type.Array(ref(MatrixApplication), {
        description: 'Its applications, by slug.',
      }),
      trials: Type.Array(ref(Reference), { description: 'Its trials.' }),
    },
    closed('All that is known of a therapy for one indication.'),
  ),
)

export const TherapyMatrix = component(
  'TherapyMatrix',
  Type.Object(
    {
      therapy: ref(Reference),
      columns: Type.Array(ref(MatrixColumns), {
        description: 'Every programme of the registry, by authority.',
      }),
      rows: Type.Array(ref(MatrixRow), {
        description: 'Every indication that is named, by name; what names none comes last.',
      }),
    },
    closed(
      'A therapy by indication, authority and programme: what was granted, denied, asked for, or is unknown.',
    ),
  ),
)
