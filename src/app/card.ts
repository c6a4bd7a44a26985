import { basename } from 'node:path'
import { stringify } from 'yaml'
import { CommandError } from '../contract/command-error.ts'
import type { RecordReport } from '../contract/record.ts'
import { cardDeclarations } from '../read/card.ts'
import { cardHeader } from '../report/card-snippet.ts'
import { recordDeclared } from './bom.ts'
import type { GivenFile } from './receipt.ts'
import { trace } from './trace.ts'
import type { Signing } from './with-estate.ts'

/** The measured lineage of a model as the header of a Hugging Face card. */
export async function cardSnippet(model: string, location: string): Promise<string> {
  return `---\n${stringify(cardHeader(await trace(model, location)))}---\n`
}

/** Enters what a card declares of a model as claims. */
export function importCard(
  file: GivenFile,
  model: string,
  location: string,
  signing: Signing = {},
): Promise<RecordReport | null> {
  const declared = cardDeclarations(file.text)
  if (declared === null) throw new CommandError({ code: 'bad-given-file', path: file.path, what: 'card' })
  const { bases, relation, licence, name } = declared
  const claims = [
    ...bases.map((base) => `base=${base}`),
    ...(licence === null ? [] : [`licence=${licence}`]),
    ...(name === null ? [] : [`name=${name}`]),
    ...(relation === null ? [] : [`other=base_model_relation: ${relation}`]),
  ]
  return recordDeclared(claims, 'card', basename(file.path), model, location, signing)
}
