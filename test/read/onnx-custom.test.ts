import { describe, expect, it } from 'vitest'
import { graph, localFunction, model, node } from '../builders/onnx.ts'
import { readBytesAsOnnx } from '../builders/read-onnx.ts'

function findings(...parameters: Parameters<typeof model>) {
  return readBytesAsOnnx(Uint8Array.from(model(...parameters))).findings
}

const custom = node('Sorcery', ['x'], ['y'], { domain: 'com.example' })

describe('custom operators', () => {
  it('are found by their domain, once each', () => {
    const values = { operators: 'com.example::Sorcery', count: 1 }
    expect(findings({ nodes: [custom, custom] })).toMatchObject([{ code: 'custom-op', severity: 'medium', values }])
  })

  it('are found inside branches', () => {
    const branch = node('If', ['c'], ['y'], { attributes: { then_branch: { graph: graph({ nodes: [custom] }) } } })
    expect(findings({ nodes: [branch] })).toMatchObject([{ code: 'custom-op' }])
  })

  it.each(['', 'ai.onnx', 'ai.onnx.ml', 'com.microsoft', 'com.microsoft.nchwc'])(
    'are none of the domain "%s"',
    (domain) => {
      expect(findings({ nodes: [node('Gelu', ['x'], ['y'], { domain })] })).toEqual([])
    },
  )

  it('are not those that the model defines itself', () => {
    const own = localFunction({ name: 'Sorcery', domain: 'com.example', inputs: ['x'], nodes: [] })
    expect(findings({ nodes: [custom] }, [own])).toEqual([])
  })

  it('are found in the bodies of the model’s own functions', () => {
    const body = [node('Deeper', ['x'], ['y'], { domain: 'org.other' })]
    const own = localFunction({ name: 'Sorcery', domain: 'com.example', inputs: ['x'], nodes: body })
    expect(findings({ nodes: [custom] }, [own])).toMatchObject([{ values: { operators: 'org.other::Deeper' } }])
  })

  it('are told of by name up to eight', () => {
    const nodes = Array.from({ length: 9 }, (_, at) => node(`Op${at}`, ['x'], ['y'], { domain: 'd' }))
    const [finding] = findings({ nodes })
    expect([finding?.values?.['count'], finding?.values?.['operators']]).toEqual([
      9,
      expect.stringMatching(/d::Op7, …$/),
    ])
  })
})
