// summary.mjs REPORT.json: one line, `N passed, N failed, N skipped`, from vitest's JSON report. No report counts as no test.
import { readFileSync } from 'node:fs'

const { passed, failed, skipped } = counts(process.argv[2])
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`)

function counts(path) {
  const report = reportAt(path)
  if (report === null) return { passed: 0, failed: 0, skipped: 0 }
  // A test file that does not even load has no tests to fail, but must not pass unseen.
  const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

function reportAt(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}
