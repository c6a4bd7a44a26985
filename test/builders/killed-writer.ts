import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('../store/log-writer.mjs', import.meta.url))

export function startLogWriter(location: string, keys: string, name: string, count: number) {
  return spawn(process.execPath, [SCRIPT, location, keys, name, `${count}`], { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Lets a process enter statements and ends it so many milliseconds after it began; gives the last size that it acknowledged. */
export async function acknowledgedUntilKilled(location: string, keys: string, milliseconds: number): Promise<number> {
  const writer = startLogWriter(location, keys, 'w', 1_000_000)
  let acknowledged = 0
  for await (const line of createInterface({ input: writer.stdout })) {
    if (line === 'open') setTimeout(() => writer.kill('SIGKILL'), milliseconds)
    else acknowledged = Number(line)
  }
  return acknowledged
}
