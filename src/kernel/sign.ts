/**
 * σ(i) of the print (docs/print.md): +1 iff bit 0 of splitmix64(i) is 1, else −1. Rows and columns share it.
 * Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014), with Stafford's mix 13.
 *
 * @param index a whole number in [0, 2⁵³)
 */
export function sign(index: number): 1 | -1 {
  // 64-bit words as two 32-bit halves: BigInt takes 20 times as long, and a tall tensor asks for every row.
  const sum = (index >>> 0) + 0x7f4a7c15
  let low = sum >>> 0
  let high = (Math.floor(index / 2 ** 32) + 0x9e3779b9 + (sum > 0xffffffff ? 1 : 0)) >>> 0
  // z ⊕ z≫30
  low = (low ^ ((low >>> 30) | (high << 2))) >>> 0
  high = (high ^ (high >>> 30)) >>> 0
  // · 0xBF58476D1CE4E5B9
  high = (Math.imul(low, 0xbf58476d) + Math.imul(high, 0x1ce4e5b9) + highOfProduct(low, 0x1ce4e5b9)) >>> 0
  low = Math.imul(low, 0x1ce4e5b9) >>> 0
  // z ⊕ z≫27, then · 0x94D049BB133111EB; bit 0 of z ⊕ z≫31 needs the low half alone
  low = (low ^ ((low >>> 27) | (high << 5))) >>> 0
  low = Math.imul(low, 0x133111eb) >>> 0
  return ((low ^ (low >>> 31)) & 1) === 1 ? 1 : -1
}

/** The upper 32 bits of a · b, for a, b in [0, 2³²). */
function highOfProduct(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const crossed = aHigh * bLow + Math.floor((aLow * bLow) / 2 ** 16)
  const middle = aLow * bHigh + (crossed % 2 ** 16)
  return aHigh * bHigh + Math.floor(crossed / 2 ** 16) + Math.floor(middle / 2 ** 16)
}
