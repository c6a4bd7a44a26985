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
