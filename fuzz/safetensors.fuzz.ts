import { readSafetensors } from '../src/read/safetensors.ts'
import { memorySource } from '../src/read/source.ts'
import { safetensors } from '../test/builders/safetensors.ts'
import { noSiblings, readsSoundly } from './invariant.ts'

export const seeds = [
  safetensors({ a: { shape: [4, 4] }, b: { shape: [3], dtype: 'F16', bytes: new Uint8Array(6) } }, { format: 'pt' }),
  safetensors({ 'h.0.attn.c_attn.weight': { shape: [4, 12] }, 'h.0.attn.c_attn.bias': { shape: [12] } }),
  safetensors({ 'l.lora_A.weight': { shape: [2, 8] }, 'l.lora_B.weight': { shape: [8, 2] }, 'l.alpha': { shape: [] } }),
  safetensors({ 'rnn.weight_ih_l0': { shape: [16, 4] }, 'rnn.weight_hh_l0': { shape: [16, 4] } }),
]

export function fuzzSafetensors(bytes: Uint8Array): void {
  readsSoundly(() => readSafetensors(memorySource('input.safetensors', bytes), noSiblings))
}
