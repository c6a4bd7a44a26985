import {
  MAX_PRINT_HEADER_BYTES,
  PRINT_MOMENTS,
  PRINT_QUANTILES,
  PRINT_SCHEMA,
  type PrintHeader,
  type PrintMetadata,
  printHeader,
  printMetadata,
} from '../contract/print.ts'
import type { Problem, ProblemCode, ProblemValues } from '../contract/problem.ts'
import { identityTensors, layoutId, modelId } from './model-id.ts'
import type { Encoding, Invariants, Print, Sketch, TensorPrint } from './print.ts'
import { sketchSize } from './print-file.ts'

export type DecodedPrint = { ok: true; print: Print; name: string | null } | { ok: false; problem: Problem }

/**
 * Reads what `encodePrint` wrote, from anyone: every length is checked against the bytes, sketches and norms are
 * finite, and the ids are those of the digests. `path` is for the problem only. The print's arrays may be views of `bytes`.
 */
export function decodePrint(bytes: Uint8Array, path: string): DecodedPrint {
  try {
    const { header, data } = splitFile(bytes)
    const metadata = parseMetadata(header)
    const numbers = viewNumbers(header, data)
    const tensors = rebuildTensors(metadata, numbers)
    const { id, layout, parameters, adapter } = metadata
    const print = { id, layout, parameters, tensors, ...(adapter ? { adapter } : {}) }
    checkIdentity(print)
    return { ok: true, print, name: metadata.name }
  } catch (error) {
    if (error instanceof Fault) return { ok: false, problem: { path, ...error.reason } as Problem }
    throw error
  }
}

/** Carries the reason from where it is found to `decodePrint`; never leaves this file. */
class Fault extends Error {
  readonly reason: { code: ProblemCode; values: unknown }

  constructor(reason: Fault['reason']) {
    super(reason.code)
    this.reason = reason
  }
}

function fault<C extends ProblemCode>(code: C, values: ProblemValues<C>): Fault {
  return new Fault({ code, values })
}

function malformed(what: string, reason: string, offset = 0): Fault {
  return fault('malformed', { what, reason, offset })
}

function splitFile(bytes: Uint8Array): { header: PrintHeader; data: Uint8Array } {
  if (bytes.length < 8) throw fault('truncated', { what: 'print header', need: 8, size: bytes.length })
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true)
  if (length > MAX_PRINT_HEADER_BYTES)
    throw fault('limit', { what: 'print header', value: `${length}`, limit: `${MAX_PRINT_HEADER_BYTES}` })
  const end = 8 + Number(length)
  if (end > bytes.length) throw fault('truncated', { what: 'print header', need: end, size: bytes.length })
  const parsed = parseJson('print header', utf8(bytes.subarray(8, end)), 8)
  const version = schemaOf(parsed)
  if (version !== PRINT_SCHEMA) throw fault('unsupported', { what: 'print', value: version })
  const header = printHeader.safeParse(parsed)
  if (!header.success) throw malformed('print header', firstIssue(header.error), 8)
  return { header: header.data, data: bytes.subarray(end) }
}

/** What the file says it is, so that a newer version is told apart from a broken file. */
function schemaOf(header: unknown): string {
  const metadata = header && typeof header === 'object' && '__metadata__' in header ? header.__metadata__ : null
  const schema = metadata && typeof metadata === 'object' && 'yukue' in metadata ? metadata.yukue : null
  if (typeof schema !== 'string') throw malformed('print header', 'does not say that it is a print', 8)
  return schema.slice(0, 100)
}

function parseMetadata(header: PrintHeader): PrintMetadata {
  const metadata = printMetadata.safeParse(parseJson('print metadata', header.__metadata__.print, 8))
  if (!metadata.success) throw malformed('print metadata', firstIssue(metadata.error), 8)
  const { names, roles, rows, columns, elements, exact, encodings, standings, digests, normed, sketched } =
    metadata.data
  const all = [roles, rows, columns, elements, exact, encodings, standings, digests, normed, sketched]
  if (all.some((column) => column.length !== names.length))
    throw malformed('print metadata', 'columns of different length', 8)
  return metadata.data
}

interface Numbers {
  moments: Float64Array
  rowNorms: Float32Array
  columnNorms: Float32Array
  sketches: Float32Array
}

function viewNumbers(header: PrintHeader, data: Uint8Array): Numbers {
  checkPlaces(header, data.length)
  // Typed arrays need an aligned start; a file read at once has it, a slice of something larger may not.
  const aligned = data.byteOffset % 8 === 0 ? data : data.slice()
  const floats = ({ data_offsets: [start, end] }: { data_offsets: [number, number] }) => {
    const at = aligned.byteOffset + start
    return at % 4 === 0
      ? new Float32Array(aligned.buffer, at, (end - start) / 4)
      : new Float32Array(aligned.slice(start, end).buffer)
  }
  const [start, end] = header.moments.data_offsets
  const numbers = {
    moments: new Float64Array(aligned.slice(start, end).buffer),
    rowNorms: floats(header.row_norms),
    columnNorms: floats(header.column_norms),
    sketches: floats(header.sketches),
  }
  if (!numbers.sketches.every(Number.isFinite)) throw malformed('sketches', 'not a finite number')
  for (const norms of [numbers.rowNorms, numbers.columnNorms])
    if (!norms.every((norm) => norm >= 0)) throw malformed('norms', 'not a positive number')
  return numbers
}

/** As safetensors demands: each tensor as long as its shape says, all of them side by side, nothing over. */
function checkPlaces(header: PrintHeader, size: number): void {
  const { __metadata__, ...tensors } = header
  const places = Object.entries(tensors).sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0])
  let at = 0
  for (const [name, { dtype, shape, data_offsets }] of places) {
    const [start, end] = data_offsets
    const length = shape.reduce<number>((product, axis) => product * axis, dtype === 'F64' ? 8 : 4)
    if (start !== at || end - start !== length) throw malformed(name, 'offsets and shape disagree')
    if (end > size) throw fault('truncated', { what: name, need: end, size })
    at = end
  }
  if (at !== size) throw malformed('print', 'bytes behind the last tensor', at)
}

function rebuildTensors(metadata: PrintMetadata, numbers: Numbers): TensorPrint[] {
  const { names, normed } = metadata
  if (numbers.moments.length !== names.length * PRINT_MOMENTS.length)
    throw malformed('moments', 'not one row for each tensor')
  const rows = normed.filter(Boolean).length * PRINT_QUANTILES
  if (numbers.rowNorms.length !== rows || numbers.columnNorms.length !== rows)
    throw malformed('norms', 'not one row for each tensor that has norms')
  let norm = 0
  let sketch = 0
  const tensors = names.map((name, index): TensorPrint => {
    const quantiles = normed[index] ? PRINT_QUANTILES : 0
    const invariants = rebuildInvariants(metadata, numbers, index, norm, norm + quantiles)
    const rebuilt = metadata.sketched[index] ? rebuildSketch(metadata, numbers, index, sketch) : null
    norm += quantiles
    sketch += rebuilt?.values.length ?? 0
    return {
      name,
      role: metadata.roles[index]!,
      rows: metadata.rows[index]!,
      columns: metadata.columns[index]!,
      element: metadata.elements[index]!,
      exact: metadata.exact[index]!,
      encoding: rebuildEncoding(metadata, numbers, index),
      standing: metadata.standings[index]!,
      digest: metadata.digests[index]!,
      invariants,
      sketch: rebuilt,
    }
  })
  if (sketch !== numbers.sketches.length) throw malformed('sketches', 'more numbers than the tensors need')
  return tensors
}

function rebuildInvariants(
  metadata: PrintMetadata,
  { moments, rowNorms, columnNorms }: Numbers,
  index: number,
  start: number,
  end: number,
): Invariants {
  const number = (name: Exclude<(typeof PRINT_MOMENTS)[number], 'step'>) => momentOf(moments, index, name)
  const [count, zeros, nonFinite] = [number('count'), number('zeros'), number('nonFinite')]
  const whole = [count, zeros, nonFinite].every((value) => Number.isSafeInteger(value) && value >= 0)
  if (!whole || zeros + nonFinite > count || count !== metadata.rows[index]! * metadata.columns[index]!)
    throw malformed('moments', `counts of tensor ${index} contradict each other`)
  return {
    count,
    zeros,
    nonFinite,
    // Not checked: sums of extreme weights overflow, and a tensor without finite values has no least one.
    min: number('min'),
    max: number('max'),
    mean: number('mean'),
    sumSquares: number('sumSquares'),
    sumFourth: number('sumFourth'),
    rowNorms: rowNorms.subarray(start, end),
    columnNorms: columnNorms.subarray(start, end),
  }
}

function rebuildEncoding(metadata: PrintMetadata, { moments }: Numbers, index: number): Encoding | null {
  const encoding = metadata.encodings[index]!
  return encoding && { ...encoding, step: momentOf(moments, index, 'step') }
}

function rebuildSketch(metadata: PrintMetadata, { sketches }: Numbers, index: number, start: number): Sketch {
  const { height, width, length } = sketchSize(metadata.rows[index]!, metadata.columns[index]!)
  if (start + length > sketches.length) throw malformed('sketches', 'fewer numbers than the tensors need')
  return { height, width, values: sketches.subarray(start, start + length) }
}

function momentOf(moments: Float64Array, index: number, name: (typeof PRINT_MOMENTS)[number]): number {
  return moments[index * PRINT_MOMENTS.length + PRINT_MOMENTS.indexOf(name)]!
}

/** A print that names itself after another model, or counts what it does not list, is not believed. */
function checkIdentity(print: Print): void {
  if (modelId(print.tensors) !== print.id) throw malformed('print', 'its id is not that of its digests')
  if (layoutId(print.tensors) !== print.layout) throw malformed('print', 'its layout is not that of its digests')
  // A tied output head counts once or twice, as its writer saw it.
  const least = elements(identityTensors(print.tensors))
  const most = elements(print.tensors.filter((tensor) => tensor.standing === 'weight'))
  if (print.parameters < least || print.parameters > most)
    throw malformed('print', 'its parameters are not those of its tensors')
}

function elements(tensors: readonly TensorPrint[]): number {
  return tensors.reduce((sum, tensor) => sum + tensor.invariants.count, 0)
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw malformed('print header', 'not UTF-8', 8)
  }
}

function parseJson(what: string, text: string, offset: number): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed(what, 'not JSON', offset)
  }
}

function firstIssue(error: { issues: readonly { path: PropertyKey[]; message: string }[] }): string {
  const issue = error.issues[0]
  return issue ? `${issue.path.join('.')}: ${issue.message}`.slice(0, 200) : 'not a print'
}
