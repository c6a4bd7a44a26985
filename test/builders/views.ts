import fc from 'fast-check'
import { rowMajorStrides, type TensorView } from '../../src/read/model-file.ts'

export interface StoredView {
  /** Elements of the stored array that the view looks at. */
  stored: number
  view: TensorView
}

/**
 * Views as readers make them: of a stored row-major array the axes in any order, a slice along any of them, some rows
 * made of two axes (depthwise filters). `least` is the least size of an axis.
 */
export function views({ least = 0, most = 6 } = {}): fc.Arbitrary<StoredView> {
  const axis = fc.record({
    size: fc.integer({ min: least, max: most }),
    before: fc.integer({ min: 0, max: 2 }),
    after: fc.integer({ min: 0, max: 2 }),
    place: fc.nat(),
  })
  const record = fc.record({ axes: fc.array(axis, { minLength: 1, maxLength: 5 }), depthwise: fc.boolean() })
  return record.map(({ axes, depthwise }) => {
    const sizes = axes.map(({ size, before, after }) => size + before + after)
    const strides = rowMajorStrides(sizes)
    const order = [...axes.keys()].sort((a, b) => axes[a]!.place - axes[b]!.place)
    const empty = axes.some(({ size }) => size === 0)
    const start = empty ? 0 : axes.reduce((sum, { before }, k) => sum + before * strides[k]!, 0)
    const view = {
      shape: order.map((k) => axes[k]!.size),
      strides: order.map((k) => strides[k]!),
      start,
      rowAxes: depthwise && axes.length > 2 ? 2 : 1,
    }
    return { stored: sizes.reduce((product, size) => product * size, 1), view }
  })
}
