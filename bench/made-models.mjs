/** Made-up models for the benches: files of ordinary weights, as large as wanted. */
import { randomFillSync } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'

const MB = 1024 * 1024

/** Bytes of one tensor. */
const TENSOR_BYTES = 16 * MB

const CHUNK = new Uint8Array(MB)

/**
 * A safetensors file of square-ish matrices, as a language model has them. The header is padded to 8 bytes, as the library does.
 *
 * @param {string} path
 * @param {number} bytes of the weights, a multiple of 16 MB
 * @param {'BF16' | 'F32'} element
 */
export function writeSafetensors(path, bytes, element) {
  const rows = 2048
  const columns = TENSOR_BYTES / (element === 'BF16' ? 2 : 4) / rows
  /** @type {Record<string, unknown>} */
  const header = {}
  for (let at = 0; at < bytes; at += TENSOR_BYTES)
    header[`layers.${at / TENSOR_BYTES}.weight`] = {
      dtype: element,
      shape: [rows, columns],
      data_offsets: [at, at + TENSOR_BYTES],
    }
  const json = JSON.stringify(header)
  const text = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8))
  const file = openSync(path, 'w')
  writeSync(file, u64(text.length))
  writeSync(file, text)
  for (let written = 0; written < bytes; written += MB) writeSync(file, floats(element))
  closeSync(file)
  return path
}

/** @param {'BF16' | 'F32'} element */
function floats(element) {
  randomFillSync(CHUNK)
  // exponents of ordinary weights: about 2⁻⁶
  const step = element === 'BF16' ? 2 : 4
  for (let i = step - 1; i < CHUNK.length; i += step) CHUNK[i] = 0x3c | ((CHUNK[i] ?? 0) & 0x80)
  return CHUNK
}

/** Q4_K: 256 weights in a block of two halves (scale, minimum), 12 bytes of 6-bit scales and 128 bytes of nibbles. */
const Q4_K = 12
const BLOCK = { elements: 256, bytes: 144 }

/**
 * A GGUF file (version 3) of Q4_K matrices 8192 wide.
 *
 * @param {string} path
 * @param {number} bytes about so many
 */
export function writeQ4K(path, bytes) {
  const columns = 8192
  const rowBytes = (columns / BLOCK.elements) * BLOCK.bytes
  const rows = 4096
  const tensors = Math.max(1, Math.round(bytes / (rows * rowBytes)))
  const head = [Buffer.from('GGUF'), u32(3), u64(tensors), u64(0)]
  for (let at = 0; at < tensors; at++)
    head.push(text(`blk.${at}.ffn_up.weight`), u32(2), u64(columns), u64(rows), u32(Q4_K), u64(at * rows * rowBytes))
  const header = Buffer.concat(head)
  const file = openSync(path, 'w')
  writeSync(file, header)
  writeSync(file, Buffer.alloc(-header.length & 31))
  const row = Buffer.alloc(rowBytes * 16)
  for (let written = 0; written < tensors * rows; written += 16) writeSync(file, blocks(row))
  closeSync(file)
  return path
}

/** @param {Buffer} row */
function blocks(row) {
  randomFillSync(row)
  for (let at = 0; at < row.length; at += BLOCK.bytes) {
    // halves between 2⁻⁹ and 2⁻⁷
    row[at + 1] = 0x18 | ((row[at + 1] ?? 0) & 7)
    row[at + 3] = 0x18 | ((row[at + 3] ?? 0) & 7)
  }
  return row
}

/** @param {string} value */
function text(value) {
  return Buffer.concat([u64(value.length), Buffer.from(value)])
}

/** @param {number} value */
function u32(value) {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** @param {number} value */
function u64(value) {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
