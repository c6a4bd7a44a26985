import type { ScannedModel } from './family.ts'
import type { Translate } from './language.ts'
import { type Paint, paintFor } from './paint.ts'
import { type NameOf, namesOf } from './relation-text.ts'

export interface TextOptions {
  t: Translate
  /** Columns. */
  width: number
  colour: boolean
}

/** What a text renderer hands to its parts. */
export interface TextContext {
  t: Translate
  width: number
  paint: Paint
  nameOf: NameOf
}

export function contextFor(models: readonly Pick<ScannedModel, 'id' | 'name'>[], options: TextOptions): TextContext {
  return { t: options.t, width: options.width, paint: paintFor(options.colour), nameOf: namesOf(models) }
}
