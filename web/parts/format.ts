import type { Language } from '../../src/report/language.ts'

/** Twelve digits are enough to tell models of an estate apart. */
export function shortId(id: string): string {
  const [, digits] = /^blake3:([0-9a-f]{12})/.exec(id) ?? []
  return digits ?? id
}

/** A day, or a time in UTC, as people of the language write it; what is neither is shown as it stands. */
export function day(time: string, language: Language): string {
  const at = new Date(time)
  if (Number.isNaN(at.getTime())) return time
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(at)
}

export function moment(time: string, language: Language): string {
  const at = new Date(time)
  if (Number.isNaN(at.getTime())) return time
  if (!time.includes('T')) return day(time, language)
  return `${new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(at)} UTC`
}

export function whole(value: number, language: Language): string {
  return new Intl.NumberFormat(language).format(value)
}

/** 22,713,216 as 22.7 million; 22.7 M would be jargon to half of the readers. */
export function roughly(value: number, language: Language): string {
  return new Intl.NumberFormat(language, {
    notation: 'compact',
    compactDisplay: 'long',
    maximumSignificantDigits: 3,
  }).format(value)
}

export function share(value: number, language: Language, digits = 1): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: digits }).format(value)
}

export function figure(value: number, language: Language, digits = 2): string {
  return new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

export function bytes(value: number, language: Language): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3))
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: UNITS[step] ?? 'byte',
    unitDisplay: 'short',
    maximumSignificantDigits: 3,
  }).format(value / 1_000 ** step)
}

/** A p-value: what is below one in ten thousand is said as that power of ten. */
export function chance(p: number, language: Language): string {
  if (p >= 1e-4) return new Intl.NumberFormat(language, { maximumSignificantDigits: 2 }).format(p)
  return p === 0 ? '< 1e-300' : `< 1e${Math.ceil(Math.log10(p))}`
}
