import type { Print, TensorPrint } from '../identify/print.ts'
import type { ElementType } from '../read/model-file.ts'
import type { ModelRecord } from '../store/records.ts'

/** What is told of a model without its print. */
export type ModelSummary = Omit<ModelRecord, 'origin' | 'name'>

const DTYPE_NAMES: Partial<Record<ElementType, string>> = {
  f64: 'float64',
  f32: 'float32',
  f16: 'float16',
  bf16: 'bfloat16',
  f8e4m3: 'float8_e4m3',
  f8e5m2: 'float8_e5m2',
}

export function summaryOf(print: Print): ModelSummary {
  const weights = print.tensors.filter((tensor) => tensor.standing === 'weight')
  return {
    id: print.id,
    parameters: print.parameters,
    tensors: weights.length,
    dtypes: countsOf(weights.map(dtypeOf)),
    quantisation: quantisationOf(weights),
  }
}

/** The same from the record. */
export function summaryFrom({ id, parameters, tensors, dtypes, quantisation }: ModelRecord): ModelSummary {
  return { id, parameters, tensors, dtypes, quantisation }
}

/** The stored type of a float tensor, the scheme of a quantised one. */
export function dtypeOf({ element, encoding }: TensorPrint): string {
  return encoding?.scheme ?? DTYPE_NAMES[element] ?? element
}

function countsOf(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/** The scheme that holds most of the quantised elements; null for a model without any. */
function quantisationOf(weights: TensorPrint[]): { scheme: string; bits: number } | null {
  const elements = new Map<string, { bits: number; count: number }>()
  for (const { encoding, invariants } of weights) {
    if (!encoding) continue
    const seen = elements.get(encoding.scheme)?.count ?? 0
    elements.set(encoding.scheme, { bits: encoding.bits, count: seen + invariants.count })
  }
  const [most] = [...elements].sort(([, a], [, b]) => b.count - a.count)
  return most ? { scheme: most[0], bits: most[1].bits } : null
}
