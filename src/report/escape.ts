/**
 * Names and messages come from files that nobody has checked. A control character could move the cursor or recolour the
 * terminal, a bidirectional override could show `gpj.exe` as `exe.jpg`, an invisible letter could make two names look one.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu

/** The text with everything that does not show, or changes how its neighbours show, spelt out as ⟨U+001B⟩. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
    return `⟨U+${code}⟩`
  })
}

/** Long enough for real paths; a name inside a file may be 4 kB. */
const SHOWN_CHARACTERS = 160

/** `visible`, and cut in the middle when longer than `limit` characters: the end of a path says the most. */
export function shown(text: string, limit = SHOWN_CHARACTERS): string {
  // Cut before escaping too, so that megabytes of a message are not escaped for nothing.
  const characters = Array.from(text.length > limit * 4 ? text.slice(0, limit * 2) + text.slice(-limit * 2) : text)
  if (characters.length <= limit) return visible(characters.join(''))
  const head = Math.floor(limit / 3)
  return visible(`${characters.slice(0, head).join('')}…${characters.slice(1 + head - limit).join('')}`)
}
