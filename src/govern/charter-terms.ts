import type { Charter, ContactMatter, Evidence } from '../contract/charter.ts'
import { evidenceTodo } from './charter-evidence.ts'
import type { Texts } from './facts.ts'
import type { Rule } from './rule.ts'

/** A section of a charter as a rule: what it asks, in words that need no more of it than its figures. */
export interface Term {
  id: string
  matter: ContactMatter
  scope: Rule['scope']
  /** CEL over the facts of `CHARTER_FACTS`. */
  applies?: string
  requires: string
  title: Texts
  meets: Texts
  departs: Texts
  todo: Texts
  /** Of the charter, as `uses.purposes`. */
  section: string
}

/** What stands in a charter is put into a text that is filled with facts: braces of its own would be taken for their names. */
function quoted(texts: readonly (string | number)[]): string {
  return texts.join(', ').replaceAll('{{', '{ {')
}

/** What a charter says, as rules: one for each thing. What it does not speak of has no rule. */
export function termsOf({ holders, changes, uses, limits, evidence, incidents }: Charter): Term[] {
  const terms: Term[] = []
  if (holders) terms.push(HOLDERS)
  if (holders?.confirmed) terms.push(HAND_OVERS)
  if (changes) terms.push(CHANGES)
  if (uses?.purposes) terms.push(purposesTerm(uses.purposes))
  if (uses?.refused?.length) terms.push(REFUSED)
  if (uses?.jurisdictions) terms.push(jurisdictionsTerm(uses.jurisdictions))
  if (uses?.groups?.length) terms.push(GROUPS)
  if (limits?.impactRatioAtLeast !== undefined) terms.push(impactTerm(limits.impactRatioAtLeast))
  if (limits?.flipsAtMost !== undefined) terms.push(flipsTerm('flips', 'charterFlips', limits.flipsAtMost))
  if (limits?.flipsByGroupAtMost !== undefined)
    terms.push(flipsTerm('flips-by-group', 'charterGroupFlips', limits.flipsByGroupAtMost))
  if (limits?.auditAgeAtMostDays !== undefined)
    terms.push(ageTerm('audit-age', 'charterAuditAge', limits.auditAgeAtMostDays))
  if (limits?.evaluationAgeAtMostDays !== undefined)
    terms.push(ageTerm('evaluation-age', 'charterEvaluationAge', limits.evaluationAgeAtMostDays))
  if (evidence?.build?.length) terms.push(evidenceTerm('build', 'charterMissingAtBuild', evidence.build))
  if (evidence?.distribution?.length)
    terms.push({
      ...evidenceTerm('distribution', 'charterMissingAtDistribution', evidence.distribution),
      applies: 'charterIsDistributed',
    })
  if (evidence?.operation?.length)
    terms.push({
      ...evidenceTerm('operation', 'charterMissingInOperation', evidence.operation),
      scope: 'site',
      applies: 'charterIsUsed',
    })
  if (incidents?.measureAgain) terms.push(MEASURE_AGAIN)
  if (incidents?.stopUseFrom !== undefined) terms.push(STOP_USE)
  if (incidents?.tellHoldersWithinDays !== undefined) terms.push(tellTerm(incidents.tellHoldersWithinDays))
  return terms
}

const HOLDERS: Term = {
  id: 'holders',
  matter: 'holders',
  scope: 'model',
  section: 'holders.allowed',
  requires: 'size(charterUnlistedHolders) == 0',
  title: { en: 'Who may have it', ja: '誰が保有してよいか' },
  meets: {
    en: 'Everyone on record as having it is listed in the charter.',
    ja: '記録されている保有者は、すべて憲章に定められています。',
  },
  departs: {
    en: 'On record as having it without being listed: {{charterUnlistedHolders}}.',
    ja: '定めのない保有者がいます: {{charterUnlistedHolders}}。',
  },
  todo: {
    en: 'Have the copies deleted and recorded as retired, or agree on the holder in a new version.',
    ja: '複製を削除させて廃止を記録するか、新しい版で保有を認める。',
  },
}

const HAND_OVERS: Term = {
  id: 'hand-overs',
  matter: 'holders',
  scope: 'model',
  section: 'holders.confirmed',
  requires: 'size(charterUnconfirmedHandOvers) == 0',
  title: { en: 'Hand-overs signed by both ends', ja: '双方が署名した引き渡し' },
  meets: {
    en: 'Every hand-over on record is signed by both ends.',
    ja: '記録されている引き渡しは、すべて双方が署名しています。',
  },
  departs: {
    en: 'Signed by one end only: {{charterUnconfirmedHandOvers}}.',
    ja: '一方だけが署名した引き渡しがあります: {{charterUnconfirmedHandOvers}}。',
  },
  todo: {
    en: 'Ask the other end for a receipt: yukue record receipt OFFER.',
    ja: '相手方に受領書を求める: yukue record receipt オファー。',
  },
}

const CHANGES: Term = {
  id: 'changes',
  matter: 'changes',
  scope: 'model',
  section: 'changes.allowed',
  requires: 'size(charterChangesNotAgreed) == 0',
  title: { en: 'How it may be changed', ja: 'どう変更してよいか' },
  meets: {
    en: 'Every change measured since the charter’s model is agreed.',
    ja: '憲章のモデルから測定された変更は、すべて認められています。',
  },
  departs: {
    en: 'Changed as is not agreed: {{charterChangesNotAgreed}}.',
    ja: '認められていない変更があります: {{charterChangesNotAgreed}}。',
  },
  todo: {
    en: 'Take the changed model out of use, or agree on the change in a new version.',
    ja: '変更されたモデルの使用を止めるか、新しい版で変更を認める。',
  },
}

const REFUSED: Term = {
  id: 'refused-purposes',
  matter: 'uses',
  scope: 'site',
  section: 'uses.refused',
  applies: 'charterIsUsed',
  requires: 'size(charterPurposesRefused) == 0',
  title: { en: 'What it must never be used for', ja: '決して使ってはならない用途' },
  meets: { en: 'It is used for none of the refused purposes here.', ja: 'ここでは禁じられた用途に使われていません。' },
  departs: {
    en: 'Used here for what the charter refuses: {{charterPurposesRefused}}.',
    ja: '憲章が禁じる用途に使われています: {{charterPurposesRefused}}。',
  },
  todo: {
    en: 'Stop this use, and record its end: yukue record retired MODEL --site SITE.',
    ja: 'この使用を止め、終了を記録する: yukue record retired モデル --site 現場。',
  },
}

const GROUPS: Term = {
  id: 'groups',
  matter: 'uses',
  scope: 'site',
  section: 'uses.groups',
  applies: 'charterIsUsed',
  requires: 'size(charterGroupsNotMeasured) == 0',
  title: { en: 'Groups that must be measured', ja: '測るべき集団' },
  meets: {
    en: 'An audit here has measured every group of the charter.',
    ja: '憲章が定める集団は、ここの監査ですべて測られています。',
  },
  departs: {
    en: 'No audit here has measured: {{charterGroupsNotMeasured}}.',
    ja: 'ここの監査で測られていない集団があります: {{charterGroupsNotMeasured}}。',
  },
  todo: {
    en: 'Audit the decisions with these columns: yukue audit LOG --by COLUMN.',
    ja: 'これらの列を指定して判断を監査する: yukue audit ログ --by 列。',
  },
}

const MEASURE_AGAIN: Term = {
  id: 'incidents',
  matter: 'incident',
  scope: 'model',
  section: 'incidents.measureAgain',
  requires: 'size(charterOpenIncidents) == 0',
  title: { en: 'Measured again after incidents', ja: 'インシデント後の再測定' },
  meets: {
    en: 'It is exposed to no incident on record that was not measured since.',
    ja: '再測定されていないインシデントはありません。',
  },
  departs: {
    en: 'Exposed, and not measured since: {{charterOpenIncidents}}.',
    ja: '再測定されていないインシデントの影響下にあります: {{charterOpenIncidents}}。',
  },
  todo: {
    en: 'Evaluate this model itself, and record it: yukue record evaluated MODEL --suite NAME.',
    ja: 'このモデル自体を評価し、記録する: yukue record evaluated モデル --suite 名称。',
  },
}

const STOP_USE: Term = {
  id: 'stop-use',
  matter: 'incident',
  scope: 'site',
  section: 'incidents.stopUseFrom',
  applies: 'charterIsUsed',
  requires: 'size(charterStoppingIncidents) == 0',
  title: { en: 'Taken out of use after grave incidents', ja: '重大なインシデント後の使用停止' },
  meets: { en: 'No incident on record stops its use here.', ja: '使用を止めるべきインシデントはありません。' },
  departs: {
    en: 'In use in spite of: {{charterStoppingIncidents}}.',
    ja: '次のインシデントにもかかわらず使用されています: {{charterStoppingIncidents}}。',
  },
  todo: { en: 'Stop its use here until it has been measured again.', ja: '再測定までここでの使用を止める。' },
}

function purposesTerm(purposes: readonly string[]): Term {
  const list = quoted(purposes)
  return {
    id: 'purposes',
    matter: 'uses',
    scope: 'site',
    section: 'uses.purposes',
    applies: 'charterIsUsed',
    requires: 'size(charterPurposesNotAgreed) == 0',
    title: { en: 'What it may be used for', ja: '何に使ってよいか' },
    meets: { en: 'It is used here for an agreed purpose.', ja: 'ここでの用途は認められています。' },
    departs: {
      en: `Used here for {{charterPurposesNotAgreed}}; agreed is: ${list}.`,
      ja: `ここでの用途は{{charterPurposesNotAgreed}}です。認められている用途: ${list}。`,
    },
    todo: {
      en: 'Stop this use, or agree on the purpose in a new version.',
      ja: 'この使用を止めるか、新しい版で用途を認める。',
    },
  }
}

function jurisdictionsTerm(places: readonly string[]): Term {
  const list = quoted(places)
  return {
    id: 'jurisdictions',
    matter: 'uses',
    scope: 'site',
    section: 'uses.jurisdictions',
    applies: 'charterIsUsed',
    requires: 'size(charterPlacesNotAgreed) == 0',
    title: { en: 'Where it may be used', ja: 'どこで使ってよいか' },
    meets: { en: 'It is used where that is agreed.', ja: '認められた場所で使われています。' },
    departs: {
      en: `Used in {{charterPlacesNotAgreed}}; agreed is: ${list}.`,
      ja: `{{charterPlacesNotAgreed}}で使われています。認められている場所: ${list}。`,
    },
    todo: {
      en: 'Stop this use, or agree on the place in a new version.',
      ja: 'この使用を止めるか、新しい版で場所を認める。',
    },
  }
}

function impactTerm(least: number): Term {
  return {
    id: 'impact-ratio',
    matter: 'limits',
    scope: 'model',
    section: 'limits.impactRatioAtLeast',
    requires: `charterLowestImpactRatio >= ${double(least)}`,
    title: { en: 'Impact ratio of every group', ja: '各集団の影響比' },
    meets: {
      en: `The lowest impact ratio is {{charterLowestImpactRatio}}; ${least} is the least.`,
      ja: `影響比の最小値は{{charterLowestImpactRatio}}で、下限${least}を満たします。`,
    },
    departs: {
      en: `The lowest impact ratio is {{charterLowestImpactRatio}}, below ${least}.`,
      ja: `影響比の最小値{{charterLowestImpactRatio}}が下限${least}を下回っています。`,
    },
    todo: {
      en: 'Find out why the groups differ, correct it, and audit again.',
      ja: '集団間の差の原因を突き止めて正し、監査し直す。',
    },
  }
}

function flipsTerm(id: 'flips' | 'flips-by-group', fact: string, most: number): Term {
  const isOverall = id === 'flips'
  return {
    id,
    matter: 'limits',
    scope: 'model',
    section: isOverall ? 'limits.flipsAtMost' : 'limits.flipsByGroupAtMost',
    applies: 'charterIsChanged',
    requires: `${fact} <= ${double(most)}`,
    title: isOverall
      ? { en: 'Answers other than the parent’s', ja: '親と異なる回答' }
      : { en: 'Answers other than the parent’s, by group', ja: '集団ごとの親と異なる回答' },
    meets: {
      en: `The share of changed answers is {{${fact}}}; ${most} is the most.`,
      ja: `変わった回答の割合は{{${fact}}}で、上限${most}の内です。`,
    },
    departs: {
      en: `The share of changed answers is {{${fact}}}, above ${most}.`,
      ja: `変わった回答の割合{{${fact}}}が上限${most}を超えています。`,
    },
    todo: {
      en: 'Look at the answers that flipped (yukue compare), and correct the change or take it back.',
      ja: '変わった回答を調べ(yukue compare)、変更を正すか元に戻す。',
    },
  }
}

function ageTerm(id: 'audit-age' | 'evaluation-age', fact: string, most: number): Term {
  const isAudit = id === 'audit-age'
  return {
    id,
    matter: 'limits',
    scope: 'model',
    section: isAudit ? 'limits.auditAgeAtMostDays' : 'limits.evaluationAgeAtMostDays',
    requires: `${fact} <= ${most}`,
    title: isAudit
      ? { en: 'Age of the latest audit', ja: '最新の監査の古さ' }
      : { en: 'Age of the latest evaluation', ja: '最新の評価の古さ' },
    meets: {
      en: `It is {{${fact}}} days old; ${most} is the most.`,
      ja: `{{${fact}}}日前のもので、上限${most}日の内です。`,
    },
    departs: {
      en: `It is {{${fact}}} days old, more than ${most}.`,
      ja: `{{${fact}}}日前のもので、上限${most}日を超えています。`,
    },
    todo: isAudit
      ? {
          en: 'Audit the decisions again: yukue audit LOG --record.',
          ja: '判断を監査し直す: yukue audit ログ --record。',
        }
      : {
          en: 'Evaluate it again: yukue record evaluated MODEL --suite NAME.',
          ja: '評価し直す: yukue record evaluated モデル --suite 名称。',
        },
  }
}

function evidenceTerm(step: 'build' | 'distribution' | 'operation', fact: string, asked: readonly Evidence[]): Term {
  return {
    id: `evidence-${step}`,
    matter: 'evidence',
    scope: 'model',
    section: `evidence.${step}`,
    requires: `size(${fact}) == 0`,
    title: EVIDENCE_TITLES[step],
    meets: {
      en: 'All evidence that the charter asks for is on record.',
      ja: '憲章が求める証拠は、すべて記録されています。',
    },
    departs: { en: `Not on record: {{${fact}}}.`, ja: `記録がありません: {{${fact}}}。` },
    todo: evidenceTodo(asked),
  }
}

const EVIDENCE_TITLES: Record<'build' | 'distribution' | 'operation', Texts> = {
  build: { en: 'Evidence once built', ja: '作成後の証拠' },
  distribution: { en: 'Evidence once others have it', ja: '他者が持った後の証拠' },
  operation: { en: 'Evidence while in use', ja: '使用中の証拠' },
}

function tellTerm(days: number): Term {
  return {
    id: 'tell-holders',
    matter: 'incident',
    scope: 'model',
    section: 'incidents.tellHoldersWithinDays',
    requires: 'size(charterHoldersNotTold) == 0',
    title: { en: 'Holders told of incidents', ja: '保有者へのインシデントの通知' },
    meets: {
      en: `Nobody who has it has waited longer than ${days} days to be told of an incident.`,
      ja: `インシデントの通知が${days}日を過ぎた保有者はいません。`,
    },
    departs: {
      en: `Not told within ${days} days: {{charterHoldersNotTold}}.`,
      ja: `${days}日以内に知らされていない保有者がいます: {{charterHoldersNotTold}}。`,
    },
    todo: {
      en: 'Tell them, and record it: yukue recall MODEL --notified HOLDER.',
      ja: '知らせて記録する: yukue recall モデル --notified 保有者。',
    },
  }
}

/** A number as CEL writes a `double`. */
function double(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value)
}
