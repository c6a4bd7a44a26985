/** The f32 sign bit where σ(i) = −1, else 0. σ(i) = +1 iff bit 0 of splitmix64(i) is 1. */
export function signBit(index: i64): u32 {
  let z = <u64>index + 0x9e3779b97f4a7c15
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb
  z ^= z >> 31
  return z & 1 ? 0 : 0x80000000
}
