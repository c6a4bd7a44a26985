import type { TokenReport } from '../contract/api-work.ts'
import { shown } from './escape.ts'
import type { Translate } from './language.ts'
import type { TextContext } from './text-context.ts'

/** Tokens, one in a line. */
export function renderTokensText({ tokens }: TokenReport, { t }: Pick<TextContext, 't'>): string {
  if (tokens.length === 0) return `${t('serve.token.none')}\n`
  const lines = tokens.map((token) => {
    const { id, role, name, created } = token
    const state = `${standing(token, t)}, ${token.used === null ? t('serve.token.unused') : t('serve.token.used', { day: token.used })}`
    return t('serve.token.line', { id, role, name: shown(name, 128), created: created.slice(0, 10), state })
  })
  return `${lines.join('\n')}\n`
}

function standing({ revoked, expires }: TokenReport['tokens'][number], t: Translate): string {
  if (revoked !== null) return t('serve.token.revoked', { day: revoked.slice(0, 10) })
  return expires === null ? t('serve.token.stands') : t('serve.token.standsUntil', { day: expires })
}
