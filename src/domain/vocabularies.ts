/**
 * The closed word lists of the registry. Each stands here once: tables take `.values`, schemas take `.values`
 * and `.describe()`, documents print `.descriptions`.
 */

/** A closed list of words, each with one sentence that says what it means. */
export interface Vocabulary<Word extends string> {
  /** The words in their natural order; never empty, so that it fits a database or JSON-schema enum. */
  readonly values: readonly [Word, ...Word[]]
  readonly descriptions: Readonly<Record<Word, string>>
  /** Whether a text is one of the words. */
  has(text: string): text is Word
  /** The list in Markdown, one word a line, for documents and the contract. */
  describe(): string
}

/** The words of a vocabulary as a type: `WordOf<typeof modalities>`. */
export type WordOf<List> = List extends Vocabulary<infer Word> ? Word : never

type Term<Word extends string> = readonly [word: Word, description: string]

// Pairs and not an object literal: an object would move the integer-like phases '1', '2', '3' to its front.
function vocabulary<const Word extends string>(
  first: Term<Word>,
  ...rest: readonly Term<Word>[]
): Vocabulary<Word> {
  const terms = [first, ...rest]
  const words = new Set<string>(terms.map(([word]) => word))
  return Object.freeze({
    values: Object.freeze([first[0], ...rest.map(([word]) => word)] as const),
    descriptions: Object.freeze(Object.fromEntries(terms) as Record<Word, string>),
    has: (text: string): text is Word => words.has(text),
    describe: () => terms.map(([word, description]) => `- \`${word}\`: ${description}`).join('\n'),
  })
}

/** A vocabulary less some of its words. */
function without<Word extends string, const Left extends Word>(
  list: Vocabulary<Word>,
  ...left: readonly Left[]
): Vocabulary<Exclude<Word, Left>> {
  const isKept = (word: Word): word is Exclude<Word, Left> => !(left as readonly Word[]).includes(word)
  const terms = list.values.filter(isKept).map((word) => [word, list.descriptions[word]] as const)
  const [first, ...rest] = terms as [(typeof terms)[number], ...typeof terms]
  return vocabulary<Exclude<Word, Left>>(first, ...rest)
}

export const modalities = vocabulary(
  ['car-t', 'T cells given a chimeric antigen receptor.'],
  ['tcr-t', 'T cells given a T-cell receptor of chosen specificity.'],
  ['car-nk', 'Natural killer cells given a chimeric antigen receptor.'],
  ['nk-cell', 'Natural killer cells without a chimeric antigen receptor.'],
  ['til', 'Tumour-infiltrating lymphocytes, expanded from the tumour.'],
  ['cik', 'Cytokine-induced killer cells, with or without a chimeric antigen receptor.'],
  ['msc', 'Mesenchymal stromal (stem) cells.'],
  ['stem-cell', 'Stem or progenitor cells other than mesenchymal ones, and cells derived from them.'],
  ['other-cell-therapy', 'A cell therapy that none of the other words names.'],
  ['gene-therapy', 'A gene delivered in vivo, or added to cells ex vivo without editing the genome.'],
  ['gene-editing', 'A genome changed at a chosen place, in vivo or ex vivo.'],
  ['oncolytic-virus', 'A virus that multiplies in tumour cells and destroys them.'],
  ['tissue-engineered', 'Cells or tissues engineered to repair, regenerate or replace tissue.'],
  ['platform', 'A technology or vector shared by several products, not a product itself.'],
)
export type Modality = WordOf<typeof modalities>

export const cellOrigins = vocabulary(
  ['autologous', 'Cells of the patient.'],
  ['allogeneic', 'Cells of another human being.'],
  ['xenogeneic', 'Cells of an animal.'],
)
export type CellOrigin = WordOf<typeof cellOrigins>

export const cellSources = vocabulary(
  ['peripheral-blood', 'Peripheral blood, leukapheresis included.'],
  ['cord-blood', 'Umbilical cord blood.'],
  ['bone-marrow', 'Bone marrow.'],
  ['adipose', 'Fat tissue.'],
  ['embryonic', 'Embryonic stem cells.'],
  ['ipsc', 'Induced pluripotent stem cells.'],
  ['retinal', 'Retina or retinal pigment epithelium.'],
  ['tumor', 'Tumour tissue.'],
  ['other', 'A source that none of the other words names.'],
)
export type CellSource = WordOf<typeof cellSources>

export const vectors = vocabulary(
  ['lentiviral', 'A lentivirus.'],
  ['retroviral', 'A gammaretrovirus.'],
  ['aav', 'An adeno-associated virus.'],
  ['adenoviral', 'An adenovirus.'],
  ['hsv', 'A herpes simplex virus.'],
  ['transposon', 'A transposon system such as Sleeping Beauty or piggyBac.'],
  ['plasmid', 'Naked plasmid DNA.'],
  ['mrna', 'Messenger RNA.'],
  ['lipid-nanoparticle', 'Lipid nanoparticles.'],
)
export type Vector = WordOf<typeof vectors>

export const stages = vocabulary(
  ['preclinical', 'Not yet tested in people.'],
  ['ind', 'Cleared for a first clinical trial that has not started yet.'],
  ['phase-1', 'In a phase 1 trial.'],
  ['phase-1-2', 'In a phase 1/2 trial.'],
  ['phase-2', 'In a phase 2 trial.'],
  ['phase-2-3', 'In a phase 2/3 trial.'],
  ['phase-3', 'In a phase 3 trial.'],
  ['submitted', 'A marketing application is under review.'],
  ['approved', 'Approved for the market by at least one authority.'],
  ['withdrawn', 'Was approved and is no longer on any market.'],
  ['discontinued', 'Development was ended before any approval.'],
)
export type Stage = WordOf<typeof stages>

export const nameTypes = vocabulary(
  ['inn', 'An international nonproprietary name, or a national one such as a USAN.'],
  ['code', 'A development code of a sponsor.'],
  ['brand', 'A trade name.'],
  ['abbreviation', 'A short form in common use.'],
  ['synonym', 'Any other name.'],
)
export type NameType = WordOf<typeof nameTypes>

export const organizationRoles = vocabulary(
  ['sponsor', 'Takes the regulatory responsibility for the therapy.'],
  ['developer', 'Develops or developed the therapy.'],
  ['partner', 'Develops or sells the therapy together with another organization.'],
  ['licensor', 'Granted a licence to the therapy.'],
  ['licensee', 'Took a licence to the therapy.'],
  ['investigator', 'Leads a study of the therapy without being a commercial sponsor.'],
  ['manufacturer', 'Makes the therapy.'],
)
export type OrganizationRole = WordOf<typeof organizationRoles>

export const organizationKinds = vocabulary(
  ['company', 'A company.'],
  ['academic', 'A university or another academic body.'],
  ['institute', 'A research institute.'],
  ['hospital', 'A hospital or a hospital group.'],
  ['foundation', 'A foundation.'],
  ['nonprofit', 'A non-profit organization that is not a foundation.'],
  ['government', 'A public body.'],
  ['person', 'A natural person, for example the first holder of an orphan designation.'],
)
export type OrganizationKind = WordOf<typeof organizationKinds>

export const sourceKinds = vocabulary(
  ['press-release', 'A statement of a sponsor or partner, filings with a stock exchange included.'],
  ['news', 'A report of a news outlet.'],
  ['regulator', 'A publication of a regulator.'],
  ['registry', 'An entry of a trial registry, written by the sponsor of the trial.'],
  ['article', 'An article in a scientific journal, or a conference abstract.'],
  ['review', 'A review or a compilation of other sources.'],
)
export type SourceKind = WordOf<typeof sourceKinds>

export const evidenceGrades = vocabulary(
  ['regulator-published', 'The regulator itself says so.'],
  ['sponsor-announced', 'The sponsor says so.'],
  ['third-party-reported', 'Somebody else says so.'],
)
export type EvidenceGrade = WordOf<typeof evidenceGrades>

/** How much a piece of evidence weighs follows from who wrote its source. */
export const gradeOfSource: Readonly<Record<SourceKind, EvidenceGrade>> = Object.freeze({
  'press-release': 'sponsor-announced',
  news: 'third-party-reported',
  regulator: 'regulator-published',
  // A registry publishes what the sponsor submits, without vouching for it.
  registry: 'sponsor-announced',
  article: 'third-party-reported',
  review: 'third-party-reported',
})

const ind = ['IND', 'Investigational new drug application (US): leave to start clinical trials.'] as const
const cta = ['CTA', 'Clinical trial application (EU, GB, CA and others): leave to start a trial.'] as const

/** Applications for leave to test in people; all the others ask for leave to sell or to treat. */
export const clinicalTrialApplicationTypes = vocabulary(ind, cta)

export const applicationTypes = vocabulary(
  ind,
  cta,
  ['BLA', 'Biologics license application (US).'],
  ['NDA', 'New drug application (US, CN and others).'],
  ['MAA', 'Marketing authorisation application (EU, GB).'],
  ['NDS', 'New drug submission (CA).'],
  ['marketing-authorisation', 'A marketing authorisation whose application type the source does not name.'],
  ['hospital-exemption', 'A hospital exemption under Article 3(7) of Directive 2001/83/EC (EU).'],
)
export type ApplicationType = WordOf<typeof applicationTypes>

export const trialRegistries = vocabulary(
  ['clinicaltrials.gov', 'ClinicalTrials.gov (US): NCT numbers.'],
  ['eudract', 'EudraCT and the EU Clinical Trials Register.'],
  ['ctis', 'The Clinical Trials Information System of the EU.'],
  ['chictr', 'The Chinese Clinical Trial Registry.'],
  ['jrct', 'The Japan Registry of Clinical Trials.'],
  ['umin', 'The UMIN Clinical Trials Registry (JP).'],
  ['isrctn', 'The ISRCTN registry (GB).'],
  ['ctri', 'The Clinical Trials Registry of India.'],
  ['other', 'A registry that none of the other words names.'],
)
export type TrialRegistry = WordOf<typeof trialRegistries>

export const trialPhases = vocabulary(
  ['early-1', 'Early phase 1, formerly phase 0.'],
  ['1', 'Phase 1.'],
  ['1/2', 'Phase 1/2.'],
  ['2', 'Phase 2.'],
  ['2/3', 'Phase 2/3.'],
  ['1/2/3', 'Phase 1/2/3.'],
  ['3', 'Phase 3.'],
  ['4', 'Phase 4, after approval.'],
)
export type TrialPhase = WordOf<typeof trialPhases>

export const trialStatuses = vocabulary(
  ['not-yet-recruiting', 'Planned; nobody is enrolled yet.'],
  ['recruiting', 'Open to participants.'],
  ['enrolling-by-invitation', 'Open only to people who are invited.'],
  ['active-not-recruiting', 'Going on and closed to new participants.'],
  ['ongoing', 'Going on; the source does not say whether it recruits.'],
  ['suspended', 'Halted, and may go on.'],
  ['completed', 'Ended as planned.'],
  ['terminated', 'Ended early after somebody was enrolled.'],
  ['withdrawn', 'Ended before anybody was enrolled.'],
  ['unknown', 'The registry says that its last known status is out of date.'],
)
export type TrialStatus = WordOf<typeof trialStatuses>

export const designationEventStatuses = vocabulary(
  ['requested', 'The sponsor asked for the designation.'],
  ['granted', 'The authority granted the designation.'],
  ['denied', 'The authority denied the request.'],
  ['amended', 'The designated indication was changed; the status stays.'],
  ['transferred', 'The designation went to another organization; the status stays.'],
  ['withdrawn', 'The sponsor gave the designation, or the request for it, up.'],
  ['rescinded', 'The authority took the designation back.'],
)
export type DesignationEventStatus = WordOf<typeof designationEventStatuses>

export const applicationEventStatuses = vocabulary(
  ['submitted', 'The application was sent to the authority.'],
  ['accepted', 'The authority accepted the application for review.'],
  ['refused', 'The authority refused to file or to validate the application.'],
  ['goal-date', 'The day by which a decision is due, such as a PDUFA date.'],
  ['cleared', 'Trials under the application may begin; this is no approval.'],
  ['clinical-hold', 'The authority halted all trials under the application.'],
  ['partial-hold', 'The authority halted a part of the trials.'],
  ['hold-lifted', 'The authority lifted a hold.'],
  ['complete-response', 'The authority ended a review cycle without approval and named what is missing.'],
  ['complete-response-rescinded', 'The authority took its complete response back; the review goes on.'],
  ['resubmitted', 'The application was sent again after a negative answer.'],
  ['approved', 'The authority approved the product.'],
  [
    'conditionally-approved',
    'The authority approved the product under conditions, such as for a limited time.',
  ],
  ['not-approved', 'The authority decided against approval.'],
  ['withdrawn', 'The applicant took the application back.'],
  ['revoked', 'The authority took an approval back.'],
  ['marketing-withdrawn', 'The holder took an approved product off the market or gave the approval up.'],
)
export type ApplicationEventStatus = WordOf<typeof applicationEventStatuses>

/** What may happen to an IND or a CTA: it is cleared or held, never approved. */
export const clinicalTrialApplicationEventStatuses = without(
  applicationEventStatuses,
  'refused',
  'goal-date',
  'complete-response',
  'complete-response-rescinded',
  'approved',
  'conditionally-approved',
  'not-approved',
  'revoked',
  'marketing-withdrawn',
)
export type ClinicalTrialApplicationEventStatus = WordOf<typeof clinicalTrialApplicationEventStatuses>

/** What may happen to an application for leave to sell or to treat: it is approved or not, never cleared. */
export const marketingApplicationEventStatuses = without(
  applicationEventStatuses,
  'cleared',
  'clinical-hold',
  'partial-hold',
  'hold-lifted',
)
export type MarketingApplicationEventStatus = WordOf<typeof marketingApplicationEventStatuses>

/** The event statuses that an application of a type can take. */
export function statusesOf(
  type: ApplicationType,
): Vocabulary<ClinicalTrialApplicationEventStatus> | Vocabulary<MarketingApplicationEventStatus> {
  return clinicalTrialApplicationTypes.has(type)
    ? clinicalTrialApplicationEventStatuses
    : marketingApplicationEventStatuses
}

export const trialEventStatuses = vocabulary(
  ['registered', 'The trial was entered in a registry.'],
  ['started', 'The trial began.'],
  ['first-patient', 'The first participant was enrolled or dosed.'],
  ['interim-analysis', 'Data were analysed before the trial was over.'],
  ['primary-completion', 'The data of the primary outcome were complete.'],
  ['readout', 'Results were made known.'],
  ['terminated', 'The trial was ended early.'],
)
export type TrialEventStatus = WordOf<typeof trialEventStatuses>

/** What a designation can be: its events less those that change its indication or holder and not its status. */
export const designationStatuses = without(designationEventStatuses, 'amended', 'transferred')
export type DesignationStatus = WordOf<typeof designationStatuses>

/** What an application can be: its events less the day by which a decision is due. */
export const applicationStatuses = without(applicationEventStatuses, 'goal-date')
export type ApplicationStatus = WordOf<typeof applicationStatuses>

/** What the bearer of a key may do; each word includes those before it. */
export const scopes = vocabulary(
  ['read', 'Read everything.'],
  ['write', 'Read everything; create, change and delete records.'],
  ['admin', 'All of that; make, see and revoke keys.'],
)
export type Scope = WordOf<typeof scopes>
