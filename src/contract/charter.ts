import { z } from 'zod'
import { MAX_NAME } from './actor.ts'
import { CHANGE_KINDS } from './scan.ts'

/** What `yukue charter` reads (docs/charter.md). Shipped as a JSON Schema for editors: schema/charter.schema.json. */

export const CHARTER_SCHEMA = 'yukue.charter/1'

/** As much as a statement takes; a charter is a page or two. */
export const MAX_CHARTER_TEXT = 262_144

/** Longer lists of anything are no longer an agreement that people keep in mind. */
const MAX_ENTRIES = 200

const word = z.string().trim().min(1).max(MAX_NAME)
const words = z.array(word).max(MAX_ENTRIES)
const day = z.iso.date()
const days = z.int().min(0).max(36_500)
const share = z.number().min(0).max(1)
const note = z.string().max(2_000)

/** Changes that take a limit of their own; `unclear` can never be agreed to, since nobody knows what it is. */
const PLAIN_CHANGES = z
  .enum(CHANGE_KINDS)
  .exclude(['quantised', 'adapter-merged', 'adapter', 'merged', 'pruned', 'unclear'])

const allowedChange = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('quantised'),
      bitsAtLeast: z.number().min(1).max(64).optional().describe('No coarser than so many bits a weight.'),
      note: note.optional(),
    })
    .describe('Put on a coarser grid of numbers.'),
  z
    .strictObject({
      kind: z.enum(['adapter-merged', 'adapter']),
      rankAtMost: z.int().min(1).max(4_096).optional().describe('Adapters (LoRA) of this rank at most.'),
      on: words
        .optional()
        .describe('Only on these projections, such as q_proj, v_proj; or attention, or mlp, for all of a kind.'),
      note: note.optional(),
    })
    .describe('A low-rank adapter (LoRA), added into the weights or beside them.'),
  z
    .strictObject({
      kind: z.literal('merged'),
      parents: z
        .enum(['any', 'commercial', 'under-this-charter'])
        .optional()
        .describe(
          'Which models may be the others: any; none whose licence forbids commercial use; or only models that this charter is for.',
        ),
      note: note.optional(),
    })
    .describe('Blended with other models.'),
  z
    .strictObject({
      kind: z.literal('pruned'),
      sparsityAtMost: share.optional().describe('No larger share of the weights set to zero.'),
      note: note.optional(),
    })
    .describe('Weights or parts taken out.'),
  z.strictObject({ kind: PLAIN_CHANGES, note: note.optional() }).describe('Allowed to any extent.'),
])

const holders = z
  .strictObject({
    allowed: words.describe(
      "Who may receive the model: organisations by name, others as 'team:…', 'system:…', 'person:…', as `yukue record` takes them.",
    ),
    confirmed: z.boolean().optional().describe('Whether every hand-over must be signed by both ends.'),
    note: note.optional(),
  })
  .describe('Who may have the model, or what was made from it.')

const changes = z
  .strictObject({
    allowed: z.array(allowedChange).max(MAX_ENTRIES).describe('Changes that may be made; every other may not.'),
    note: note.optional(),
  })
  .describe('How the model may be changed.')

const uses = z
  .strictObject({
    purposes: words
      .optional()
      .describe('Purposes that it may be used for, as deployments name them; every other is not agreed.'),
    refused: words.optional().describe('Purposes that it must never be used for.'),
    jurisdictions: words
      .optional()
      .describe('Where it may be used: country codes (JP, DE), EU, or as deployments name them.'),
    groups: words
      .optional()
      .describe('Groups of people whose treatment must be measured: columns of the audits, such as sex, age.'),
    note: note.optional(),
  })
  .describe('What the model may be used for, where, and whom that affects.')

const limits = z
  .strictObject({
    impactRatioAtLeast: share
      .optional()
      .describe('Selection rate of each group ÷ that of the best-off one, in the latest audit.'),
    flipsAtMost: share.optional().describe('Share of answers that may be other than the parent’s.'),
    flipsByGroupAtMost: share.optional().describe('The same within each group.'),
    auditAgeAtMostDays: days.optional().describe('Days since the latest audit.'),
    evaluationAgeAtMostDays: days.optional().describe('Days since the latest evaluation.'),
    note: note.optional(),
  })
  .describe('What measurements must show.')

/** What can be asked for as evidence; each is something that the ledger can hold. */
export const EVIDENCE = [
  'origin',
  'licence',
  'evaluation',
  'safety-evaluation',
  'audit',
  'comparison',
  'confirmed-hand-over',
  'approved-form',
  'site-as-approved',
] as const
export type Evidence = (typeof EVIDENCE)[number]

export const CHARTER_STEPS = ['build', 'distribution', 'operation'] as const

const evidenceList = z.array(z.enum(EVIDENCE)).max(EVIDENCE.length)

const evidence = z
  .strictObject({
    build: evidenceList.optional().describe('Before it counts as built: holds for every model of this charter.'),
    distribution: evidenceList.optional().describe('Before it goes to others: holds once somebody else has it.'),
    operation: evidenceList.optional().describe('While it is in use: holds for every site.'),
    note: note.optional(),
  })
  .describe('What must be on record at each step.')

/** What a contact acts on. */
export const CONTACT_MATTERS = [
  'departure',
  'undecided',
  'incident',
  'holders',
  'changes',
  'uses',
  'limits',
  'evidence',
] as const
export type ContactMatter = (typeof CONTACT_MATTERS)[number]

const contact = z.strictObject({
  name: word.describe('Who acts. A function (Head of Risk) outlasts a person, and is no personal data.'),
  for: z.array(z.enum(CONTACT_MATTERS)).min(1).optional().describe('On what; on everything where nothing is said.'),
  withinDays: days.describe('Days that they have, from the day on which it shows.'),
  reach: word.optional().describe('How they are reached.'),
})

export const INCIDENT_SEVERITIES = ['low', 'medium', 'high'] as const

const incidents = z
  .strictObject({
    tellHoldersWithinDays: days.optional().describe('Everyone who has the model is told within so many days.'),
    measureAgain: z
      .boolean()
      .optional()
      .describe('Whether what descends counts as departed until it was measured again.'),
    stopUseFrom: z
      .enum(INCIDENT_SEVERITIES)
      .optional()
      .describe('From this severity on the model is taken out of use until measured again.'),
    note: note.optional(),
  })
  .describe('What happens when something goes wrong.')

export const charter = z
  .strictObject({
    schema: z.literal(CHARTER_SCHEMA),
    name: z
      .string()
      .max(80)
      .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u)
      .describe('Under which the versions of this charter are kept: letters, digits, dots, dashes.'),
    title: word.optional().describe('As people call it.'),
    models: z
      .array(word)
      .min(1)
      .max(MAX_ENTRIES)
      .describe(
        'The models that it is for, and with each everything made from it: names or ids on record, or declared:provider/name@version.',
      ),
    accountable: word.describe('Who answers for it.'),
    inForce: z
      .strictObject({
        from: day.optional().describe('The first day; the day on which it is signed where nothing is said.'),
        until: day.optional().describe('The last day; none where nothing is said.'),
      })
      .optional()
      .describe('When it holds. Days are those of UTC.'),
    holders: holders.optional(),
    changes: changes.optional(),
    uses: uses.optional(),
    limits: limits.optional(),
    evidence: evidence.optional(),
    contacts: z.array(contact).max(MAX_ENTRIES).optional().describe('Who acts, on what, and within how many days.'),
    rules: words
      .optional()
      .describe('Rule packs that apply beside this charter, such as eu-ai-act, nyc-ll144, licences.'),
    incidents: incidents.optional(),
    note: note.optional(),
  })
  .describe('What is agreed for a model and everything made from it.')

export type Charter = z.infer<typeof charter>
export type AllowedChange = z.infer<typeof allowedChange>
export type CharterContact = z.infer<typeof contact>

/** Sections that a charter can have; one that is missing says nothing of its matter. */
export const CHARTER_SECTIONS = [
  'holders',
  'changes',
  'uses',
  'limits',
  'evidence',
  'incidents',
  'contacts',
  'rules',
] as const

/** Why a charter cannot be read; each has a text in every catalogue. */
export const CHARTER_FAULTS = [
  'syntax',
  'missing',
  'unknown-key',
  'wrong-kind',
  'not-one-of',
  'too-small',
  'too-large',
  'bad-text',
  'too-long',
] as const

/** The first thing that is wrong with a charter, and where: line and column from 1. */
export interface CharterFault {
  why: (typeof CHARTER_FAULTS)[number]
  line: number
  column: number
  /** Of the value, as `changes.allowed[1].kind`. */
  at: string
  /** What stands there, or what the parser says. */
  found: string
  /** What could stand there; empty where that would be a long story. */
  expected: string
}
