import { describe, expect, it } from 'vitest'
import { relate } from '../../src/relate/relate.ts'
import { randomPrint } from '../builders/print.ts'

const ADAPTER = { rank: 8, alpha: 16, targets: ['q_proj'], declaredBase: null }

describe('an adapter', () => {
  it('has no parents, and is told by its tensors alone where it declares no base', () => {
    const print = { ...randomPrint(5), adapter: ADAPTER }
    expect(relate([print]).relations).toMatchObject([{ child: print.id, parents: [], status: 'inferred' }])
  })

  it('that names a base only declares it', () => {
    const print = { ...randomPrint(5), adapter: { ...ADAPTER, declaredBase: 'org/base' } }
    expect(relate([print]).relations).toMatchObject([{ status: 'declared', details: { declaredBase: 'org/base' } }])
  })

  it('is compared with no model, however alike', () => {
    const model = randomPrint(5, 12)
    const { relations, lookAlikes } = relate([model, { ...model, id: `blake3:${'a'.repeat(64)}`, adapter: ADAPTER }])
    expect([relations.map(({ parents }) => parents), lookAlikes]).toEqual([[[]], []])
  })
})
