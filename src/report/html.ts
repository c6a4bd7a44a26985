/** Markup that is safe to stand in a page. Only `html` makes it, so a string can get in escaped or not at all. */
export interface Html {
  readonly markup: string
}

type Part = Html | string | number | readonly Part[] | null

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!)
}

/** A template whose values are escaped unless they are `Html` themselves. Attribute values must stand in quotes. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  let markup = strings[0]!
  parts.forEach((part, index) => {
    markup += markupOf(part) + strings[index + 1]!
  })
  return { markup }
}

function markupOf(part: Part): string {
  if (part === null) return ''
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part))
  return 'markup' in part ? part.markup : part.map(markupOf).join('')
}
