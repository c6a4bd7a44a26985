/** What a command may touch of the process; tests give their own. */
export interface Streams {
  stdout: Output
  stderr: Output
  env: Record<string, string | undefined>
  cwd(): string
}

export interface Output {
  write(text: string): unknown
  isTTY?: boolean | undefined
  columns?: number | undefined
}
