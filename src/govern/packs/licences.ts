import type { Texts } from '../facts.ts'
import type { Pack, Rule } from '../rule.ts'

/** Licences hold from when they were given; their terms descend along measured relations, whatever a card says. */
const ALWAYS = { from: null, until: null } as const

export const LICENCES: Pack = {
  name: 'licences',
  title: { en: 'Licences that descend', ja: '受け継がれるライセンス' },
  rules: [
    {
      ...ALWAYS,
      id: 'licences/known',
      scope: 'model',
      source: 'The licence of the model and of every measured ancestor',
      applies: 'true',
      requires: 'licencesKnown',
      title: { en: 'Every licence of the lineage is known', ja: '系譜のすべてのライセンスが分かっている' },
      reasons: {
        meets: { en: 'Known terms: {{licences}}.', ja: '分かっている条件: {{licences}}。' },
        departs: { en: 'A licence of the lineage is withheld.', ja: '系譜のライセンスの一つが伏せられています。' },
        undecided: {
          en: 'A licence of the lineage is missing or not one that is known here; known terms: {{licences}}.',
          ja: '系譜のライセンスが欠けているか、ここで知られていないものです。分かっている条件: {{licences}}。',
        },
      },
      todo: { en: 'ask for the licence', ja: 'ライセンスを照会する' },
    },
    {
      ...ALWAYS,
      id: 'licences/non-commercial',
      scope: 'model',
      source: 'CC BY-NC 4.0, section 2(a)(1); other non-commercial and research licences',
      applies: 'nonCommercialInherited',
      requires: 'ownLicenceNonCommercial && !commercialUse',
      title: {
        en: 'A non-commercial licence is kept by all that descends',
        ja: '非商用ライセンスは子孫でも守られる',
      },
      reasons: {
        meets: { en: 'It is passed on and used non-commercially.', ja: '非商用のまま渡され、使われています。' },
        departs: {
          en: 'A non-commercial licence descends from {{nonCommercialSource}}, and the model is offered under {{licence}} or used commercially.',
          ja: '{{nonCommercialSource}} から非商用ライセンスを受け継いでいますが、{{licence}} で提供されているか、商用で使われています。',
        },
        undecided: {
          en: 'Whether a non-commercial licence descends and is kept cannot be told.',
          ja: '非商用ライセンスを受け継ぎ、守っているか判断できません。',
        },
      },
      todo: {
        en: 'end the commercial use, or obtain a licence from whoever holds the rights',
        ja: '商用利用をやめるか、権利者から許諾を得る',
      },
    },
    {
      ...ALWAYS,
      id: 'licences/no-derivatives',
      scope: 'model',
      source: 'CC BY-ND 4.0, section 2(a)(1)(B)',
      applies: 'isDerived',
      requires: '!noDerivativesInherited',
      title: { en: 'Nothing was made of what may not be changed', ja: '改変禁止のモデルから作られていない' },
      reasons: {
        meets: { en: 'No ancestor forbids derivatives.', ja: '改変を禁じる祖先はありません。' },
        departs: { en: 'An ancestor forbids derivatives.', ja: '祖先が改変を禁じています。' },
        undecided: {
          en: 'Whether an ancestor forbids derivatives cannot be told.',
          ja: '祖先が改変を禁じているか判断できません。',
        },
      },
      todo: { en: 'do not share it; obtain a licence', ja: '共有せず、許諾を得る' },
    },
    {
      ...ALWAYS,
      id: 'licences/compatible',
      scope: 'model',
      source: 'The terms of all licences that come together; a person weighs conflicts',
      applies: 'isDerived',
      requires: 'licencesCompatible',
      title: { en: 'The licences that come together can all be kept', ja: '合わさったライセンスをすべて守れる' },
      reasons: {
        meets: {
          en: 'No terms stand against each other, or a person decided so.',
          ja: '条件の衝突はないか、人がそう判断しました。',
        },
        departs: {
          en: 'A person decided that the terms ({{licences}}) cannot all be kept.',
          ja: '条件({{licences}})をすべては守れないと人が判断しました。',
        },
        undecided: {
          en: 'Whether the terms ({{licences}}) can all be kept is for a person to decide.',
          ja: '条件({{licences}})をすべて守れるかどうかは人が判断します。',
        },
      },
      todo: { en: 'do not pass it on; obtain another licence', ja: '渡さず、別の許諾を得る' },
    },
    notice('apache', 'Apache License 2.0, section 4', {
      en: 'Apache-2.0 licence and notices',
      ja: 'Apache-2.0 のライセンスと通知',
    }),
    notice('attribution', 'CC BY 4.0, section 3(a)', { en: 'the attribution', ja: '帰属表示' }),
    notice('gemma', 'Gemma Terms of Use (Gemma 1 to 3), section 3.1', { en: 'the Gemma terms', ja: 'Gemma の規約' }),
    notice('openrail', 'BigScience OpenRAIL-M, paragraphs 4 and 5', {
      en: 'the OpenRAIL use restrictions',
      ja: 'OpenRAIL の利用制限',
    }),
    notice('llama', 'Llama 3.1 Community License Agreement, section 1.b.i', {
      en: 'the agreement and "Built with Llama"',
      ja: '契約と「Built with Llama」の表示',
    }),
    {
      ...ALWAYS,
      id: 'licences/llama-name',
      scope: 'model',
      source: 'Llama 3.1 Community License Agreement, section 1.b.i',
      applies: 'llamaInherited',
      requires: 'nameBeginsLlama',
      title: {
        en: 'The name of what descends from Llama begins with "Llama"',
        ja: 'Llama の子孫の名称は「Llama」で始まる',
      },
      reasons: {
        meets: {
          en: 'It is named {{name}}, or so that it begins with "Llama".',
          ja: '名称は「Llama」で始まります({{name}})。',
        },
        departs: {
          en: 'It descends from Llama and is named {{name}}.',
          ja: 'Llama の子孫ですが、名称は {{name}} です。',
        },
        undecided: { en: 'Whether it descends from Llama cannot be told.', ja: 'Llama の子孫かどうか判断できません。' },
      },
      todo: { en: 'name it "Llama …" where it is passed on', ja: '渡すときは「Llama …」と名付ける' },
    },
    use(
      'openrail',
      'BigScience OpenRAIL-M, Attachment A; CreativeML Open RAIL-M, Attachment A',
      '["law-enforcement", "justice", "migration", "medical", "insurance"]',
      '["employment", "credit", "benefits", "housing", "education"]',
    ),
    use(
      'gemma',
      'Gemma Prohibited Use Policy, point 2',
      '["biometrics"]',
      '["employment", "credit", "benefits", "housing", "insurance", "medical", "justice", "law-enforcement", "migration", "education"]',
    ),
  ],
}

/** Whoever passes a model on passes these on with it. */
function notice(name: 'apache' | 'attribution' | 'gemma' | 'openrail' | 'llama', source: string, what: Texts): Rule {
  return {
    ...ALWAYS,
    id: `licences/${name}-notice`,
    scope: 'model',
    source,
    applies: `${name}Inherited${name === 'openrail' ? ' && isDerived' : ''}`,
    requires: `${name}Notice`,
    title: { en: `Passed on with the model: ${what.en}`, ja: `モデルとともに渡す: ${what.ja}` },
    reasons: {
      meets: { en: `On record as passed on: ${what.en}.`, ja: `渡すことが記録されています: ${what.ja}。` },
      departs: { en: `Not passed on: ${what.en}.`, ja: `渡されていません: ${what.ja}。` },
      undecided: {
        en: `Whether this is owed and passed on cannot be told: ${what.en}.`,
        ja: `義務とその履行を判断できません: ${what.ja}。`,
      },
    },
    todo: { en: `pass on ${what.en}, and record it`, ja: `${what.ja}を渡し、記録する` },
  }
}

/** Uses that the terms rule out, and uses that they allow only where a person decides. */
function use(name: 'openrail' | 'gemma', source: string, forbidden: string, overseen: string): Rule {
  const licence = name === 'openrail' ? 'OpenRAIL' : 'Gemma'
  return {
    ...ALWAYS,
    id: `licences/${name}-use`,
    scope: 'site',
    source,
    applies: `${name}Inherited`,
    requires: `!(area in ${forbidden}) && (!(area in ${overseen}) || humanOversight)`,
    title: { en: `The use is one that the ${licence} terms allow`, ja: `${licence} の条件が許す利用である` },
    reasons: {
      meets: { en: `The terms allow this use ({{area}}).`, ja: '条件はこの利用({{area}})を許しています。' },
      departs: {
        en: 'The terms rule this use out ({{area}}), or allow it only where a person decides.',
        ja: '条件はこの利用({{area}})を禁じているか、人が判断する場合だけ許しています。',
      },
      undecided: {
        en: `Whether the ${licence} terms descend and allow this use cannot be told.`,
        ja: `${licence} の条件を受け継ぐか、この利用を許すか判断できません。`,
      },
    },
    todo: { en: 'end this use, or have a person decide', ja: 'この利用をやめるか、人が判断する' },
  }
}
