import { bomOf, importBom } from '../app/bom.ts'
import { cardSnippet, importCard } from '../app/card.ts'
import type { RecordReport } from '../contract/record.ts'
import { shown } from '../report/escape.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { readGiven, writeNew } from './files.ts'
import { estateFolder, signingFrom, writeJson } from './output.ts'

interface ExchangeFlags extends CommonOptions {
  out?: string
  import?: string
}

/** `yukue bom MODEL`, and `yukue bom MODEL --import FILE`. */
export async function bomCommand(model: string, flags: ExchangeFlags, context: CommandContext): Promise<void> {
  const location = estateFolder(flags, context.streams)
  if (flags.import !== undefined) {
    const done = await importBom(readGiven(flags.import), model, location, signingFrom(flags, context.streams))
    return tell(done, model, flags, context)
  }
  write(`${JSON.stringify(await bomOf(model, location), null, 1)}\n`, flags, context)
}

/** `yukue card MODEL`, and `yukue card MODEL --import FILE`. */
export async function cardCommand(model: string, flags: ExchangeFlags, context: CommandContext): Promise<void> {
  const location = estateFolder(flags, context.streams)
  if (flags.import !== undefined) {
    const done = await importCard(readGiven(flags.import), model, location, signingFrom(flags, context.streams))
    return tell(done, model, flags, context)
  }
  const snippet = await cardSnippet(model, location)
  if (flags.json) writeJson(context.streams, { schema: 'yukue.card/1', snippet })
  else write(snippet, flags, context)
}

/** The text is for another program, or to be pasted: by itself on standard output, or in a file. */
function write(text: string, flags: ExchangeFlags, { t, streams }: CommandContext): void {
  if (flags.out === undefined) {
    streams.stdout.write(text)
    return
  }
  writeNew(flags.out, text)
  streams.stdout.write(`${t('cli.record.wrote', { path: shown(flags.out) })}\n`)
}

function tell(done: RecordReport | null, model: string, flags: ExchangeFlags, { t, streams }: CommandContext): void {
  if (flags.json) {
    writeJson(streams, done ?? { schema: 'yukue.record/1', event: 'claimed', model, statements: [] })
    return
  }
  const text =
    done === null
      ? t('passport.declared.none', { path: shown(flags.import ?? '') })
      : t('passport.declared.entered', { count: done.statements.length, model: shown(model) })
  streams.stdout.write(`${text}\n`)
}
