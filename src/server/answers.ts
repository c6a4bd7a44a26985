import type { Context, TypedResponse } from 'hono'
import type { JSONParsed } from 'hono/utils/types'
import type { Carried } from './serving.ts'

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
