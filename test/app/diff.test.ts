import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { diff } from '../../src/app/diff.ts'
import { diffReportOf } from '../../src/app/diff-report.ts'
import { exportPrint } from '../../src/app/print.ts'
import { diffReport } from '../../src/contract/diff.ts'
import { translator } from '../../src/report/language.ts'
import { lowRank } from '../builders/adapted.ts'
import { type Files, folder } from '../builders/folder.ts'
import { ggufModel, modelFile } from '../builders/model-file.ts'
import { cast, fineTuned, renamed, shuffled, withoutHead } from '../builders/model-operations.ts'
import { type Model, transformer } from '../builders/models.ts'
import { safetensors } from '../builders/safetensors.ts'

const progress = { onPhase() {}, onTotal() {}, onBytes() {} }
const base = transformer(1)

async function compared(files: Files, parent: string, child: string) {
  const root = folder(files)
  const options = { estate: join(root, '.yukue'), as: [], threads: 0 }
  return diff(join(root, parent), join(root, child), options, progress)
}

function diffOf(parent: Model, child: Model) {
  return compared({ 'a/a.safetensors': modelFile(parent), 'b/b.safetensors': modelFile(child) }, 'a', 'b')
}

function withAdapter(model: Model, rank: number, touched = /(q|v)_proj/): Model {
  return model.map((tensor, index) => {
    if (!touched.test(tensor.name)) return tensor
    const [rows, columns] = tensor.shape as [number, number]
    const delta = lowRank(index, rows, columns, rank)
    const size = Math.sqrt(delta.reduce((sum, value) => sum + value * value, 0))
    const factor = (0.05 * Math.sqrt(tensor.values.reduce((sum, value) => sum + value * value, 0))) / size
    return { ...tensor, values: tensor.values.map((value, at) => value + factor * delta[at]!) }
  })
}

describe('a diff over all weights', () => {
  it('keeps to the contract', async () => {
    const report = diffReportOf(await diffOf(base, fineTuned(base, 2)), translator('en'))
    expect(diffReport.safeParse(report).error).toBeUndefined()
  })

  it('gives each tensor its true distance', async () => {
    const child = fineTuned(base, 2)
    const { tensors } = await diffOf(base, child)
    for (const { parent, relativeDistance } of tensors) {
      const [a, b] = [base, child].map((model) => model.find(({ name }) => name === parent)!.values)
      const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
      const distance = norm(a!.map((value, at) => value - b![at]!)) / Math.max(norm(a!), norm(b!))
      expect(relativeDistance).toBeCloseTo(distance, 6)
    }
  })

  it.each([1, 8, 32])('finds a merged adapter of rank %i, and what it touched', async (rank) => {
    const { changes, details, projections } = await diffOf(base, withAdapter(base, rank))
    const touched = projections.filter(({ changed }) => changed > 0).map(({ projection }) => projection)
    expect([changes, details['rank'], touched.sort()]).toEqual([['adapter-merged'], rank, ['q', 'v']])
  })

  it('finds an adapter’s rank through bfloat16', async () => {
    const { changes, details } = await diffOf(cast(base, 'bf16'), cast(withAdapter(cast(base, 'bf16'), 8), 'bf16'))
    expect([changes, details['rank']]).toEqual([['adapter-merged'], 8])
  })

  it('calls a dense change a fine-tune', async () => {
    const { changes, details } = await diffOf(base, fineTuned(base, 3, 0.02))
    expect([changes, 'rank' in details]).toEqual([['fine-tuned'], false])
  })

  it('tells the share that stayed', async () => {
    const isFrozen = ({ name }: { name: string }) => !name.includes('mlp')
    const { frozen, tensors } = await diffOf(base, fineTuned(base, 3, 0.02, isFrozen))
    const count = (model: Model) => model.reduce((sum, { values }) => sum + values.length, 0)
    expect(frozen).toBeCloseTo(count(base.filter(isFrozen)) / count(base), 10)
    expect(tensors.filter(({ status }) => status === 'equal')).toHaveLength(base.filter(isFrozen).length)
  })

  it('calls weights set to zero pruned, and says which model has them', async () => {
    const pruned = base.map((tensor) => ({
      ...tensor,
      values: tensor.shape.length === 1 ? tensor.values : tensor.values.map((value, at) => (at % 4 === 0 ? 0 : value)),
    }))
    const { changes, direction } = await diffOf(base, pruned)
    expect([changes, direction]).toEqual([['pruned'], 'known'])
  })

  it('finds neurons in another order, and that nothing else was done', async () => {
    const order = shuffled([...Array(128).keys()], 5)
    const permuted = base.map((tensor) => {
      const { name, shape, values } = tensor
      const columns = shape[1] ?? 1
      const moved = values.map((_, at) => {
        const [row, column] = [Math.floor(at / columns), at % columns]
        if (name.includes('up_proj')) return values[order[row]! * columns + column]!
        return name.includes('down_proj') ? values[row * columns + order[column]!]! : values[at]!
      })
      return { ...tensor, values: moved }
    })
    const { tensors, related } = await diffOf(base, permuted)
    const statuses = new Map(tensors.map(({ child, status }) => [child, status]))
    const wrong = base.filter(({ name }) => statuses.get(name) !== (name.includes('mlp') ? 'permuted' : 'equal'))
    expect([related, wrong.map(({ name }) => name)]).toEqual([true, []])
  })

  it('says where each layer came from', async () => {
    const deep = transformer(4, { layers: 4 })
    const shallow = deep
      .filter(({ name }) => !name.includes('layers.1.'))
      .map((tensor) => ({
        ...tensor,
        name: tensor.name.replace(/layers\.([23])\./, (_, layer) => `layers.${Number(layer) - 1}.`),
      }))
    const { layers, changes } = await diffOf(deep, shallow)
    expect([layers, changes.includes('layers-changed')]).toEqual([[0, 2, 3], true])
  })

  it('compares a longer vocabulary on the rows that both have', async () => {
    const grown = base.map((tensor) => {
      if (!/embed_tokens|lm_head/.test(tensor.name)) return tensor
      const values = new Float32Array(tensor.values.length + 10 * 64).fill(0.01)
      values.set(tensor.values)
      return { ...tensor, shape: [tensor.shape[0]! + 10, 64], values }
    })
    const { tensors } = await diffOf(base, grown)
    const resized = tensors.filter(({ status }) => status === 'resized')
    expect(resized.map(({ relativeDistance }) => relativeDistance)).toEqual([0, 0])
  })

  it('lists what only one of them has', async () => {
    const { onlyInParent, onlyInChild } = await diffOf(base, withoutHead(base))
    expect([onlyInParent, onlyInChild]).toEqual([['lm_head.weight'], []])
  })

  it('finds a renamed copy equal', async () => {
    const { tensors } = await diffOf(base, renamed(base))
    expect(tensors.filter(({ status }) => status !== 'equal')).toEqual([])
  })

  it('names the scheme and bits of a quantised child', async () => {
    const files = { 'a.safetensors': modelFile(base), 'b.gguf': ggufModel(base, 'Q8_0') }
    const { changes, quantisation, direction } = await compared(files, 'a.safetensors', 'b.gguf')
    expect([changes, quantisation.child, direction]).toEqual([['quantised'], { scheme: 'Q8_0', bits: 8.5 }, 'known'])
  })

  it('says so when the order is the other way round', async () => {
    const files = { 'a.safetensors': modelFile(base), 'b.gguf': ggufModel(base, 'Q8_0') }
    expect((await compared(files, 'b.gguf', 'a.safetensors')).reversed).toBe(true)
  })

  it('relates no strangers', async () => {
    const { related, changes } = await diffOf(base, transformer(9))
    expect([related, changes]).toEqual([false, []])
  })

  it('tells files that differ beside equal weights', async () => {
    const files = {
      'a/model.safetensors': modelFile(base),
      'a/config.json': '{"id2label": {"0": "yes"}}',
      'b/model.safetensors': modelFile(base),
      'b/config.json': '{"id2label": {"0": "no"}}',
    }
    const { changes, sideFiles } = await compared(files, 'a', 'b')
    expect([changes, sideFiles.map(({ status }) => status)]).toEqual([['configuration-changed'], ['changed']])
  })

  it('does not compare an adapter’s factors with weights', async () => {
    const adapter = safetensors({
      'base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight': { shape: [4, 64] },
      'base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight': { shape: [64, 4] },
    })
    const files = { 'a.safetensors': modelFile(base), 'adapter_model.safetensors': adapter }
    const { changes, tensors } = await compared(files, 'a.safetensors', 'adapter_model.safetensors')
    expect([changes, tensors]).toEqual([['adapter'], []])
  })

  it('leaves values that are not finite out of the figures', async () => {
    const broken = base.map((tensor, index) => {
      const values = tensor.values.slice()
      if (index === 1) values[3] = Number.NaN
      return { ...tensor, values }
    })
    const { tensors } = await diffOf(base, broken)
    expect(tensors.every(({ cosine }) => cosine !== null && cosine > 0.9999)).toBe(true)
  })
})

describe('a diff of prints', () => {
  async function printsOf(parent: Model, child: Model, share = false) {
    const root = folder({ 'a.safetensors': modelFile(parent), 'b.safetensors': modelFile(child) })
    const options = { estate: join(root, '.yukue'), as: [], threads: 0, share }
    const prints = await Promise.all(['a', 'b'].map((name) => exportPrint(join(root, `${name}.safetensors`), options)))
    return compared(
      { 'a.yukueprint': prints[0]!.bytes, 'b.yukueprint': prints[1]!.bytes },
      'a.yukueprint',
      'b.yukueprint',
    )
  }

  it('says the same, and what it cannot say', async () => {
    const { changes, basis, unanswered, details } = await printsOf(base, withAdapter(base, 8))
    expect([changes, basis, details['rank']]).toEqual([['adapter-merged'], 'print', 8])
    expect(unanswered).toEqual(['exact-distances', 'changed-elements', 'exact-rank', 'permutation'])
  })

  it('estimates the distances', async () => {
    const { tensors } = await printsOf(base, fineTuned(base, 2, 0.02))
    const off = tensors.filter(({ relativeDistance }) => Math.abs(relativeDistance! / 0.02 - 1) > 0.35)
    expect(off).toEqual([])
  })

  it('says which tensors had no sketch', async () => {
    const { tensors, unanswered } = await printsOf(base, fineTuned(base, 2), true)
    expect([tensors.some(({ cosine }) => cosine === null), unanswered.includes('small-tensors')]).toEqual([true, true])
  })
})
