import { parse } from 'yaml'
import { z } from 'zod'

/** What a Hugging Face card declares of lineage and terms; null where it says nothing, or nothing that can be read. */
export interface CardDeclarations {
  bases: string[]
  relation: string | null
  licence: string | null
  name: string | null
}

const text = z.string().trim().min(1).max(512)
const header = z.looseObject({
  base_model: z.union([text.transform((name) => [name]), z.array(text).max(100)]).catch([]),
  base_model_relation: text.nullable().catch(null),
  license: text.nullable().catch(null),
  license_name: text.nullable().catch(null),
  model_name: text.nullable().catch(null),
})

/** A header is a page of text at most; a larger one is something else. */
const MAX_HEADER = 256 * 1024

/** The YAML header of a card (README.md). Null for what has none, or one that is no mapping. */
export function cardDeclarations(card: string): CardDeclarations | null {
  const found = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(\r?\n|$)/.exec(card.slice(0, MAX_HEADER))
  const parsed = header.safeParse(found && yamlIn(found[1]!))
  if (!parsed.success) return null
  const { base_model, base_model_relation, license, license_name, model_name } = parsed.data
  // `license: other` names its licence beside it
  const licence = license === 'other' ? (license_name ?? license) : license
  return { bases: base_model, relation: base_model_relation, licence, name: model_name }
}

function yamlIn(source: string): unknown {
  try {
    return parse(source, { schema: 'core', maxAliasCount: 0 })
  } catch {
    return null
  }
}
