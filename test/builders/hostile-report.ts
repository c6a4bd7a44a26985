import type { ScanReport } from '../../src/contract/scan.ts'
import { artifact, idOf, model, relation, report } from './report.ts'

/** Names as somebody would choose them who wants to be read as something else, or to run something. */
const HOSTILE_NAMES = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><script>alert(1)</script>',
  '<!-- ',
  '\x1b]0;title\x07\x1b[2J\x1b[31mred',
  'model\u202Exnno.exe',
  'two\nlines\r\nand a half',
  'invisible\u200B\u2060\uFEFFletters',
  `deep/${'y'.repeat(4_096)}`,
  '{{name}} $t(cli.description) $&',
  '',
]

/** A report in which everything that comes from a file is hostile. */
export function hostileReport(): ScanReport {
  const findings = HOSTILE_NAMES.map((message) => ({ code: message, severity: 'high' as const, message }))
  const models = HOSTILE_NAMES.map((name, index) =>
    model(name, [artifact(name, name, 1_000 + index, { findings })], {
      id: idOf(`hostile ${index}`),
      dtypes: { [name]: 1 },
      quantisation: index % 2 ? { scheme: name, bits: 4 } : null,
    }),
  )
  const relations = HOSTILE_NAMES.slice(1, 9).map((name, index) => ({
    ...relation([`hostile ${index}`], `hostile ${index + 1}`, { direction: index % 2 ? 'known' : 'undetermined' }),
    details: { [name]: name, method: name, declaredBase: [name], map: { [name]: name } },
  }))
  return report({
    models,
    relations,
    lookAlikes: [{ models: [idOf('hostile 0'), idOf('hostile 9')], shared: 3, similarity: 0.01 }],
    findings: HOSTILE_NAMES.map((name) => ({ path: name, code: name, severity: 'low', message: name })),
    problems: HOSTILE_NAMES.map((name) => ({ path: name, code: name, message: name })),
  })
}
