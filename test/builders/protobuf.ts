/** Protobuf messages as bytes, for small hostile or honest files. */

export type Bytes = Uint8Array

export function join(...parts: Bytes[]): Bytes {
  return new Uint8Array(Buffer.concat(parts))
}

export function varint(value: number | bigint): Bytes {
  let rest = BigInt.asUintN(64, BigInt(value))
  const bytes: number[] = []
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0))
    rest >>= 7n
  } while (rest > 0n)
  return Uint8Array.from(bytes)
}

export function varintField(number: number, value: number | bigint): Bytes {
  return join(varint(number * 8), varint(value))
}

/** A message, string or packed list. */
export function bytesField(number: number, ...payload: Bytes[]): Bytes {
  const bytes = join(...payload)
  return join(varint(number * 8 + 2), varint(bytes.length), bytes)
}

export function textField(number: number, text: string): Bytes {
  return bytesField(number, Buffer.from(text))
}

export function floatField(number: number, value: number): Bytes {
  return join(varint(number * 8 + 5), floats(value))
}

export function floats(...values: number[]): Bytes {
  return new Uint8Array(Float32Array.from(values).buffer)
}

export function int64s(...values: number[]): Bytes {
  return new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
}
