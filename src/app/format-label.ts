import type { Candidate } from '../read/artifact.ts'

/** The format as reported and recorded; a headerless file is only as good as the hint it was read by. */
export function formatLabel({ format, hint }: Candidate): string {
  return hint ? `raw ${hint.element}[${hint.shape.join(',')}]` : format
}
