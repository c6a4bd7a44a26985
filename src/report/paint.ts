import { styleText } from 'node:util'

/** Marks a text for a terminal. Colour only ever repeats what the words or signs beside it say. */
export interface Paint {
  strong(text: string): string
  faint(text: string): string
  sure(text: string): string
  unsure(text: string): string
  bad(text: string): string
}

const PLAIN: Paint = { strong: same, faint: same, sure: same, unsure: same, bad: same }

const COLOURED: Paint = {
  strong: (text) => styleText('bold', text, ALWAYS),
  faint: (text) => styleText('dim', text, ALWAYS),
  sure: (text) => styleText('green', text, ALWAYS),
  unsure: (text) => styleText('yellow', text, ALWAYS),
  bad: (text) => styleText('red', text, ALWAYS),
}

/** Whoever asks for colour has looked at the stream already. */
const ALWAYS = { validateStream: false }

export function paintFor(colour: boolean): Paint {
  return colour ? COLOURED : PLAIN
}

function same(text: string): string {
  return text
}
