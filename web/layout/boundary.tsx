import { Component, type ReactNode } from 'react'
import { useText } from '../language.tsx'

/** A page that fails to draw says so, and leaves the navigation standing. */
export class Boundary extends Component<{ children: ReactNode }, { failed: string | null }> {
  override state = { failed: null as string | null }

  static getDerivedStateFromError(error: unknown) {
    return { failed: error instanceof Error ? error.message : String(error) }
  }

  override render() {
    const { failed } = this.state
    return failed === null ? this.props.children : <Failed message={failed} />
  }
}

function Failed({ message }: { message: string }) {
  const t = useText()
  return (
    <div className="note fault" role="alert">
      <h1>{t('web.error.broken')}</h1>
      <p>{message}</p>
      <p>{t('web.error.brokenAdvice')}</p>
      <button type="button" onClick={() => location.reload()}>
        {t('web.error.reload')}
      </button>
    </div>
  )
}
