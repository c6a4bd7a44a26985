import { describe, expect, it } from 'vitest'
import type { CompareReport } from '../../src/contract/compare.ts'
import { yukue } from '../builders/command.ts'
import { folder } from '../builders/folder.ts'
import { linearModel } from '../builders/onnx-runnable.ts'

const CASES = ['id,x,y,truth,sex', '1,2,1,1,F', '2,1,2,0,F', '3,3,0,1,M', '4,0,3,0,M', '5,1,1.5,1,F'].join('\n')

async function compare(files: Record<string, Uint8Array | string>, ...more: string[]) {
  const cwd = folder({ 'cases.csv': `${CASES}\n`, ...files })
  const args = [
    'compare',
    'parent.onnx',
    'child.onnx',
    '--inputs',
    'cases.csv',
    '--key',
    'id',
    '--truth',
    'truth',
    '--group',
    'sex',
  ]
  return yukue([...args, '--json', '--quiet', ...more], { cwd })
}

describe('two ONNX models', () => {
  it('are run on the same inputs', async () => {
    // class 1 where x > y; the child needs y to be a unit less
    const files = {
      'parent.onnx': linearModel(
        [
          [0, 1],
          [0, -1],
        ],
        [0, 0],
      ),
      'child.onnx': linearModel(
        [
          [0, 1],
          [0, -1],
        ],
        [0, 1],
      ),
    }
    const report = JSON.parse((await compare(files)).stdout) as CompareReport
    expect(report.accuracy).toEqual({ parent: 0.8, child: 1 })
    expect(report.flipped).toEqual([{ key: '5', parent: '0', child: '1', truth: '1' }])
  })

  it('get the names of their classes', async () => {
    const same = linearModel(
      [
        [0, 1],
        [0, -1],
      ],
      [0, 0],
    )
    const { stdout } = await compare({ 'parent.onnx': same, 'child.onnx': same }, '--labels', '0,1')
    expect((JSON.parse(stdout) as CompareReport).flips.n).toBe(0)
  })

  it('that cannot be run are told as such', async () => {
    const { code, stderr } = await compare({ 'parent.onnx': 'no model', 'child.onnx': 'no model' })
    expect([code, /parent\.onnx could not be run/.test(stderr)]).toEqual([2, true])
  })
})
