import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { run } from '../../src/cli/run.ts'
import { folder } from './folder.ts'

const BIN = fileURLToPath(new URL('../../bin/yukue.js', import.meta.url))

export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

export interface CommandOptions {
  /** An empty folder unless given. */
  cwd?: string
  env?: Record<string, string>
  /** Whether the streams are a terminal. */
  tty?: boolean
}

/** The variables that decide on language and colours are those given, not the machine's. */
function environment(env: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', ...env }
}

/** What the program does, in this process: ten times as quick as `yukueProcess`. */
export async function yukue(
  args: string[],
  { cwd = folder({}), env, tty = false }: CommandOptions = {},
): Promise<Outcome> {
  const [stdout, stderr] = [written(tty), written(tty)]
  const before = process.cwd()
  process.chdir(cwd)
  try {
    const code = await run(args, { stdout, stderr, env: environment(env), cwd: () => cwd })
    return { code, stdout: stdout.text(), stderr: stderr.text() }
  } finally {
    process.chdir(before)
  }
}

function written(isTTY: boolean) {
  const parts: string[] = []
  return { isTTY, write: (text: string) => parts.push(text), text: () => parts.join('') }
}

/** Runs the program itself, with pipes in place of a terminal. */
export function yukueProcess(args: string[], { cwd = folder({}), env }: CommandOptions = {}): Outcome {
  const options = { cwd, env: environment(env), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], options)
  return { code: status, stdout, stderr }
}

/** Runs the program into a pipe of which ten bytes are read. */
export function yukueToHead(args: string[], { cwd = folder({}), env }: CommandOptions = {}): Outcome {
  const options = { cwd, env: environment(env), encoding: 'utf8' } as const
  const command = ['-c', '"$0" "$@" | head -c 10', process.execPath, BIN, ...args]
  const { status, stdout, stderr } = spawnSync('/bin/sh', command, options)
  return { code: status, stdout, stderr }
}

/** Starts the program and ends it without warning after so many milliseconds; true when it was still running. */
export function killed(args: string[], milliseconds: number): Promise<boolean> {
  const child = spawn(process.execPath, [BIN, ...args], { env: environment(), stdio: 'ignore' })
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds)
  return new Promise((settle) =>
    child.on('exit', (_, signal) => {
      clearTimeout(timer)
      settle(signal === 'SIGKILL')
    }),
  )
}
