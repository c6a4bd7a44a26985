import type { AuditReport } from '../../src/contract/audit.ts'
import { visible } from '../../src/report/escape.ts'
import { findingText } from '../../src/report/impact-sentences.ts'
import { useText } from '../language.tsx'
import { Severity } from '../parts/tags.tsx'

/** What stands out in an audit, and by how much. */
export function Findings({ report: { findings } }: { report: AuditReport }) {
  const t = useText()
  if (findings.length === 0) return null
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">{t('audit.heading.findings')}</h2>
      <ul className="plain stack">
        {findings.map((finding) => (
          <li key={`${finding.code} ${finding.where}`} className="row">
            <Severity severity={finding.severity} />
            <bdi>{visible(findingText(t, finding as Parameters<typeof findingText>[1]))}</bdi>
          </li>
        ))}
      </ul>
    </section>
  )
}
