import type { TensorPrint } from '../identify/print.ts'

/** What a word in a name says about how numbers are stored. */
interface Claim {
  /** One word of a file's or folder's name, without separators, lower-case. */
  pattern: RegExp
  /** Whether a tensor is stored so. */
  holds(tensor: TensorPrint, match: RegExpExecArray): boolean
}

const CLAIMS: readonly Claim[] = [
  { pattern: /^(?:half|fp16|f16|float16)$/, holds: ({ element, encoding }) => !encoding && /^b?f16$/.test(element) },
  { pattern: /^(?:bf16|bfloat16)$/, holds: ({ element, encoding }) => !encoding && element === 'bf16' },
  { pattern: /^(?:fp32|f32|float32)$/, holds: ({ element, encoding }) => !encoding && element === 'f32' },
  { pattern: /^(?:fp8|f8|float8|e4m3|e5m2|e4m3fn)$/, holds: ({ element }) => element.startsWith('f8') },
  { pattern: /^(?:quanti[sz]ed|gptq|awq|bnb|nf4)$/, holds: isSmall },
  // q4, q4_k_m, q4f16, int8, uint8, 4bit; w4a16
  { pattern: /^(?:u?int|iq|q)?([2-8])(?:bits?|f16|f32)?$/, holds: hasBits },
  { pattern: /^w([2-8])a\d+$/, holds: hasBits },
]

/** A bare number, as in `model_8`, is a size or a step; a quarter stands beside its year. */
const BARE = /^[0-9]$/
const QUARTER = /^q[1-4]$/
const YEAR = /^(?:(?:19|20)\d\d|fy\d+)$/

function isSmall({ element, encoding }: TensorPrint): boolean {
  return encoding !== null || element.startsWith('f8') || /^[iu](4|8)$/.test(element)
}

/** Formats with k bits a weight spend up to 1.5 more on scales. */
function hasBits(tensor: TensorPrint, match: RegExpExecArray): boolean {
  const claimed = Number(match[1])
  const bits = tensor.encoding?.bits ?? (isSmall(tensor) ? 8 : 16)
  return bits >= claimed && bits < claimed + 1.5
}

/** Embeddings, heads and norms are often left wide; less than this of all weights in the claimed form is none of it. */
const MIN_SHARE = 0.1

/**
 * The word of a name that none of its weights bears out, or null. The nearest name that says anything counts: the file's, else
 * its folder's. Of several claims (`q4f16`, `int8-fp16`) one has to hold.
 */
export function falseClaim(path: string, weights: readonly TensorPrint[]): string | null {
  const names = path.split('/').slice(-2).reverse()
  const claims = names.map(claimsIn).find((found) => found.length > 0) ?? []
  const total = elements(weights)
  if (claims.length === 0 || total === 0) return null
  const isBorneOut = claims.some(({ claim, match }) => {
    return elements(weights.filter((tensor) => claim.holds(tensor, match))) >= MIN_SHARE * total
  })
  return isBorneOut ? null : claims[0]!.match[0]
}

function claimsIn(name: string): { claim: Claim; match: RegExpExecArray }[] {
  const words = name.toLowerCase().split(/[^a-z0-9]+/)
  const isDated = words.some((word) => YEAR.test(word))
  return words
    .filter((word) => !BARE.test(word) && !(isDated && QUARTER.test(word)))
    .flatMap((word) => {
      const claim = CLAIMS.find(({ pattern }) => pattern.test(word))
      return claim ? [{ claim, match: claim.pattern.exec(word)! }] : []
    })
}

function elements(tensors: readonly TensorPrint[]): number {
  return tensors.reduce((sum, tensor) => sum + tensor.invariants.count, 0)
}
