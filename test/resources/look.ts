/** A record or an item of a list, as far as a test looks into it. */
export type Item = Record<string, unknown>

/** A record with events, or an item with evidence. */
export type Sourced = Item & { events: Sourced[]; evidence: Item[] }

/** The slug of a reference; any other value as it is. */
export const slugOf = (value: unknown) =>
  typeof value === 'object' && value !== null && 'slug' in value ? value.slug : value

export const slugsOf = (list: Item[]) => list.map(({ slug }) => slug)

/** The one item of a list whose field has a value (of a reference: whose slug it is). */
export function itemBy(list: Item[], field: string, value: string): Sourced {
  const found = list.filter((item) => slugOf(item[field]) === value)
  if (found.length !== 1) throw new Error(`${found.length} items have the ${field} ${value}`)
  return found[0] as Sourced
}

/** What happened, in order: status and date of each event. */
export const historyOf = ({ events }: { events: Item[] }) =>
  events.map(({ status, on, announcedOn }) => `${status} ${on ?? announcedOn ?? ''}`.trimEnd())
