import { CommandError } from '../contract/command-error.ts'
import { type Hint, HintError, parseHint } from '../read/raw.ts'

/** The `--as` hints as written, understood. Throws `CommandError`. */
export function hintsFrom(texts: string[]): Hint[] {
  return texts.map((text) => {
    try {
      return parseHint(text)
    } catch (error) {
      if (error instanceof HintError) throw new CommandError({ code: 'bad-hint', hint: text, fault: error.fault })
      throw error
    }
  })
}
