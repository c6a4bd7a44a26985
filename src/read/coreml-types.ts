import type { ElementType } from './model-file.ts'

/** How MIL and its blob files keep a data type. Numbers below a byte are packed, lowest bits first; `element` null: only as codes. */
export interface MilType {
  element: ElementType | null
  bits: number
  /** The number that stands for the type in a blob file (coremltools, mlmodel/src/MILBlob/Blob/BlobDataType.hpp). */
  blob: number | null
}

/** By number, from MIL.proto's DataType. Strings and the like have no entry. */
export const MIL_TYPES = new Map<number, MilType>([
  [1, { element: 'bool', bits: 8, blob: null }],
  [10, { element: 'f16', bits: 16, blob: 1 }],
  [11, { element: 'f32', bits: 32, blob: 2 }],
  [12, { element: 'f64', bits: 64, blob: null }],
  [13, { element: 'bf16', bits: 16, blob: 5 }],
  [21, { element: 'i8', bits: 8, blob: 4 }],
  [22, { element: 'i16', bits: 16, blob: 6 }],
  [23, { element: 'i32', bits: 32, blob: 14 }],
  [24, { element: 'i64', bits: 64, blob: null }],
  [25, { element: 'i4', bits: 4, blob: 8 }],
  [31, { element: 'u8', bits: 8, blob: 3 }],
  [32, { element: 'u16', bits: 16, blob: 7 }],
  [33, { element: 'u32', bits: 32, blob: 15 }],
  [34, { element: 'u64', bits: 64, blob: null }],
  [35, { element: 'u4', bits: 4, blob: 11 }],
  [36, { element: null, bits: 2, blob: 10 }],
  [37, { element: null, bits: 1, blob: 9 }],
  [38, { element: null, bits: 6, blob: 13 }],
  [39, { element: null, bits: 3, blob: 12 }],
  [40, { element: 'f8e4m3', bits: 8, blob: 16 }],
  [41, { element: 'f8e5m2', bits: 8, blob: 17 }],
])
