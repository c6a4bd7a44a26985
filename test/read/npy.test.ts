import { describe, expect, it } from 'vitest'
import { readNpy } from '../../src/read/npy.ts'
import { readNpz } from '../../src/read/npz.ts'
import { memorySource } from '../../src/read/source.ts'
import { importOf, opcodes } from '../builders/pickle.ts'
import { problemOf } from '../builders/problems.ts'
import { tensorValues } from '../builders/values.ts'
import { zip } from '../builders/zip.ts'

/** A .npy file of any header over any bytes. */
function npy(header: string, data: Uint8Array = new Uint8Array(16), version = 1): Uint8Array {
  const text = new TextEncoder().encode(header)
  const length =
    version === 1
      ? Uint8Array.of(text.length & 255, text.length >> 8)
      : new Uint8Array(Uint32Array.of(text.length).buffer)
  return new Uint8Array(
    Buffer.concat([Uint8Array.of(0x93), Buffer.from('NUMPY'), Uint8Array.of(version, 0), length, text, data]),
  )
}

const dict = (shape: string, descr = "'<f4'", order = 'False') =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`

const read = (bytes: Uint8Array) => readNpy(memorySource('a.npy', bytes))
const refused = (bytes: Uint8Array) => problemOf(() => read(bytes))

describe('a header', () => {
  it.each([
    ['(2, 2)', [2, 2]],
    ['(4,)', [4]],
    ['()', []],
    ['(2L, 2L)', [2, 2]],
    ['(0, 5)', [0, 5]],
  ])('may have the shape %s', (shape, axes) => {
    expect(read(npy(dict(shape))).tensors[0]?.view.shape).toEqual(axes)
  })

  it('may have its entries in any order', () => {
    expect(read(npy("{'shape': (4,), 'descr': '<f4', 'fortran_order': False}")).tensors).toHaveLength(1)
  })

  it('of a Fortran array gives rows all the same', () => {
    const data = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer)
    const file = read(npy(dict('(2, 2)', "'<f4'", 'True'), data))
    expect([...tensorValues(file, file.tensors[0]!)]).toEqual([1, 3, 2, 4])
  })

  it.each([
    '',
    '{}',
    "{'descr': '<f4'}",
    "{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': (4,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (4,), 'more': 1}",
    "{'descr': '<f4', 'fortran_order': 0, 'shape': (4,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': [4]}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-4,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2 * 2,)}",
    "{'descr': __import__('os').system('id'), 'fortran_order': False, 'shape': (4,)}",
  ])('is refused when it is %s', (header) => {
    expect(refused(npy(header)).code).toBe('malformed')
  })

  it.each([
    ['2⁶² elements', '(4611686018427387904,)', 'malformed'],
    ['2⁴⁹ elements', '(562949953421312,)', 'limit'],
    ['33 axes', `(${'1, '.repeat(33)})`, 'limit'],
    ['more elements than the file', '(1000,)', 'truncated'],
  ])('is refused for %s', (_, shape, code) => {
    expect(refused(npy(dict(shape))).code).toBe(code)
  })

  it('is refused when it is longer than any real one', () => {
    expect(refused(npy(dict('(4,)') + ' '.repeat(100_000), undefined, 2)).code).toBe('limit')
  })

  it('is truncated wherever the file is cut', () => {
    const whole = npy(dict('(4,)'))
    const codes = Array.from({ length: whole.length - 6 }, (_, index) => refused(whole.subarray(0, 6 + index)).code)
    expect(new Set(codes)).toEqual(new Set(['truncated']))
  })

  it('is refused in a version that does not exist', () => {
    expect(refused(npy(dict('(4,)'), undefined, 4)).code).toBe('unsupported')
  })
})

it.each(["'>f4'", "'<c8'", "'<U4'", "'<M8[ns]'", "[('x', '<f4')]"])('does not read elements of %s', (descr) => {
  expect(refused(npy(dict('(2,)', descr))).code).toBe('unsupported')
})

it('tells what the pickle of an object array imports', () => {
  const bytes = npy(dict('(1,)', "'|O'"), opcodes('\x80\x04', importOf('os.system'), '(', 'X\x02\0\0\0id', 'tR.'))
  expect(read(bytes).findings.map(({ code, severity }) => [code, severity])).toEqual([
    ['object-array', 'medium'],
    ['pickle-import', 'high'],
  ])
})

it('names the arrays of an archive that it leaves out', () => {
  const bytes = zip([
    { name: 'a.npy', bytes: npy(dict('(4,)')) },
    { name: 'b.npy', bytes: npy(dict('(2,)', "'<c8'")) },
  ])
  const { tensors, findings } = readNpz(memorySource('a.npz', bytes))
  expect([tensors.map(({ name }) => name), findings.map(({ message }) => message)]).toEqual([
    ['a'],
    ['b: of type <c8; not read'],
  ])
})
