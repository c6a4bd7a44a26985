import type { ElementType } from './model-file.ts'
import { nameOf, type PickleValue } from './pickle-value.ts'

/** What a storage class or dtype says of its elements; `element` is null for one that is not read. */
export interface PytorchType {
  element: ElementType | null
  /** Bytes of one element. */
  width: number
  /** As PyTorch calls it. */
  name: string
}

const TYPES: readonly PytorchType[] = [
  { name: 'float64', element: 'f64', width: 8 },
  { name: 'float32', element: 'f32', width: 4 },
  { name: 'float16', element: 'f16', width: 2 },
  { name: 'bfloat16', element: 'bf16', width: 2 },
  { name: 'float8_e4m3fn', element: 'f8e4m3', width: 1 },
  { name: 'float8_e5m2', element: 'f8e5m2', width: 1 },
  { name: 'float8_e4m3fnuz', element: null, width: 1 },
  { name: 'float8_e5m2fnuz', element: null, width: 1 },
  { name: 'float8_e8m0fnu', element: null, width: 1 },
  { name: 'float4_e2m1fn_x2', element: null, width: 1 },
  { name: 'int64', element: 'i64', width: 8 },
  { name: 'int32', element: 'i32', width: 4 },
  { name: 'int16', element: 'i16', width: 2 },
  { name: 'int8', element: 'i8', width: 1 },
  { name: 'uint64', element: 'u64', width: 8 },
  { name: 'uint32', element: 'u32', width: 4 },
  { name: 'uint16', element: 'u16', width: 2 },
  { name: 'uint8', element: 'u8', width: 1 },
  { name: 'bool', element: 'bool', width: 1 },
  { name: 'complex32', element: null, width: 4 },
  { name: 'complex64', element: null, width: 8 },
  { name: 'complex128', element: null, width: 16 },
  { name: 'qint8', element: null, width: 1 },
  { name: 'quint8', element: null, width: 1 },
  { name: 'qint32', element: null, width: 4 },
  { name: 'quint4x2', element: null, width: 1 },
  { name: 'quint2x4', element: null, width: 1 },
]

const STORAGES: Readonly<Record<string, string>> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
  ComplexFloatStorage: 'complex64',
  ComplexDoubleStorage: 'complex128',
  QInt8Storage: 'qint8',
  QUInt8Storage: 'quint8',
  QInt32Storage: 'qint32',
  QUInt4x2Storage: 'quint4x2',
  QUInt2x4Storage: 'quint2x4',
}

/** Bytes without a type; the tensor says what they are. */
const UNTYPED: PytorchType = { name: 'uint8', element: 'u8', width: 1 }

/** A storage class by its import (`torch.FloatStorage`), or null. */
export function storageType(value: PickleValue | undefined): PytorchType | null {
  const name = nameOf(value)
  if (name === null || !name.startsWith('torch.')) return null
  if (name === 'torch.storage.UntypedStorage' || name === 'torch.storage._UntypedStorage') return UNTYPED
  const type = STORAGES[name.slice('torch.'.length)]
  return TYPES.find((known) => known.name === type) ?? null
}

/** A dtype by its import (`torch.float8_e4m3fn`), or null. */
export function dtypeOf(value: PickleValue | undefined): PytorchType | null {
  const name = nameOf(value)
  return TYPES.find((type) => name === `torch.${type.name}`) ?? null
}
