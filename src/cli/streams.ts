/** What a command may touch of the process; tests give their own. */
export interface Streams {
  stdout: Output
  stderr: Output
  /** Where answers to questions come from; none where a program gives none. */
  stdin?: NodeJS.ReadableStream & { isTTY?: boolean | undefined }
  env: Record<string, string | undefined>
  cwd(): string
}

export interface Output {
  write(text: string): unknown
  isTTY?: boolean | undefined
  columns?: number | undefined
}
