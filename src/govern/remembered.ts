/** Beyond so many different texts remembering no longer pays. */
const MAX_REMEMBERED = 10_000

/** A function of a text that is asked the same texts over and over: purposes, jurisdictions and licences have few names between a million uses. */
export function remembered<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined || known.has(text)) return before as T
    const value = read(text)
    if (known.size >= MAX_REMEMBERED) known.clear()
    known.set(text, value)
    return value
  }
}
