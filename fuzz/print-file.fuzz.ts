import { encodePrint, looksLikePrint } from '../src/identify/print-file.ts'
import { decodePrint } from '../src/identify/print-file-decode.ts'
import { randomPrint } from '../test/builders/print.ts'

const ADAPTER = { rank: 8, alpha: 16, targets: ['q_proj'], declaredBase: 'org/base' }

export const seeds = [
  encodePrint(randomPrint(1), { name: 'one' }),
  encodePrint(randomPrint(8)),
  encodePrint({ ...randomPrint(2), adapter: ADAPTER }),
]

/** A print or a problem; and a print that was read can be written again. */
export function fuzzPrintFile(bytes: Uint8Array): void {
  looksLikePrint(bytes.subarray(0, 64))
  const decoded = decodePrint(bytes, 'input')
  if (decoded.ok) encodePrint(decoded.print)
}
