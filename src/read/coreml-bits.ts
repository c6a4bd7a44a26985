/** Whole numbers of `bits` bits (1 to 8) one after the other in bytes, each as a byte of its own. `first`: which bit of a byte is first. */
export function unpackBits(packed: Uint8Array, bits: number, count: number, first: 'low' | 'high'): Uint8Array {
  const numbers = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    let number = 0
    for (let bit = 0; bit < bits; bit++) {
      const at = i * bits + bit
      const byte = packed[at >> 3]!
      if (first === 'low') number |= ((byte >> (at & 7)) & 1) << bit
      else number = (number << 1) | ((byte >> (7 - (at & 7))) & 1)
    }
    numbers[i] = number
  }
  return numbers
}

/** Entries of `entryBytes` bytes each, looked up by number. Null when a number is beyond the table. */
export function lookUp(
  numbers: Uint8Array,
  table: Uint8Array,
  entryBytes: number,
  paletteOf: (index: number) => number,
  entries: number,
): Uint8Array | null {
  const dense = new Uint8Array(numbers.length * entryBytes)
  for (let i = 0; i < numbers.length; i++) {
    if (numbers[i]! >= entries) return null
    const at = (paletteOf(i) * entries + numbers[i]!) * entryBytes
    for (let byte = 0; byte < entryBytes; byte++) dense[i * entryBytes + byte] = table[at + byte]!
  }
  return dense
}
