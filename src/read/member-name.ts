import { MAX_NAME_BYTES } from './limits.ts'

/** Stands between an archive and what lies inside it: `models.zip!/a/b.onnx`. */
export const INSIDE = '!/'

/**
 * A member's name without `.` parts, relative and with `/`; '' for the archive's own top folder, null for a name that an
 * unpacking program could be led outside by, or that would be taken for a place inside another archive.
 */
export function memberName(name: string): string | null {
  if (name.length > MAX_NAME_BYTES || /[\\\0]/.test(name) || /^[a-z]:/i.test(name) || name.startsWith('/')) return null
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  return parts.includes('..') || parts.some((part, index) => part.endsWith('!') && index < parts.length - 1)
    ? null
    : parts.join('/')
}
