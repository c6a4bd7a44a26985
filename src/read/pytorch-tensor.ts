import type { ByteRange } from './model-file.ts'
import { argsOf, countOf, countsOf, isNode, nameOf, type PickleValue } from './pickle-value.ts'
import type { PickledTensor, UnreadTensor } from './pickled-tensor.ts'
import { dtypeOf, type PytorchType } from './pytorch-types.ts'

/** Where the bytes of a storage lie, and what its class says they are. */
export interface Storage {
  type: PytorchType
  range: ByteRange
}

/** Finds the storage that a persistent id names; null for an id that names none. Throws `ReadError`. */
export type StorageOf = (id: PickleValue) => Storage | null

/** How deep a tensor may be wrapped: a parameter of a subclass of a tensor. */
const MAX_WRAPPERS = 8

const WRAPPERS: ReadonlySet<string> = new Set([
  'torch._utils._rebuild_parameter',
  'torch._utils._rebuild_parameter_with_state',
  'torch._utils._rebuild_device_tensor_from_numpy',
  'torch._utils._rebuild_device_tensor_from_cpu_tensor',
  'torch.nn.parameter.Parameter',
  'torch.nn.parameter.Buffer',
])

const UNREAD: Readonly<Record<string, string>> = {
  'torch._utils._rebuild_qtensor': 'quantised by torch.quantize_per_tensor or per_channel',
  'torch._utils._rebuild_sparse_tensor': 'sparse',
  'torch._utils._rebuild_sparse_csr_tensor': 'sparse',
  'torch._utils._rebuild_nested_tensor': 'nested',
  'torch._utils._rebuild_meta_tensor_no_storage': 'without data',
  'torch._utils._rebuild_wrapper_subclass': 'of a class that keeps its data elsewhere',
}

/** The tensor that PyTorch would rebuild from a value, by the functions it pickles tensors with; null for anything else. */
export function pytorchTensor(value: PickleValue, storageOf: StorageOf): PickledTensor | UnreadTensor | null {
  let inner: PickleValue | undefined = value
  for (let depth = 0; depth < MAX_WRAPPERS; depth++) {
    const name = nameOf(inner)
    if (name === null || !isNode(inner) || inner.kind !== 'object') return null
    if (UNREAD[name] !== undefined) return { kind: 'unread', why: UNREAD[name] }
    const args = argsOf(inner)
    switch (name) {
      case 'torch._utils._rebuild_tensor':
      case 'torch._utils._rebuild_tensor_v2':
        return strided(args, null, storageOf)
      case 'torch._utils._rebuild_tensor_v3':
        return strided(args, dtypeOf(args[6]), storageOf)
      case 'torch._tensor._rebuild_from_type_v2':
      case 'torch._tensor._rebuild_from_type':
        // (function, class, its arguments …): the function rebuilds the tensor, the class is put around it
        inner = {
          kind: 'object',
          callee: args[0] ?? null,
          args: args[2] ?? null,
          states: null,
          items: null,
          entries: null,
        }
        break
      default:
        if (!WRAPPERS.has(name)) return null
        inner = args[0]
    }
  }
  return null
}

/** (storage, offset in elements, size, stride, …) */
function strided(
  [storage, offset, size, stride]: readonly PickleValue[],
  dtype: PytorchType | null,
  storageOf: StorageOf,
): PickledTensor | UnreadTensor {
  if (!isNode(storage) || storage.kind !== 'persistent') return { kind: 'unread', why: 'without a storage' }
  const found = storageOf(storage.id)
  if (found === null) return { kind: 'unread', why: 'without a storage' }
  const type = dtype ?? found.type
  if (type.element === null) return { kind: 'unread', why: type.name }
  const [start, shape, strides] = [countOf(offset), countsOf(size), countsOf(stride)]
  if (start === null || shape === null || strides === null) return { kind: 'unread', why: 'of a shape that is none' }
  return {
    kind: 'tensor',
    element: type.element,
    shape,
    strides,
    start,
    data: { kind: 'ranges', ranges: [found.range] },
  }
}
