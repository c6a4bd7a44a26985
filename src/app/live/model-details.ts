import type { ModelDetails } from '../../contract/api.ts'
import { CommandError } from '../../contract/command-error.ts'
import { findingMessage } from '../../report/finding-text.ts'
import type { Translate } from '../../report/language.ts'
import { findOne } from '../find-model.ts'
import { summariesOf } from './list-models.ts'
import { type LiveEstate, namesOf } from './live-estate.ts'

/** All that is on record of one model but its log. */
export async function modelDetails(live: LiveEstate, reference: string, t: Translate): Promise<ModelDetails> {
  const { estate } = live
  const head = await findOne(estate, reference)
  const [summary] = await summariesOf(live, [head])
  if (!summary) throw new CommandError({ code: 'unknown-model', model: reference })
  const relations = await estate.relationsOf(head.id)
  const others = (await estate.lookAlikesOf(head.id)).map(({ models: [a, b], similarity }) => ({
    model: a === head.id ? b : a,
    similarity,
  }))
  const ends = relations.flatMap(({ child, parents }) => [child, ...parents.map(({ id }) => id)])
  const named = await namesOf(live, [...new Set([...ends, ...others.map(({ model }) => model)])])
  const names = Object.fromEntries(named.map(({ id, name }) => [id, name]))
  const { printVersion, printBytes } = head
  return {
    ...summary,
    tensors: head.tensors,
    dtypes: head.dtypes,
    artifacts: (await estate.artifactsOf(head.id)).map((artifact) => {
      const { path, place, format, bytes, layout, files, sideFiles, findings, firstSeen, lastSeen, gone } = artifact
      const shown = findings.map((finding) => ({ ...finding, message: findingMessage(t, finding) }))
      return { path, place, format, bytes, layout, files, sideFiles, findings: shown, firstSeen, lastSeen, gone }
    }),
    relations: relations.map(({ foundAt: _, ...relation }) => relation),
    names,
    lookAlikes: others.map(({ model, similarity }) => ({ model, name: names[model] ?? model, similarity })),
    print: printVersion === null || printBytes === null ? null : { version: printVersion, bytes: printBytes },
  }
}
