import { type FindingCode, type FindingValues, findingValues } from '../contract/finding.ts'
import type { Finding } from '../read/model-file.ts'
import type { Translate } from './language.ts'

/**
 * What was found, in the reader's language where the code and its values are known, else as written when it was found. The
 * values are as found: escape the result before showing it.
 */
export function findingMessage(t: Translate, finding: Finding): string {
  const known = knownFinding(finding)
  if (known !== null) return text(t, known)
  const code = DETAILED.find((code) => code === finding.code)
  return code ? t(`findingDetail.${code}`, { message: finding.message }) : finding.message
}

/** Findings whose message is the reader's own, naming what stands in the file; a catalogue may say in front what it means. */
const DETAILED = [
  'pickle-import',
  'broken-pickle',
  'object-array',
  'keras-lambda',
  'external-path',
  'unsafe-op',
  'custom-layer',
  'unclaimed-bytes',
  'unsupported-tensor-type',
  'unsupported',
  'unread-tensor',
  'unknown-row-order',
  'training-state',
] as const

type Known = { [C in FindingCode]: { code: C; values: FindingValues<C> } }[FindingCode]

/** Null for a code of a newer version, and for one whose values are not those of this version. */
function knownFinding({ code, values = {} }: Finding): Known | null {
  if (!Object.hasOwn(findingValues, code)) return null
  const parsed = findingValues[code as FindingCode].safeParse(values)
  return parsed.success ? ({ code, values: parsed.data } as Known) : null
}

function text(t: Translate, { code, values }: Known): string {
  switch (code) {
    case 'custom-op':
      return t('finding.custom-op', values)
    case 'name-contradicts-content':
      return t('finding.name-contradicts-content', values)
    case 'name-changed-bytes':
      return t('finding.name-changed-bytes', values)
    case 'no-weights':
      return t('finding.no-weights')
    case 'side-files-changed':
      return t('finding.side-files-changed', values)
    case 'unrecorded-place':
      return t('finding.unrecorded-place')
    case 'non-finite-weights':
      return t('finding.non-finite-weights', values)
    case 'shadowed-tensors':
      return t('finding.shadowed-tensors', values)
    case 'unindexed-tensors':
      return t('finding.unindexed-tensors', values)
    case 'unread-packing':
      return t('finding.unread-packing', values)
  }
}
