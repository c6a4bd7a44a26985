import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { type CharterWords, sectionsFrom } from '../app/charter-draft.ts'
import { CommandError } from '../contract/command-error.ts'
import { errorText } from '../report/error-text.ts'
import { textOf } from '../report/language.ts'
import type { CommandContext } from './context.ts'

/** One question, and which words of the charter its answer gives. */
interface Question {
  asks: keyof CharterWords
  /** A key of the catalogue. */
  text: `charter.asks.${string}`
  kind: 'one' | 'many' | 'yes'
  needed?: boolean
}

const QUESTIONS: readonly Question[] = [
  { asks: 'name', text: 'charter.asks.name', kind: 'one', needed: true },
  { asks: 'model', text: 'charter.asks.models', kind: 'many', needed: true },
  { asks: 'accountable', text: 'charter.asks.accountable', kind: 'one', needed: true },
  { asks: 'holder', text: 'charter.asks.holders', kind: 'many' },
  { asks: 'confirmed', text: 'charter.asks.confirmed', kind: 'yes' },
  { asks: 'change', text: 'charter.asks.changes', kind: 'many' },
  { asks: 'purpose', text: 'charter.asks.purposes', kind: 'many' },
  { asks: 'refuse', text: 'charter.asks.refused', kind: 'many' },
  { asks: 'jurisdiction', text: 'charter.asks.jurisdictions', kind: 'many' },
  { asks: 'group', text: 'charter.asks.groups', kind: 'many' },
  { asks: 'impactRatio', text: 'charter.asks.impactRatio', kind: 'one' },
  { asks: 'flips', text: 'charter.asks.flips', kind: 'one' },
  { asks: 'auditDays', text: 'charter.asks.auditDays', kind: 'one' },
  { asks: 'contact', text: 'charter.asks.contact', kind: 'many' },
  { asks: 'tellDays', text: 'charter.asks.tellDays', kind: 'one' },
  { asks: 'rules', text: 'charter.asks.rules', kind: 'many' },
]

/**
 * Asks for what options have not said. Questions go to standard error, so that standard output stays the command's result; an answer that
 * cannot be read is asked for again.
 */
export async function askCharter(given: CharterWords, context: CommandContext): Promise<CharterWords> {
  const { t, streams } = context
  const write = (text: string) => streams.stderr.write(text)
  const output = new Writable({
    write: (chunk, _encoding, done) => {
      write(String(chunk))
      done()
    },
  })
  const terminal = createInterface({ input: streams.stdin!, output, terminal: false })
  // lines are kept as they come, also those that arrive before their question
  const lines = terminal[Symbol.asyncIterator]()
  const words: CharterWords = { ...given }
  try {
    write(`${t('charter.asks.intro')}\n`)
    for (const question of QUESTIONS) {
      if (given[question.asks] !== undefined) continue
      const many = question.kind === 'many' ? ` (${t('charter.asks.many')})` : ''
      let answer: unknown
      do {
        write(`${textOf(t, question.text)}${many}\n> `)
        const line = await lines.next()
        if (line.done) throw new CommandError({ code: 'cannot-read', path: '-', reason: t('charter.asks.ended') })
        answer = answerTo(question, line.value.trim(), context)
      } while (answer === ASK_AGAIN)
      Object.assign(words, answer === undefined ? {} : { [question.asks]: answer })
    }
    return words
  } finally {
    terminal.close()
  }
}

const ASK_AGAIN = Symbol('ask again')

function answerTo({ asks, kind, needed }: Question, text: string, { t, streams }: CommandContext): unknown {
  if (text === '') return needed ? ASK_AGAIN : undefined
  const answer = kind === 'one' ? text : kind === 'many' ? partsOf(text) : /^(y|yes|はい)$/i.test(text)
  try {
    sectionsFrom({ [asks]: answer })
    return answer
  } catch (error) {
    streams.stderr.write(`${t('charter.asks.again', { reason: errorText(t, error) })}\n`)
    return ASK_AGAIN
  }
}

function partsOf(text: string): string[] {
  return text
    .split(/[;；]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
