import { defined, type FactDefinition } from './facts.ts'

const custody = {
  en: 'record who has it (yukue record handed-over, received) and have hand-overs confirmed by receipts',
  ja: '保有者を記録し(yukue record handed-over、received)、受領書で引き渡しを確認する',
}
const lineage = {
  en: 'scan the model together with what it was made from, and record the licences of what it was merged with',
  ja: '元になったモデルと一緒にスキャンし、マージした相手のライセンスを記録する',
}
const deployment = {
  en: "record it with its deployment: yukue record deployed MODEL --site SITE --purpose '…' --jurisdiction …",
  ja: "配備の記録に含める: yukue record deployed モデル --site 現場 --purpose '…' --jurisdiction …",
}
const audit = {
  en: 'measure the decisions at every site where it is in use: yukue audit LOG --record',
  ja: '使用中のすべての現場の判断を測定する: yukue audit ログ --record',
}
const comparison = {
  en: 'compare it with its parent: yukue compare PARENT MODEL --record',
  ja: '親と比較する: yukue compare 親 モデル --record',
}
const evidence = {
  en: 'enter what is missing, and have disputed statements settled',
  ja: '足りないものを記録し、矛盾する記録を解消する',
}
const incident = {
  en: 'evaluate the model again: yukue record evaluated MODEL --suite NAME',
  ja: 'モデルを再評価する: yukue record evaluated モデル --suite 名称',
}

const list = (name: string, scope: FactDefinition['scope'], en: string, ja: string, settle: FactDefinition['settle']) =>
  defined(name, 'list<string>', scope, en, ja, settle)

/** What the rules of charters ask beside the facts that any rule may name: the same for every charter. */
export const CHARTER_FACTS: readonly FactDefinition[] = [
  defined(
    'charterCovers',
    'bool',
    'model',
    'whether the model was made from one of the charter',
    '憲章のモデルから作られたか',
    lineage,
  ),
  list('charterUnlistedHolders', 'model', 'who has it without being listed', '定めのない保有者', custody),
  list(
    'charterUnconfirmedHandOvers',
    'model',
    'hand-overs that one end only has signed',
    '一方だけが署名した引き渡し',
    custody,
  ),
  list('charterChangesNotAgreed', 'model', 'changes that are not agreed', '合意のない変更', lineage),
  defined(
    'charterIsChanged',
    'bool',
    'model',
    'whether it was changed under the charter',
    '憲章の下で変更されたか',
    lineage,
  ),
  defined(
    'charterLowestImpactRatio',
    'double',
    'model',
    'the lowest impact ratio in the latest audits',
    '最新の監査での影響比の最小値',
    audit,
  ),
  defined(
    'charterAuditAge',
    'int',
    'model',
    'days since the latest audit of every site',
    'すべての現場の最新の監査からの日数',
    audit,
  ),
  defined('charterEvaluationAge', 'int', 'model', 'days since the latest evaluation', '最新の評価からの日数', incident),
  defined(
    'charterFlips',
    'double',
    'model',
    'the share of answers other than the parent’s',
    '親と異なる回答の割合',
    comparison,
  ),
  defined(
    'charterGroupFlips',
    'double',
    'model',
    'the highest such share of any group',
    '集団別のその最大値',
    comparison,
  ),
  list('charterMissingAtBuild', 'model', 'evidence that is not on record', '記録のない証拠', evidence),
  defined('charterIsDistributed', 'bool', 'model', 'whether others have it', '他者が保有しているか', custody),
  list('charterMissingAtDistribution', 'model', 'evidence that is not on record', '記録のない証拠', evidence),
  list('charterOpenIncidents', 'model', 'incidents not measured since', '再測定されていないインシデント', incident),
  list(
    'charterHoldersNotTold',
    'model',
    'holders who were not told in time',
    '期日までに知らされていない保有者',
    custody,
  ),
  defined('charterIsUsed', 'bool', 'site', 'whether it is in use here', 'ここで使用中か', deployment),
  list('charterPurposesNotAgreed', 'site', 'purposes that are not agreed', '合意のない用途', deployment),
  list('charterPurposesRefused', 'site', 'purposes that are refused', '禁じられた用途', deployment),
  list('charterPlacesNotAgreed', 'site', 'jurisdictions that are not agreed', '合意のない法域', deployment),
  list(
    'charterGroupsNotMeasured',
    'site',
    'groups that no audit here has measured',
    'ここの監査で測られていない集団',
    audit,
  ),
  list('charterMissingInOperation', 'site', 'evidence that is not on record', '記録のない証拠', evidence),
  list('charterStoppingIncidents', 'site', 'incidents for which use stops', '使用を止めるべきインシデント', incident),
]
