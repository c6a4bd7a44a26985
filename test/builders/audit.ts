import { dirname, join } from 'node:path'
import type { AuditReport } from '../../src/contract/audit.ts'
import { yukue } from './command.ts'
import { folder } from './folder.ts'

export const PUBLISHED = join(import.meta.dirname, '../fixtures/decisions')

/** The JSON of `yukue audit` on a file. */
export async function auditOf(path: string, args: string): Promise<AuditReport> {
  const { code, stdout, stderr } = await yukue(['audit', path, '--json', '--quiet', ...args.split(' ')], {
    cwd: dirname(path),
  })
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as AuditReport
}

/** The JSON of `yukue audit` on rows of CSV, the heading first. */
export function auditCsv(rows: readonly string[], args: string): Promise<AuditReport> {
  return auditOf(csvFile(rows), args)
}

export function csvFile(rows: readonly string[]): string {
  return join(folder({ 'log.csv': `${rows.join('\n')}\n` }), 'log.csv')
}

/** Rows of a log: so many of each kind. */
export function times(count: number, row: string): string[] {
  return new Array<string>(count).fill(row)
}
