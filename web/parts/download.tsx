import { useState } from 'react'
import { useText } from '../language.tsx'
import { fetchFile } from '../server.ts'
import { Problem } from './answer.tsx'

/** A file that the server has to make first: it is asked for on a click, and handed over once it is there. */
export function Download({ path, name, label }: { path: string; name: string; label: string }) {
  const t = useText()
  const [state, setState] = useState<'idle' | 'making' | 'done' | Error>('idle')
  const fetchIt = () => {
    setState('making')
    fetchFile(path).then(
      (file) => {
        handOver(file, name)
        setState('done')
      },
      (error: Error) => setState(error),
    )
  }
  return (
    <span>
      <button type="button" disabled={state === 'making'} onClick={fetchIt}>
        <span aria-hidden="true">⤓ </span>
        {label}
      </button>
      <span className="small soft" role="status">
        {state === 'making' ? ` ${t('web.download.making')}` : null}
        {state === 'done' ? <span className="hidden">{t('web.download.done')}</span> : null}
      </span>
      {state instanceof Error ? <Problem error={state} /> : null}
    </span>
  )
}

function handOver(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = fileName(name)
  link.click()
  URL.revokeObjectURL(link.href)
}

/** A model or a site may be called anything; a file may not. */
function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+/, '') || 'yukue.html'
}
