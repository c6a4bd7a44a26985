export async function renderAuditPage(_report: unknown, _options: unknown): Promise<string> {
  return ''
}
