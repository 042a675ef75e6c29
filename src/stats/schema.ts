import { type TSchema, Type } from '@sinclair/typebox'
import type { Listable } from '../crud/definition.js'
import { dimensionsPattern, namesOfDimensions } from '../crud/dimensions.js'
import { filterParameters } from '../crud/list-parameters.js'
import { component, groupKey, nullable, PartialDate, Reference, ref } from '../http/schema.js'
import { applicationsResource } from '../resources/applications/store.js'
import { designationsResource } from '../resources/designations/store.js'
import { eventsList } from '../resources/events/list.js'
import { therapiesResource } from '../resources/therapies/store.js'
import { trialsResource } from '../resources/trials/store.js'
import { mostGroups } from './counts.js'
import { mostFirsts, mostGrants } from './firsts.js'
import { mostIntervals } from './intervals.js'
import { milestoneForms, milestonePattern } from './milestones.js'

/** The most dimensions to group by at once. */
export const mostDimensions = 3

const GroupKey = component(
  'GroupKey',
  Type.Object(groupKey, {
    description: 'What the members of a group have in common.',
    additionalProperties: false,
  }),
)

/** The fields of a group, of which an answer has those that were asked for. */
const groupFieldsOf = (dimensions: Record<string, string>): Record<string, TSchema> =>
  Object.fromEntries(
    Object.entries(dimensions).map(([name, description]) => [
      name,
      Type.Optional(nullable(ref(GroupKey), { description })),
    ]),
  )

const describedOf = ({ dimensions = {} }: Listable): [name: string, description: string][] =>
  Object.entries(dimensions).map(([name, { description }]) => [name, description])

const groupBy = (listable: Listable, byDefault: object, description: string) =>
  Type.String({
    pattern: dimensionsPattern,
    ...byDefault,
    description: `${description} Up to ${mostDimensions} with commas of ${namesOfDimensions(listable)}.`,
  })

const asked = Type.Array(Type.String(), {
  description: 'What was grouped by, in this order.',
  examples: [['program', 'year']],
})

const truncated = (what: string, most: number) =>
  Type.Boolean({ description: `Whether there are more than the ${most} ${what} of one answer.` })

/** The parameters of counts of a list: what to group by, and all of its filters. */
export const countParameters = (listable: Listable) =>
  Type.Object(
    {
      groupBy: Type.Optional(
        groupBy(listable, {}, 'What to count by; without it there is only the count of all.'),
      ),
      ...filterParameters(listable),
    },
    { additionalProperties: false },
  )

/** What can be counted. */
export const countedLists = [designationsResource, applicationsResource, trialsResource, eventsList]

/** What they can be grouped by; where that is not the same for all of them, all that it is. */
function allDescribed(): Record<string, string> {
  const said = countedLists.flatMap(describedOf)
  const sentencesOf = (name: string) =>
    said.filter(([other]) => other === name).map(([, sentence]) => sentence)
  return Object.fromEntries(said.map(([name]) => [name, [...new Set(sentencesOf(name))].join(' ')]))
}

const Count = component(
  'Count',
  Type.Object(
    {
      ...groupFieldsOf(allDescribed()),
      count: Type.Integer({ minimum: 0, description: 'How many there are in the group.' }),
    },
    {
      description: 'A group: what was grouped by, each null where it is missing, and how many there are.',
      additionalProperties: false,
    },
  ),
)

/** The counts of a list. */
export const CountsAnswer = component(
  'Counts',
  Type.Object(
    {
      data: Type.Array(ref(Count), {
        description:
          'The groups in the order of their values, a missing one last. What belongs to several groups counts in each, so that those of several targets count several times.',
      }),
      groupBy: asked,
      total: Type.Integer({ minimum: 0, description: 'How many match, each counted once.' }),
      truncated: truncated('groups', mostGroups),
    },
    { description: 'How many there are, group by group.', additionalProperties: false },
  ),
)

/** Counts as a table. */
export const CountTable = component(
  'CountTable',
  Type.String({
    description:
      'CSV (RFC 4180) with a header: a column for each grouping, a further one with the name where that is a record (`program.name`), and `count`. A missing value is an empty cell. Texts that a spreadsheet would take for a formula (they start with =, +, -, @, a tab or a line break) have an apostrophe before them.',
    examples: [
      'program,program.name,count\r\nfda:rmat,Regenerative Medicine Advanced Therapy designation,72\r\n',
    ],
  }),
)

/** The parameters of first grants: what to group by, and all filters of designations. */
export const firstParameters = Type.Object(
  {
    groupBy: Type.Optional(
      groupBy(
        designationsResource,
        { default: 'program,indication' },
        'In which groups to look for the first.',
      ),
    ),
    ...filterParameters(designationsResource),
  },
  { additionalProperties: false },
)

const Grant = component(
  'Grant',
  Type.Object(
    {
      designation: ref(Reference),
      therapy: ref(Reference),
      grantedOn: nullable(PartialDate('When it was granted; null when no source says.')),
      announcedOn: nullable(PartialDate('When that was announced; null when unknown.')),
    },
    { description: 'A designation that was granted to a therapy, and when.', additionalProperties: false },
  ),
)

const FirstDesignation = component(
  'FirstDesignation',
  Type.Object(
    {
      ...groupFieldsOf(Object.fromEntries(describedOf(designationsResource))),
      first: Type.Array(ref(Grant), {
        description: `The designations of the group that may have been granted first, at most ${mostGrants}; several where their dates leave it open. Where no source tells the day of a grant, that of its announcement counts.`,
      }),
      firstCount: Type.Integer({ minimum: 0, description: 'How many may have been granted first.' }),
      undated: Type.Array(ref(Grant), {
        description: `Designations of the group that were granted nobody knows when, at most ${mostGrants}: each of them may have been the first as well.`,
      }),
      undatedCount: Type.Integer({ minimum: 0, description: 'How many were granted nobody knows when.' }),
      certain: Type.Boolean({
        description:
          'Whether, by these dates, one of those recorded was surely the first: `firstCount` is 1 and `undatedCount` 0.',
      }),
    },
    {
      description: 'Who was granted first in a group: by what was grouped by, each null where it is missing.',
      additionalProperties: false,
    },
  ),
)

export const FirstDesignations = component(
  'FirstDesignations',
  Type.Object(
    {
      data: Type.Array(ref(FirstDesignation), {
        description: 'The groups in the order of their values, a missing one last.',
      }),
      groupBy: asked,
      truncated: truncated('groups', mostFirsts),
    },
    {
      description: 'The earliest grants, group by group, among those that the registry has.',
      additionalProperties: false,
    },
  ),
)

const milestone = (what: string, example: string) =>
  Type.String({
    pattern: milestonePattern,
    maxLength: 200,
    description: `${what}: ${milestoneForms}, where STATUS is that of an event.`,
    examples: [example],
  })

/** The parameters of intervals: two milestones, and all filters of therapies. */
export const intervalParameters = Type.Object(
  {
    from: milestone('Where an interval begins', 'designation:fda:rmat:granted'),
    to: milestone('Where it ends', 'application:BLA:approved'),
    ...filterParameters(therapiesResource),
  },
  { additionalProperties: false },
)

const day = (description: string, example: string) =>
  Type.String({ format: 'date', description, examples: [example] })

const Moment = component(
  'Moment',
  Type.Object(
    {
      date: nullable(
        PartialDate('The date as it is recorded; null where several events leave other days open.'),
      ),
      earliest: day('The first day on which it can have been.', '2021-11-01'),
      latest: day('The last day on which it can have been.', '2021-11-30'),
      announced: Type.Boolean({
        description: 'Whether no source tells the day itself, so that it is that of the announcement.',
      }),
    },
    { description: 'When a therapy first came to a milestone.', additionalProperties: false },
  ),
)

const Days = component(
  'Days',
  Type.Object(
    {
      shortest: Type.Integer({ description: 'The fewest days that the dates allow.', examples: [438] }),
      longest: Type.Integer({ description: 'The most days that the dates allow.', examples: [467] }),
    },
    {
      description:
        'How many days lie between two milestones; below zero where the second may be, or is, the earlier one.',
      additionalProperties: false,
    },
  ),
)

const Interval = component(
  'Interval',
  Type.Object(
    { therapy: ref(Reference), from: ref(Moment), to: ref(Moment), days: ref(Days) },
    { description: 'How long it was for one therapy.', additionalProperties: false },
  ),
)

const Spread = component(
  'Spread',
  Type.Object(
    {
      min: Type.Number({ format: 'double', description: 'The smallest value.' }),
      q1: Type.Number({
        format: 'double',
        description: 'The first quartile, between two values where it falls there.',
      }),
      median: Type.Number({ format: 'double', description: 'The median.' }),
      q3: Type.Number({ format: 'double', description: 'The third quartile.' }),
      max: Type.Number({ format: 'double', description: 'The largest value.' }),
    },
    { description: 'How days are spread over the therapies.', additionalProperties: false },
  ),
)

const IntervalSummary = component(
  'IntervalSummary',
  Type.Object(
    { shortest: ref(Spread), longest: ref(Spread) },
    { description: 'The spread of the shortest and of the longest intervals.', additionalProperties: false },
  ),
)

export const Intervals = component(
  'Intervals',
  Type.Object(
    {
      from: Type.String({
        description: 'Where intervals begin.',
        examples: ['designation:fda:rmat:granted'],
      }),
      to: Type.String({ description: 'Where they end.', examples: ['application:BLA:approved'] }),
      count: Type.Integer({ minimum: 0, description: 'How many therapies have dates of both.' }),
      undated: Type.Integer({
        minimum: 0,
        description: 'How many have both, but no date of one of them; they are not measured.',
      }),
      summary: nullable(ref(IntervalSummary), {
        description: 'How the days are spread; null where none are measured.',
      }),
      data: Type.Array(ref(Interval), { description: 'The therapies by name.' }),
      truncated: truncated('therapies', mostIntervals),
    },
    { description: 'How long it was from one milestone to another.', additionalProperties: false },
  ),
)
