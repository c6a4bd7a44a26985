/** JSON as JavaScript writes it: bare keys, `!0`, `.5`, `void 0`. Nothing is run. */
export type Literal = null | boolean | number | string | undefined | Literal[] | { [key: string]: Literal }

/** Nested models and attributes of functions stay under 40. */
const MAX_DEPTH = 128

/** What looks for a literal may parse, in lengths of the text: what a file repeats must not cost its square. */
const MAX_PASSES = 4

const BLANK = /\s*/y
const NUMBER = /-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y
const NAME = /[A-Za-z_$][\w$]*/y

/** The first value assigned to a key or name, `key:` or `key=`, that satisfies `fits`; undefined where there is none. */
export function literalOf(text: string, key: string, fits: (value: Literal) => boolean): Literal {
  const budget = { left: MAX_PASSES * text.length }
  for (const at of assignments(text, key, budget)) {
    const name = matchAt(NAME, text, at)
    const places = name === null || KEYWORDS.has(name) ? [at] : assignments(text, name, budget)
    for (const place of places) {
      const value = parseLiteral(text, place, budget)
      if (value !== undefined && fits(value)) return value
    }
  }
  return undefined
}

/** Where what follows `key:` or `key=` begins. */
function* assignments(text: string, key: string, budget: { left: number }): Generator<number> {
  const assigned = new RegExp(`(?<![\\w$.])["']?${key.replaceAll('$', '\\$')}["']?\\s*[:=](?!=)\\s*`, 'g')
  for (let match = assigned.exec(text); match !== null && budget.left > 0; match = assigned.exec(text)) {
    yield assigned.lastIndex
    budget.left -= MIN_COST
  }
}

/** Of looking at one more place, in characters. */
const MIN_COST = 1_024

const KEYWORDS = new Map<string, Literal>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['undefined', undefined],
])

/** Undefined for anything but a literal, also for one in which a key stands twice. */
function parseLiteral(text: string, from: number, budget: { left: number }): Literal {
  let at = from
  try {
    return value(0)
  } catch (error) {
    if (error instanceof NoLiteral) return undefined
    throw error
  } finally {
    budget.left -= at - from
  }

  function value(depth: number): Literal {
    if (depth > MAX_DEPTH) throw new NoLiteral()
    blank()
    switch (text[at]) {
      case '{':
        return object(depth)
      case '[':
        return array(depth)
      case '"':
      case "'":
      case '`':
        return string()
      case '!':
        return not()
      default:
        return word()
    }
  }

  function object(depth: number): Literal {
    // no prototype, so that no key means anything
    const result: { [key: string]: Literal } = Object.create(null)
    at++
    for (blank(); text[at] !== '}'; blank()) {
      const key = /["'`]/.test(text[at] ?? '') ? string() : (take(NAME) ?? take(NUMBER))
      if (key === null || Object.hasOwn(result, key)) throw new NoLiteral()
      expect(':')
      result[key] = value(depth + 1)
      separator('}')
    }
    at++
    return result
  }

  function array(depth: number): Literal {
    const result: Literal[] = []
    at++
    for (blank(); text[at] !== ']'; blank()) {
      result.push(value(depth + 1))
      separator(']')
    }
    at++
    return result
  }

  function string(): string {
    const quote = text[at]
    const start = ++at
    // by hand: on a long text a pattern with alternatives runs out of stack
    for (; text[at] !== quote; at++) {
      if (at >= text.length || (quote === '`' && text[at] === '$')) throw new NoLiteral()
      if (text[at] === '\\') at++
    }
    return unescaped(text.slice(start, at++))
  }

  function not(): boolean {
    at++
    const digit = take(/[01]/y)
    if (digit === null) throw new NoLiteral()
    return digit === '0'
  }

  function word(): Literal {
    const number = take(NUMBER)
    if (number !== null) return Number(number)
    const name = take(NAME)
    if (name === 'void') {
      blank()
      if (take(NUMBER) !== null) return undefined
    }
    if (name === null || !KEYWORDS.has(name)) throw new NoLiteral()
    return KEYWORDS.get(name)
  }

  function separator(end: string): void {
    blank()
    if (text[at] === ',') at++
    else if (text[at] !== end) throw new NoLiteral()
  }

  function expect(mark: string): void {
    blank()
    if (text[at++] !== mark) throw new NoLiteral()
  }

  function blank(): void {
    take(BLANK)
  }

  function take(pattern: RegExp): string | null {
    const found = matchAt(pattern, text, at)
    at += found?.length ?? 0
    return found
  }
}

class NoLiteral extends Error {}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', '0': '\0', '\n': '' }

function unescaped(text: string): string {
  return text.replace(/\\(?:x([\da-f]{2})|u([\da-f]{4})|([\s\S]))/gi, (_, x?: string, u?: string, other?: string) => {
    const code = x ?? u
    return code === undefined ? (ESCAPES[other!] ?? other!) : String.fromCharCode(Number.parseInt(code, 16))
  })
}
