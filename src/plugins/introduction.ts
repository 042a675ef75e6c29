/** The front page of the contract: the registry in one screen. */
export const introduction = `An open registry of advanced therapies (CAR-T and other cell, gene and tissue therapies) and of what regulators decided on them.

## What there is

| Word | Meaning | Such as |
| --- | --- | --- |
| **therapy** | a product, or a platform behind several: its names, what it is made of, who makes it | \`lasme-cel\` |
| **designation** | a therapy in a *program* of an *authority*, for an *indication* | RMAT of the FDA for R/R B-ALL |
| **application** | a therapy before an authority: IND, CTA, BLA, MAA … | a BLA, approved on 2024-11-08 |
| **trial** | a registered study of therapies | \`nct04150497\` |
| **event** | what happened to one of these three: requested, granted, cleared, approved … and when | granted, 2021-11-08 |
| **evidence** | what an event or a therapy rests on: a place in a *source*, quoted where it was read | a press release |

The registry is a ledger of dated, sourced events. Status, dates and holder of a designation or an application follow from its events and are never written.

- **Dates are partial**: \`2023\`, \`2023-Q1\`, \`2023-02\` or \`2023-02-11\`, as precise as the source was.
- **A grant is often only announced**: then \`grantedOn\` is null and \`announcedOn\` has its date; \`announcedFrom\` and \`announcedTo\` find it.
- **Unknown is not no**: what is missing was never told to us.
- **An IND that is cleared lets a trial begin**; it is no approval, and neither is a designation.
- **References** are written as a slug or an id, and read as \`{id, slug, name}\`.

## How to find

\`searchRecords\` takes any words, in any spelling; paths take any name of a record. Lists filter by the parameters named like their fields: different ones combine with AND, a repeated one with OR, \`!\` before a value negates it, \`none\` finds what has none. \`asOf=2022-12-31\` asks for the world as it was then.

\`fields=slug,name\` answers only those, so that all others are absent, whatever a schema requires; \`include=designations\` adds related lists. A page ends with \`page.next\`, the \`cursor\` of the next; \`export\` streams everything. Lists and exports are JSON, NDJSON (a record a line) or CSV, by \`Accept\`. \`count…\`, \`findFirstDesignations\` and \`measureIntervals\` answer what would take many pages.

## How to ask

- **Keys**: everybody may read. Writing needs \`Authorization: Bearer rmat_…\`.
- **Caching**: every record and page has an \`ETag\`; with \`If-None-Match\` it is not sent twice (304), and with \`If-Match\` nobody's change is overwritten (412).
- **Limits**: where there are any, \`RateLimit\` in each answer says how many requests are left, and \`RateLimit-Policy\` how many there are. A 304 is free.
- **Errors** are problem documents (RFC 9457), and say what would be right.
- **Repeating** a POST with the same \`Idempotency-Key\` creates nothing twice.`
