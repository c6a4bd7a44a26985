import type { Pack } from '../rule.ts'

const ALWAYS = { from: null, until: null } as const

export const SAFETY: Pack = {
  name: 'safety',
  title: { en: 'Safety of what was changed', ja: '変更後の安全性' },
  rules: [
    {
      ...ALWAYS,
      id: 'safety/evaluated',
      scope: 'model',
      source: 'docs/check.md, "Safety": an evaluation is of the weights that were evaluated',
      applies: 'safetyEvaluatedBefore',
      requires: 'safetyEvaluated',
      title: {
        en: 'What was changed since its safety evaluation is evaluated again',
        ja: '安全性評価の後に変更されたものは再評価されている',
      },
      reasons: {
        meets: { en: 'These weights were evaluated for safety.', ja: 'この重みは安全性評価を受けています。' },
        departs: {
          en: 'These weights failed their latest safety evaluation.',
          ja: 'この重みは最新の安全性評価に不合格です。',
        },
        undecided: {
          en: 'An ancestor was evaluated for safety; the model was changed since ({{lineageChanges}}) and has no evaluation of its own.',
          ja: '祖先は安全性評価を受けましたが、その後変更され({{lineageChanges}})、このモデル自体の評価はありません。',
        },
      },
      todo: { en: 'do not use it before it passes', ja: '合格するまで使わない' },
    },
    {
      ...ALWAYS,
      id: 'safety/ablated',
      scope: 'model',
      source: 'docs/check.md, "Safety": a direction removed from the weights, by which refusals are taken out',
      applies: 'true',
      requires: '!ablated',
      title: { en: 'No direction was removed from the weights', ja: '重みから方向が取り除かれていない' },
      reasons: {
        meets: {
          en: 'No direction was removed, as far as was measured.',
          ja: '測定した限り、取り除かれた方向はありません。',
        },
        departs: {
          en: 'A direction was removed from the weights of the model or of an ancestor: refusals may be gone.',
          ja: 'モデルまたは祖先の重みから方向が取り除かれています。拒否の挙動が失われている可能性があります。',
        },
        undecided: {
          en: 'A change of the lineage is not clear, and may have removed a direction.',
          ja: '系譜の変更の一つが明らかでなく、方向が取り除かれた可能性があります。',
        },
      },
      todo: { en: 'do not use it; go back to the model before', ja: '使わず、変更前のモデルに戻す' },
    },
    {
      ...ALWAYS,
      id: 'safety/incidents',
      scope: 'model',
      source: 'docs/check.md, "Incidents"',
      applies: 'true',
      requires: 'openIncidents == 0',
      title: { en: 'No incident of the model is open', ja: 'このモデルの未解決のインシデントがない' },
      reasons: {
        meets: { en: 'No incident is open.', ja: '未解決のインシデントはありません。' },
        departs: {
          en: 'Incidents of this model not measured since: {{openIncidents}}.',
          ja: 'このモデルで再測定されていないインシデント: {{openIncidents}}件。',
        },
        undecided: {
          en: 'An incident stands on a statement that does not hold.',
          ja: 'インシデントの根拠となる記録が成り立ちません。',
        },
      },
      todo: { en: 'mend and evaluate the model, or retire it', ja: 'モデルを直して評価するか、廃止する' },
    },
    {
      ...ALWAYS,
      id: 'safety/exposed',
      scope: 'model',
      source: 'docs/check.md, "Incidents"',
      applies: 'isDerived',
      requires: 'inheritedIncidents == 0',
      title: { en: 'No incident of an ancestor reaches it', ja: '祖先のインシデントが及んでいない' },
      reasons: {
        meets: { en: 'No incident of an ancestor is open.', ja: '未解決の祖先のインシデントはありません。' },
        departs: {
          en: 'It is exposed to incidents of its ancestors ({{inheritedIncidents}}), along {{incidentPath}}, until it is measured itself.',
          ja: '祖先のインシデント({{inheritedIncidents}}件)に {{incidentPath}} の経路で晒されています。それ自体が測定されるまで続きます。',
        },
        undecided: {
          en: 'Whether an incident of an ancestor reaches it cannot be told.',
          ja: '祖先のインシデントが及ぶかどうか判断できません。',
        },
      },
      todo: { en: 'evaluate this model for what was found', ja: '見つかった点についてこのモデルを評価する' },
    },
    {
      ...ALWAYS,
      id: 'safety/site-weights',
      scope: 'site',
      source: 'The approval of the deployment (record deployed)',
      applies: 'true',
      requires: 'weightsAsApproved',
      title: { en: 'The weights in place are those approved', ja: '設置された重みが承認されたものである' },
      reasons: {
        meets: {
          en: 'Scans saw the approved weights, and no others.',
          ja: 'スキャンで承認された重みだけが見つかりました。',
        },
        departs: {
          en: 'Other weights than those approved lie at the site, whatever name they go by.',
          ja: '名称にかかわらず、承認されたものとは別の重みが現場にあります。',
        },
        undecided: { en: 'What lies at the site cannot be compared.', ja: '現場にあるものを比較できません。' },
      },
      todo: {
        en: 'put the approved model back, or have the other approved',
        ja: '承認されたモデルに戻すか、別のモデルの承認を得る',
      },
    },
    {
      ...ALWAYS,
      id: 'safety/site-files',
      scope: 'site',
      source: 'The approval of the deployment (record deployed)',
      applies: 'true',
      requires: 'sideFilesAsApproved',
      title: {
        en: 'The files that steer the model are those approved',
        ja: 'モデルの動作を左右するファイルが承認されたものである',
      },
      reasons: {
        meets: {
          en: 'Templates, prompts and settings are as approved.',
          ja: 'テンプレート・プロンプト・設定は承認時のままです。',
        },
        departs: { en: 'Other than approved: {{sideFileChanges}}.', ja: '承認時と異なるもの: {{sideFileChanges}}。' },
        undecided: {
          en: 'The files beside the weights cannot be compared.',
          ja: '重みに付くファイルを比較できません。',
        },
      },
      todo: {
        en: 'put the approved files back, or have the others approved',
        ja: '承認されたファイルに戻すか、変更の承認を得る',
      },
    },
  ],
}
