import { readPlainPickle } from '../src/read/plain-pickle.ts'
import { memorySource } from '../src/read/source.ts'
import { dict, importOf, opcodes, pickle } from '../test/builders/pickle.ts'
import { noSiblings, readsSoundly } from './invariant.ts'

const dtype = {
  call: { global: 'numpy.dtype' },
  args: ['f4', false, true],
  state: { tuple: [3, '<', null, null, null, -1, -1, 0] },
}
const array = {
  call: { global: 'numpy.core.multiarray._reconstruct' },
  args: [{ global: 'numpy.ndarray' }, { tuple: [0] }, new Uint8Array(1)],
  state: { tuple: [1, { tuple: [2, 2] }, dtype, false, new Uint8Array(16)] },
}

export const seeds = [
  pickle(dict({ w: array, more: [1, 2.5, 'text', null, true] })),
  opcodes('(lp0\nI1\naL2L\naF1.5\naS"text"\naVtext\na(dp1\ng0\n(i', 'os\nsystem\n', 's.'),
  opcodes(
    '\x80\x05\x95\x10\0\0\0\0\0\0\0\x8f(K\x01\x90\x94h\0\x82\x07\x83\x07\0\x84\x07\0\0\0\x97\x98Q',
    importOf('os.system'),
    ')}\x92.',
  ),
]

export function fuzzPickle(bytes: Uint8Array): void {
  readsSoundly(() => readPlainPickle(memorySource('input.pkl', bytes), noSiblings))
}
