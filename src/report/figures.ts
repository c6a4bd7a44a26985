/** Digits of an identifier that people are shown; enough for a few million models. */
const SHORT_ID_DIGITS = 12

/** Of a model that is known by a name alone, the name. */
export function shortId(id: string): string {
  return id.startsWith('declared:') ? id : id.replace(/^blake3:/, '').slice(0, SHORT_ID_DIGITS)
}

/** Decimal units, as disks and hubs use. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  return `${value.toFixed(digits)} ${units[unit]}`
}

/** Four decimals, but never rounded up to 1: only equal weights are 1. */
export function similarityText(similarity: number): string {
  if (similarity < 1 && similarity > 0.9999) return '> 0.9999'
  return similarity.toFixed(4)
}

/** Below this a double holds no smaller number worth naming. */
export const LEAST_P = 1e-300

/** `1e-12`; plain decimals where a person reads them more easily. */
export function probabilityText(p: number): string {
  return p >= 0.001 ? String(Number(p.toPrecision(2))) : p.toExponential(0)
}

/** A share of one as a percentage with at most one decimal. */
export function percentText(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`
}

/** Whole numbers in groups of three, the same in every language of the catalogue. */
export function wholeText(value: number): string {
  return value.toLocaleString('en-GB')
}
