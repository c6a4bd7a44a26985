import { z } from 'zod'

/** A rule's file is written by hand: whatever is longer is a mistake, or an attack. */
const line = z.string().min(1).max(2_000)
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

/** One text for every language, or one for each. */
const texts = z.union([line, z.strictObject({ en: line, ja: line })])

const rule = z.strictObject({
  /** Unique; shown behind the name of the file's rules, as `company/retention`. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  /** `model`: asked once of a model. `site`: asked of a model at each of its sites. */
  scope: z.enum(['model', 'site']),
  /** The policy, contract or law that it comes from. */
  source: line,
  /** The first day on which it is in force. */
  from: day.optional(),
  /** The first day on which it is no more. */
  until: day.optional(),
  /** CEL over named facts (docs/check.md); it asks of everything unless given. */
  applies: line.optional(),
  /** CEL over named facts: what has to hold. */
  requires: line,
  title: texts,
  /** `{{fact}}` is replaced by the value of that fact. */
  reasons: z
    .strictObject({ meets: texts.optional(), departs: texts.optional(), undecided: texts.optional() })
    .optional(),
  /** What to do where it departs. */
  todo: texts.optional(),
  /** Who answers for it. */
  who: line.optional(),
  /** A day. */
  by: day.optional(),
})

/** A company's own rules: `yukue check --rules FILE`, in YAML or JSON. Shipped as schema/rules.schema.json. */
export const rulesFile = z.strictObject({
  schema: z.literal('yukue.rules/1'),
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  title: texts.optional(),
  rules: z.array(rule).min(1).max(1_000),
})

export type RulesFile = z.infer<typeof rulesFile>
