/** A signed statement as far as a page looks into it; the server checks all of it. */
export interface EnvelopeLike {
  payload: string
  payloadType: string
  signatures: unknown[]
}

/** The envelopes in a file: one as JSON, or one a line. Null where anything else stands in it. */
export function envelopesIn(text: string): EnvelopeLike[] | null {
  const whole = parsed(text)
  const found =
    whole === undefined
      ? text
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map(parsed)
      : [whole]
  return found.length > 0 && found.every(isEnvelope) ? found : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isEnvelope(value: unknown): value is EnvelopeLike {
  if (typeof value !== 'object' || value === null) return false
  const { payload, payloadType, signatures } = value as Partial<EnvelopeLike>
  return typeof payload === 'string' && typeof payloadType === 'string' && Array.isArray(signatures)
}
