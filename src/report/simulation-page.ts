export async function renderSimulationPage(_report: unknown, _options: unknown): Promise<string> {
  return ''
}
