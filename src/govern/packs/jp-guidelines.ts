import type { Pack } from '../rule.ts'

/** AI 事業者ガイドライン v1.2; beside it the Act of 2025 on AI, which lays down duties to co-operate and no thresholds. */
const FROM = '2026-03-31'
const SOURCE = 'AI 事業者ガイドライン(第1.2版、2026年3月31日)'

export const JP_GUIDELINES: Pack = {
  name: 'jp-guidelines',
  title: { en: 'AI Guidelines for Business, Japan', ja: 'AI 事業者ガイドライン' },
  rules: [
    {
      id: 'jp-guidelines/roles',
      scope: 'site',
      source: `${SOURCE} 第1部; 令和7年法律第53号 第7条`,
      from: FROM,
      until: null,
      applies: 'inJapan',
      requires: 'actorNamed && role in ["developer", "provider", "deployer"]',
      title: {
        en: 'The role of whoever uses it is on record (developer, provider, deployer)',
        ja: '使う者の役割(開発者・提供者・利用者)が記録されている',
      },
      reasons: {
        meets: { en: 'The role is {{role}}.', ja: '役割は {{role}} です。' },
        departs: {
          en: 'The role is none of the guidelines’: {{role}}.',
          ja: '役割がガイドラインのものではありません: {{role}}。',
        },
        undecided: { en: 'Who has which role cannot be told.', ja: '誰がどの役割を持つか判断できません。' },
      },
      todo: { en: 'record actor and role of the deployment', ja: '利用の主体と役割を記録する' },
    },
    {
      id: 'jp-guidelines/role-fits',
      scope: 'site',
      source: `${SOURCE} 第1部・第3部(開発者)`,
      from: FROM,
      until: null,
      applies: 'inJapan && role == "deployer"',
      requires: '!deployerModified',
      title: {
        en: 'A deployer who modifies the model takes the role of a developer',
        ja: 'モデルを改変する利用者は開発者の役割を負う',
      },
      reasons: {
        meets: { en: 'The deployer has not modified the model.', ja: '利用者はモデルを改変していません。' },
        departs: {
          en: 'The deployer has modified the model ({{changes}}) and is not recorded as a developer.',
          ja: '利用者がモデルを改変しました({{changes}})が、開発者として記録されていません。',
        },
        undecided: {
          en: 'Whether the deployer has modified the model cannot be told.',
          ja: '利用者がモデルを改変したかどうか判断できません。',
        },
      },
      todo: { en: 'record the role developer, and follow its part', ja: '役割を開発者として記録し、その部に従う' },
    },
    {
      id: 'jp-guidelines/purpose',
      scope: 'site',
      source: `${SOURCE} 第5部(利用者): 適正利用`,
      from: FROM,
      until: null,
      applies: 'inJapan',
      requires: 'purpose.matches("\\\\S") && !purposeBecameHighRisk',
      title: {
        en: 'It is used within the purpose that its provider intends',
        ja: '提供者が意図した目的の範囲で使われている',
      },
      reasons: {
        meets: { en: 'The purpose is on record: {{purpose}}.', ja: '目的が記録されています: {{purpose}}。' },
        departs: {
          en: 'The purpose was changed to one that weighs on people ({{area}}).',
          ja: '目的が人に重大な影響を与えるもの({{area}})に変わりました。',
        },
        undecided: {
          en: 'Whether it is used as intended cannot be told.',
          ja: '意図どおりに使われているか判断できません。',
        },
      },
      todo: { en: 'agree the new purpose with the provider', ja: '新しい目的について提供者と合意する' },
    },
    {
      id: 'jp-guidelines/oversight',
      scope: 'site',
      source: `${SOURCE} 第2部C「人間中心」・「公平性」: 人間の判断の介在`,
      from: FROM,
      until: null,
      applies: 'inJapan && highRisk',
      requires: 'humanOversight',
      title: { en: 'A person has the last word where it weighs on people', ja: '重大な影響のある判断に人が介在する' },
      reasons: {
        meets: { en: 'Human oversight is on record.', ja: '人による監督が記録されています。' },
        departs: { en: 'No person decides in the end.', ja: '最終的に人が判断していません。' },
        undecided: {
          en: 'Whether a person decides in the end cannot be told.',
          ja: '人が介在するかどうか判断できません。',
        },
      },
      todo: { en: 'have a person decide in the end', ja: '最終的な判断に人を介在させる' },
    },
    {
      id: 'jp-guidelines/transparency',
      scope: 'site',
      source: `${SOURCE} 第2部C「透明性」`,
      from: FROM,
      until: null,
      applies: 'inJapan && meetsPeople',
      requires: 'transparency',
      title: { en: 'People are told that AI is used', ja: 'AI の利用が知らされている' },
      reasons: {
        meets: { en: 'That people are told is on record.', ja: '知らせていることが記録されています。' },
        departs: { en: 'People are not told that AI is used.', ja: 'AI の利用が知らされていません。' },
        undecided: { en: 'Whether people are told cannot be told.', ja: '知らされているかどうか判断できません。' },
      },
      todo: { en: 'tell people that AI is used', ja: 'AI の利用を知らせる' },
    },
  ],
}
