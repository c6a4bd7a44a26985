import { BLOCK_LAYOUTS, type BlockScheme } from '../contract/block-scheme.ts'
import { type BlockQuantisation, ELEMENT_BITS, type ElementType } from './model-file.ts'

/** How ggml stores a tensor, by the number that files give. */
export type GgmlType =
  | { kind: 'plain'; name: string; element: ElementType }
  | { kind: 'blocks'; name: BlockScheme; quantisation: BlockQuantisation }
  /** Known to ggml, not read here. `layout` is null where files need not tell how large a tensor is. */
  | { kind: 'unread'; name: string; layout: { elements: number; bytes: number } | null }

const PLAIN: Readonly<Record<number, [name: string, element: ElementType]>> = {
  0: ['F32', 'f32'],
  1: ['F16', 'f16'],
  24: ['I8', 'i8'],
  25: ['I16', 'i16'],
  26: ['I32', 'i32'],
  27: ['I64', 'i64'],
  28: ['F64', 'f64'],
  30: ['BF16', 'bf16'],
}

const BLOCKS: Readonly<Record<number, BlockScheme>> = {
  2: 'Q4_0',
  3: 'Q4_1',
  6: 'Q5_0',
  7: 'Q5_1',
  8: 'Q8_0',
  10: 'Q2_K',
  11: 'Q3_K',
  12: 'Q4_K',
  13: 'Q5_K',
  14: 'Q6_K',
  20: 'IQ4_NL',
  23: 'IQ4_XS',
  34: 'TQ1_0',
  35: 'TQ2_0',
  39: 'MXFP4',
}

/** Name, elements and bytes of a block. Q8_1 and Q8_K exist only while ggml computes; the others need tables of grids. */
const UNREAD: Readonly<Record<number, [name: string, elements: number, bytes: number]>> = {
  16: ['IQ2_XXS', 256, 66],
  17: ['IQ2_XS', 256, 74],
  18: ['IQ3_XXS', 256, 98],
  19: ['IQ1_S', 256, 50],
  21: ['IQ3_S', 256, 110],
  22: ['IQ2_S', 256, 82],
  29: ['IQ1_M', 256, 56],
  40: ['NVFP4', 64, 36],
  41: ['Q1_0', 128, 18],
}

/** `enum ggml_type` of ggml.h. */
export function ggmlType(number: number): GgmlType {
  const plain = PLAIN[number]
  if (plain) return { kind: 'plain', name: plain[0], element: plain[1] }
  const scheme = BLOCKS[number]
  if (scheme) return { kind: 'blocks', name: scheme, quantisation: blocksOf(scheme) }
  const unread = UNREAD[number]
  if (unread) return { kind: 'unread', name: unread[0], layout: { elements: unread[1], bytes: unread[2] } }
  return { kind: 'unread', name: `type ${number}`, layout: null }
}

export function blocksOf(scheme: BlockScheme): BlockQuantisation {
  const { elements, bytes } = BLOCK_LAYOUTS[scheme]
  return { kind: 'blocks', scheme, bits: (8 * bytes) / elements, blockElements: elements, blockBytes: bytes }
}

/** Elements that stand together and the bytes they take; null where that is not known. */
export function layoutOf(type: GgmlType): { elements: number; bytes: number } | null {
  if (type.kind === 'unread') return type.layout
  if (type.kind === 'blocks') return BLOCK_LAYOUTS[type.name]
  return { elements: 1, bytes: ELEMENT_BITS[type.element] / 8 }
}
