import type { Context, TypedResponse } from 'hono'
import type { JSONParsed } from 'hono/utils/types'
import type { Carried } from './serving.ts'

/** Characters of answers that are kept, all together and of one. */
const [MAX_KEPT, MAX_ONE] = [32 * 1024 * 1024, 8 * 1024 * 1024]

/** Answers as texts, by the tags that say what they rest on. */
export interface Answers {
  /** An answer that is ready; null where there is none. */
  ready(tag: string): string | null
  /** The answer to a question, made once however many ask at the same time. */
  of(tag: string, make: () => Promise<unknown>): Promise<string>
}

/**
 * A tag names the state of the estate: no answer under it is older than that, and none outlives it, because nobody asks for it again. The first to come is
 * the first to go.
 */
export function keptAnswers(): Answers {
  const texts = new Map<string, string>()
  const underWay = new Map<string, Promise<string>>()
  let characters = 0
  const keep = (tag: string, text: string) => {
    if (text.length > MAX_ONE) return
    texts.set(tag, text)
    characters += text.length
    for (const [oldest, { length }] of texts) {
      if (characters <= MAX_KEPT) break
      texts.delete(oldest)
      characters -= length
    }
  }
  return {
    ready: (tag) => texts.get(tag) ?? null,
    of(tag, make) {
      const known = underWay.get(tag)
      if (known !== undefined) return known
      const made = make().then((answer) => {
        const text = JSON.stringify(answer)
        keep(tag, text)
        return text
      })
      underWay.set(tag, made)
      const forget = () => void underWay.delete(tag)
      made.then(forget, forget)
      return made
    },
  }
}

type Answer<T> = Response & TypedResponse<JSONParsed<T>, 200, 'json'>

/** Answers with JSON: with what is ready under the request's tag, or with what `make` gives. */
export async function answered<T>(c: Context<Carried>, make: () => Promise<T>): Promise<Answer<T>> {
  const tag = c.get('tag')
  const text = tag === null ? JSON.stringify(await make()) : await c.get('answers').of(tag, make)
  return textAnswer(c, text) as Answer<T>
}

/** Values that are answered as they are, and are held elsewhere for as long as they hold. */
const texts = new WeakMap<object, string>()

/** Answers with JSON of a value that never changes: it is written once. */
export function remembered<T extends object>(c: Context<Carried>, value: T): Answer<T> {
  const text = texts.get(value) ?? JSON.stringify(value)
  texts.set(value, text)
  return textAnswer(c, text) as Answer<T>
}

export function textAnswer(c: Context<Carried>, text: string): Response {
  return c.body(text, 200, { 'content-type': 'application/json' })
}
