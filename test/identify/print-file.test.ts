import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PrintHeader, PrintMetadata } from '../../src/contract/print.ts'
import type { Print } from '../../src/identify/print.ts'
import { encodePrint, looksLikePrint, PRINT_HEAD_BYTES, shareable } from '../../src/identify/print-file.ts'
import { decodePrint } from '../../src/identify/print-file-decode.ts'
import { printOf, randomPrint, randomTensor, seeded } from '../builders/print.ts'

function decoded(bytes: Uint8Array): Print {
  const result = decodePrint(bytes, 'a.yukueprint')
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return result.print
}

/** The problem that a print gives after its header was changed. */
function problemAfter(print: Print, change: (header: PrintHeader) => void) {
  return problemOf(withHeader(encodePrint(print), change))
}

function problemOf(bytes: Uint8Array) {
  const result = decodePrint(bytes, 'a.yukueprint')
  return result.ok ? null : result.problem
}

function withHeader(bytes: Uint8Array, change: (header: PrintHeader) => void): Uint8Array {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true))
  const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString())
  change(header)
  const text = Buffer.from(JSON.stringify(header))
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(text.length))
  return new Uint8Array(Buffer.concat([size, text, bytes.subarray(8 + length)]))
}

function withMetadata(print: Print, change: (metadata: PrintMetadata) => unknown) {
  return problemAfter(print, (header) => {
    const metadata: PrintMetadata = JSON.parse(header.__metadata__.print)
    change(metadata)
    header.__metadata__.print = JSON.stringify(metadata)
  })
}

/** A print of one weight with a sketch. */
function onePrint(): Print {
  const random = seeded(7)
  let tensor = randomTensor(random, 0)
  while (tensor.standing !== 'weight') tensor = randomTensor(random, 0)
  return printOf([tensor])
}

describe('a print file', () => {
  it('gives back the print it was made of', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(12), (seed, tensors) => {
        const print = randomPrint(seed, tensors)
        expect(decoded(encodePrint(print))).toEqual(print)
      }),
      { numRuns: 50 },
    )
  })

  it('gives back what an adapter says of itself', () => {
    const adapter = { rank: 8, alpha: null, targets: ['q_proj', 'v_proj'], declaredBase: 'org/base' }
    expect(decoded(encodePrint({ ...randomPrint(4), adapter })).adapter).toEqual(adapter)
  })

  it('gives back the print from bytes at any alignment', () => {
    const print = randomPrint(3)
    const bytes = encodePrint(print)
    const shifted = new Uint8Array(bytes.length + 3)
    shifted.set(bytes, 3)
    expect(decoded(shifted.subarray(3))).toEqual(print)
  })

  it('gives back the name', () => {
    expect(decodePrint(encodePrint(randomPrint(1), { name: 'whisper' }), 'x')).toMatchObject({ name: 'whisper' })
  })

  it('gives back names of any characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const print = printOf(randomPrint(5, 1).tensors.map((tensor) => ({ ...tensor, name, role: name })))
        expect(decoded(encodePrint(print))).toEqual(print)
      }),
    )
  })

  it('gives back moments that are not finite', () => {
    const [tensor] = onePrint().tensors
    const invariants = { ...tensor!.invariants, min: Infinity, max: -Infinity, mean: NaN, sumFourth: Infinity }
    const print = printOf([{ ...tensor!, invariants }])
    expect(decoded(encodePrint(print))).toEqual(print)
  })

  it('leaves out a sketch that overflowed', () => {
    const [tensor] = onePrint().tensors
    const values = Float32Array.from(tensor!.sketch!.values).fill(Infinity, 0, 1)
    const print = printOf([{ ...tensor!, sketch: { ...tensor!.sketch!, values } }])
    expect(decoded(encodePrint(print)).tensors[0]!.sketch).toBeNull()
  })

  it('is told by its first bytes', () => {
    expect(looksLikePrint(encodePrint(randomPrint(1)).subarray(0, PRINT_HEAD_BYTES))).toBe(true)
  })

  it('is not mistaken for another safetensors file', () => {
    expect(looksLikePrint(Buffer.from('________{"__metadata__":{"format":"pt"},"w":{}}'))).toBe(false)
  })

  it('is refused for writing when a name is longer than any reader gives', () => {
    const print = printOf(onePrint().tensors.map((tensor) => ({ ...tensor, name: 'n'.repeat(10_000) })))
    expect(() => encodePrint(print)).toThrow(RangeError)
  })
})

describe('a hostile print file', () => {
  it('cut short anywhere is a problem, never an exception', () => {
    const bytes = encodePrint(randomPrint(4))
    fc.assert(fc.property(fc.nat(bytes.length - 1), (length) => problemOf(bytes.subarray(0, length)) !== null))
  })

  it('with any byte changed is a print or a problem, never an exception', () => {
    const bytes = encodePrint(randomPrint(4, 2))
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const changed = bytes.slice()
        changed[at] = value
        expect(typeof decodePrint(changed, 'x').ok).toBe('boolean')
      }),
      { numRuns: 500 },
    )
  })

  it('of any bytes is a problem', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => problemOf(bytes) !== null))
  })

  it('that announces a header beyond the limit is refused before it is read', () => {
    expect(problemOf(new Uint8Array(8).fill(255))?.code).toBe('limit')
  })

  it('of a newer version is unsupported', () => {
    const problem = problemAfter(randomPrint(1), (header) => {
      header.__metadata__.yukue = 'yukue.print/2'
    })
    expect(problem).toMatchObject({ code: 'unsupported', values: { value: 'yukue.print/2' } })
  })

  const lies: [string, string, (metadata: PrintMetadata) => unknown][] = [
    ['another id', 'its id', (metadata) => (metadata.id = `blake3:${'0'.repeat(64)}`)],
    ['another layout', 'its layout', (metadata) => (metadata.layout = `blake3:${'0'.repeat(64)}`)],
    ['other parameters', 'its parameters', (metadata) => (metadata.parameters += 1)],
    ['a digest that is none', 'digests', (metadata) => (metadata.digests[0] = 'x')],
    ['columns of different length', 'different length', (metadata) => metadata.names.push('more')],
    ['another shape', 'contradict', (metadata) => (metadata.rows[0]! += 1)],
    ['fewer norms than it holds', 'one row', (metadata) => (metadata.normed[0] = false)],
    ['fewer sketches than it holds', 'more numbers', (metadata) => (metadata.sketched[0] = false)],
  ]

  it.each(lies)('that gives %s is malformed', (_, reason, change) => {
    expect(withMetadata(onePrint(), change)).toMatchObject({
      code: 'malformed',
      values: { reason: expect.stringContaining(reason) },
    })
  })

  it('with overlapping tensors is malformed', () => {
    const problem = problemAfter(onePrint(), (header) => {
      header.column_norms.data_offsets = header.row_norms.data_offsets
    })
    expect(problem).toMatchObject({ code: 'malformed' })
  })

  it('with bytes behind the last tensor is malformed', () => {
    expect(problemOf(new Uint8Array(Buffer.concat([encodePrint(onePrint()), Buffer.alloc(4)])))).toMatchObject({
      code: 'malformed',
    })
  })

  it('with a sketch that is not finite is malformed', () => {
    const bytes = encodePrint(onePrint())
    new DataView(bytes.buffer).setFloat32(bytes.length - 4, NaN, true)
    expect(problemOf(bytes)).toMatchObject({ code: 'malformed', values: { what: 'sketches' } })
  })
})

describe('a print to give away', () => {
  it('says how many sketches it left out', () => {
    const print = randomPrint(9, 12)
    expect(shareable(print).leftOut).toBe(
      print.tensors.filter((tensor) => tensor.sketch && tensor.invariants.count < 16_384).length,
    )
  })

  it('keeps the identity of the model', () => {
    const print = randomPrint(9, 12)
    expect(decoded(encodePrint(shareable(print).print)).id).toBe(print.id)
  })

  it('keeps the sketch of a tensor of 16,384 elements', () => {
    const tensor = { ...onePrint().tensors[0]!, rows: 128, columns: 128 }
    const sketch = { height: 64, width: 64, values: new Float32Array(4_096) }
    const large = printOf([{ ...tensor, sketch, invariants: { ...tensor.invariants, count: 16_384 } }])
    expect(shareable(large).print.tensors[0]!.sketch).not.toBeNull()
  })
})
