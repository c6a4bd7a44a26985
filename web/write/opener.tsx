import '../style/forms.css'
import { type ReactNode, Suspense, useId, useState } from 'react'
import type { ApiRole } from '../../src/contract/api.ts'
import { Loading } from '../parts/answer.tsx'
import { useMay } from '../session.ts'

/** A button that opens what it says below itself, for those whose role may do it; for others nothing. */
export function Opener({ needs, label, children }: { needs: ApiRole; label: string; children: ReactNode }) {
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  if (!useMay(needs)) return null
  return (
    <div className={isOpen ? 'opener open' : 'opener'}>
      <button type="button" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
        {label}
      </button>
      <div id={id} hidden={!isOpen}>
        {isOpen ? <Suspense fallback={<Loading />}>{children}</Suspense> : null}
      </div>
    </div>
  )
}
