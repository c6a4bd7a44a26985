import type { Fact } from './facts.ts'
import { remembered } from './remembered.ts'

/**
 * What a purpose is for, as far as its words tell. Areas of Annex III to Regulation (EU) 2024/1689 stand under their points; `other` are
 * uses that none of the packs' rules speaks of.
 */
export type Area =
  | 'biometrics'
  | 'infrastructure'
  | 'education'
  | 'employment'
  | 'benefits'
  | 'credit'
  | 'insurance'
  | 'emergency'
  | 'law-enforcement'
  | 'migration'
  | 'justice'
  | 'medical'
  | 'housing'
  | 'fraud'
  | 'conversation'
  | 'generation'
  | 'research'
  | 'other'

/** The first that fits counts: whoever screens applicants by chat screens applicants. Whole words in English, anything in Japanese. */
const WORDS: readonly [Area, RegExp][] = [
  // Annex III 5(b) leaves out the detection of fraud
  ['fraud', /\b(fraud|money.?laundering|aml)\b|不正検知|マネー・?ロンダリング/i],
  [
    'employment',
    /\b(hiring|hire|hires|recruit\w*|employ\w*|applicants?|candidates?|cvs?|résumés?|resumes?|job|jobs|promotion|dismissal|workforce|hr|human.resources|staffing|interviews?|worker\w*|personnel|talent|performance.(review|appraisal)s?)\b|採用|雇用|人事|応募|昇進|解雇|面接|求人|履歴書/i,
  ],
  ['insurance', /\b(insur\w*|underwriting.(life|health))\b|保険/i],
  [
    'credit',
    /\b(credit\w*|loans?|lend\w*|mortgages?|underwrit\w*|overdrafts?|borrow\w*)\b|与信|融資|ローン|貸付|信用(評価|スコア|力)/i,
  ],
  ['benefits', /\b(benefits?|welfare|social.(security|assistance)|eligibility|allowances?)\b|給付|生活保護|福祉|手当/i],
  [
    'education',
    /\b(education\w*|admissions?|exams?|grading|students?|pupils?|proctor\w*|schools?)\b|入試|試験|成績|学生|生徒|教育/i,
  ],
  ['emergency', /\b(emergency|triage|dispatch|ambulance)\b|救急|緊急|トリアージ/i],
  ['law-enforcement', /\b(law.enforcement|polic\w*|crime|criminal|suspects?|recidivism)\b|警察|犯罪|捜査|再犯/i],
  ['migration', /\b(migration|immigration|asylum|border|visas?)\b|入国|移民|難民|査証|国境/i],
  ['justice', /\b(court|courts|judicial|judges?|sentencing|justice|elections?|voting)\b|裁判|司法|量刑|選挙/i],
  [
    'biometrics',
    /\b(biometric\w*|face.recognition|facial|emotion.recognition)\b|生体認証|顔認識|顔認証|感情(認識|推定)/i,
  ],
  ['infrastructure', /\b(critical.infrastructure|power.grid|traffic.control|water.supply)\b|重要インフラ|電力網|水道/i],
  ['medical', /\b(medical|diagnos\w*|clinical|patients?|health.?care)\b|医療|診断|患者|臨床/i],
  ['housing', /\b(tenants?|housing|rental|rent)\b|入居|賃貸|住宅審査/i],
  ['research', /\b(research|academic|scientific|experiments?|evaluation only|non-?commercial)\b|研究|実験|非商用/i],
  [
    'conversation',
    /\b(chat\w*|assistants?|conversation\w*|customer.(service|support|care)|help.?desk|call.cent(er|re)|voice.?bot|companion|tutor\w*|q&a|faq)\b|チャット|対話|会話|応対|問い?合わ?せ|アシスタント|顧客対応|カスタマー/i,
  ],
  [
    'generation',
    /\b(generat\w*|writing|copywriting|drafting|translat\w*|text.to.(speech|image|video)|images?|videos?|dubbing|summar\w*)\b|生成|翻訳|要約|文章作成|画像/i,
  ],
  [
    'other',
    /\b(search|retriev\w*|forecast\w*|demand|logistics|maintenance|ocr|transcri\w*|classif\w+ (of )?(documents|tickets|parts|mail)|spam|code|coding|program\w*|recommend\w*|routing|inventory|monitoring of machines|quality.(control|inspection)|weather|indexing|testing|demo\w*|spell.?check\w*|sorting)\b|検索|予測|物流|保守|文字認識|文字起こし|迷惑メール|プログラミング|推薦|在庫|品質検査|気象|試用|校正/i,
  ],
]

/** `area: …` says it outright; else the words do. Null where they are none that are known here. */
export const areaOf = remembered((purpose): Area | null => {
  const said = /^\s*([a-z-]+)\s*:/i.exec(purpose)?.[1]?.toLowerCase()
  const named = WORDS.find(([area]) => area === said)
  if (named) return named[0]
  return WORDS.find(([, words]) => words.test(purpose))?.[0] ?? null
})

/** Annex III points 1 to 8; 5(a) benefits, (b) credit, (c) insurance, (d) emergency. */
export const HIGH_RISK: ReadonlySet<Area> = new Set<Area>([
  'biometrics',
  'infrastructure',
  'education',
  'employment',
  'benefits',
  'credit',
  'insurance',
  'emergency',
  'law-enforcement',
  'migration',
  'justice',
])

/** Where people talk with it or get what it made (Art. 50(1), (2)), or are looked at by it (Art. 50(3)). */
export const MEETS_PEOPLE: ReadonlySet<Area> = new Set<Area>(['conversation', 'generation', 'biometrics'])

export type Region = 'union' | 'new-york-city' | 'united-states' | 'japan'

const UNION = new Set(
  'AT BE BG HR CY CZ DK EE FI FR DE GR EL HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE EU EEA IS LI NO'.split(' '),
)

/** Whether what a deployment says of its jurisdiction lies in a region: ISO 3166 codes, or the usual names. */
export function liesIn(jurisdiction: string, region: Region): boolean {
  return regionsOf(jurisdiction).has(region)
}

const REGIONS: readonly Region[] = ['union', 'new-york-city', 'united-states', 'japan']

const regionsOf = remembered((jurisdiction): ReadonlySet<Region> => {
  const parts = jurisdiction
    .toUpperCase()
    .split(/[^\p{L}]+/u)
    .filter((part) => part !== '')
  return new Set(REGIONS.filter((region) => isPartOf(region, parts)))
})

function isPartOf(region: Region, parts: readonly string[]): boolean {
  const text = parts.join(' ')
  switch (region) {
    case 'union':
      return (
        UNION.has(parts[0] ?? '') ||
        /EUROPEAN UNION|GERMANY|FRANCE|ITALY|SPAIN|NETHERLANDS|IRELAND|欧州|ドイツ|フランス/.test(text)
      )
    case 'new-york-city':
      return /\bNYC\b|NEW YORK CITY|ニューヨーク市/.test(text) || /^US NY (NEW YORK|NYC)/.test(text)
    case 'united-states':
      return parts[0] === 'US' || parts[0] === 'USA' || /UNITED STATES|\bNYC\b|NEW YORK|米国|アメリカ/.test(text)
    case 'japan':
      return parts[0] === 'JP' || /JAPAN|日本/.test(text)
  }
}

/** New York State alone does not say whether it is the city. */
export function mayBeNewYorkCity(jurisdiction: string): boolean {
  return /^\s*(US|USA|US-NY|NY|NEW YORK|UNITED STATES|米国|アメリカ)\s*$/i.test(jurisdiction)
}

/** The area of a purpose as a fact with what the purpose stands on. */
export function areaFact(purpose: string | null, basis: Pick<Fact, 'status' | 'statements'>): Fact {
  const area = purpose === null ? null : areaOf(purpose)
  return area === null ? { value: null, status: null, statements: basis.statements } : { value: area, ...basis }
}
