import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../../bin/yukue.js', import.meta.url))

export interface Served {
  address: string
  stop(): Promise<void>
}

/** `yukue serve` over an estate, on a port that is free. */
export async function serve(estate: string): Promise<Served> {
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--estate', estate, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((settle) => child.once('exit', () => settle()))
  const address = await addressOf(child)
  return {
    address,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** The first address that it prints. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((settle, reject) => {
    let printed = ''
    const look = (text: Buffer) => {
      printed += text.toString()
      const [address] = /http:\/\/[^\s/]+/.exec(printed) ?? []
      if (address !== undefined) settle(address)
    }
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
    child.once('exit', (code) => reject(new Error(`yukue serve ended with ${code}:\n${printed}`)))
  })
}
