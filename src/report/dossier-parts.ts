import type { DossierPart, DossierSection } from '../contract/dossier.ts'
import { type DossierMaterial, LINES } from './dossier-lines.ts'
import type { TextKey } from './language.ts'
import { textOf } from './language.ts'

/** A heading: which lines belong under it, and what it asks for that the record has no place for. */
interface Heading {
  id: string
  lines: readonly (keyof typeof LINES)[]
  /** Gaps that stand there always: this record cannot hold what they ask for. */
  always?: boolean
}

interface Framework {
  id: DossierPart['id']
  headings: readonly Heading[]
  /** Prefix of the rules that belong to it. */
  rules: string
}

/**
 * The headings of each framework. Annex IV to Regulation (EU) 2024/1689, points 1 to 9 with their letters; NYC Local Law 144 of 2021 with
 * 6 RCNY § 5-301 to 5-304; AI 事業者ガイドライン, the ten common guiding principles of part 2 (第2部 C 共通の指針).
 */
const FRAMEWORKS: readonly Framework[] = [
  {
    id: 'eu-annex-iv',
    rules: 'eu-ai-act/',
    headings: [
      { id: '1a', lines: ['identity', 'purpose', 'provider', 'lineage'] },
      { id: '1b', lines: [], always: true },
      { id: '1c', lines: [], always: true },
      { id: '1d', lines: ['forms'] },
      { id: '1e', lines: [], always: true },
      { id: '1g', lines: [], always: true },
      { id: '1h', lines: [], always: true },
      { id: '2a', lines: ['origin', 'lineage', 'baseClaims', 'licences'] },
      { id: '2b', lines: [], always: true },
      { id: '2c', lines: ['compute'] },
      { id: '2d', lines: [], always: true },
      { id: '2e', lines: ['oversight'] },
      { id: '2f', lines: ['charters'] },
      { id: '2g', lines: ['evaluations', 'impact'] },
      { id: '2h', lines: [], always: true },
      { id: '3', lines: ['impact', 'comparisons', 'evaluations', 'oversight', 'feedback'] },
      { id: '4', lines: [], always: true },
      { id: '5', lines: ['charters', 'incidents'] },
      { id: '6', lines: ['lineage', 'comparisons', 'sideFiles'] },
      { id: '7', lines: [], always: true },
      { id: '8', lines: ['conformity'] },
      { id: '9', lines: ['monitoring', 'incidents', 'impact'] },
    ],
  },
  {
    id: 'nyc-ll144',
    rules: 'nyc-ll144/',
    headings: [
      { id: 'audit', lines: ['impact'] },
      { id: 'source', lines: ['purpose'] },
      { id: 'published', lines: ['published'] },
      { id: 'notice', lines: ['notices'] },
    ],
  },
  {
    id: 'jp-guidelines',
    rules: 'jp-guidelines/',
    headings: [
      { id: 'human', lines: ['oversight', 'purpose'] },
      { id: 'safety', lines: ['evaluations', 'incidents'] },
      { id: 'fairness', lines: ['impact', 'comparisons'] },
      { id: 'privacy', lines: [], always: true },
      { id: 'security', lines: ['identity', 'forms', 'sideFiles'] },
      { id: 'transparency', lines: ['transparency', 'lineage'] },
      { id: 'accountability', lines: ['charters', 'provider', 'holders', 'origin'] },
      { id: 'literacy', lines: [], always: true },
      { id: 'competition', lines: ['licences'] },
      { id: 'innovation', lines: [], always: true },
    ],
  },
]

/** Every framework with what the record holds under each of its headings, and what it does not. */
export function dossierParts(material: DossierMaterial, rules: readonly string[]): DossierPart[] {
  const { t } = material
  return FRAMEWORKS.map(({ id, headings, rules: prefix }) => ({
    id,
    title: t(`dossier.part.${id}.title`),
    source: t(`dossier.part.${id}.source`),
    sections: headings.map((heading) => sectionOf(id, heading, material)),
    rules: rules.filter((rule) => rule.startsWith(prefix)),
  }))
}

/** A kind of line that a heading asks for and that nothing is on record of is a gap too. */
function sectionOf(part: DossierPart['id'], { id, lines, always }: Heading, material: DossierMaterial): DossierSection {
  const { t } = material
  const found = lines.map((kind) => ({ kind, lines: LINES[kind](material) }))
  const gaps = found
    .filter(({ kind, lines }) => lines.length === 0 && kind !== 'sideFiles' && kind !== 'incidents')
    .map(({ kind }) => ({
      text: t(`dossier.gap.${kind as GapKind}.text`),
      settle: t(`dossier.gap.${kind as GapKind}.settle`),
    }))
  const heading = textOf(t, `dossier.heading.${part}.${id}` satisfies string as TextKey)
  const outside = always ? [{ text: t('dossier.gap.outside.text'), settle: t('dossier.gap.outside.settle') }] : []
  return { id, heading, lines: found.flatMap((each) => each.lines), gaps: [...gaps, ...outside] }
}

/** Kinds of which nothing can be good news, and is no gap: incidents, changed files. */
type GapKind = Exclude<keyof typeof LINES, 'sideFiles' | 'incidents'>
