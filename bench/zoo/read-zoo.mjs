/** Reads a zoo: its truth, and a print of every file. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultThreads } from '../../dist/src/app/print-pool.js'
import { readArtifacts } from '../../dist/src/app/read-artifacts.js'
import { discover } from '../../dist/src/read/discover.js'

/**
 * What is true of a model, as zoo.py wrote it down.
 *
 * @typedef {{ name: string, family: string, half: 'fit' | 'report', kind: string, files: string[],
 *   parents: { name: string, weight: number | null }[], changes: string[], accept: string[][],
 *   direction: 'known' | 'undetermined' | null, nearer: string[], details: Record<string, any> }} Truth
 * @typedef {import('../../dist/src/identify/print.js').Print} Print
 * @typedef {Truth & { print: Print, path: string | null }} Model
 * @typedef {{ models: Model[], seconds: number | null, unread: string[] }} Zoo
 */

/**
 * @param {string} folder
 * @returns {Promise<Zoo>}
 */
export async function readZoo(folder) {
  const truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8'))
  const began = performance.now()
  /** @type {Model[]} */
  const models = []
  /** @type {string[]} */
  const unread = []
  for (const one of truth.models) {
    const place = join(folder, one.name)
    const { candidates } = discover([place], [])
    const reading = await readArtifacts(candidates, defaultThreads(), { onTotal() {}, onBytes() {} }, async () => {})
    const [artifact] = reading.artifacts
    if (artifact && reading.artifacts.length === 1)
      models.push({ ...one, print: artifact.print, path: artifact.candidate.absolutePath })
    else unread.push(`${one.name}: ${reading.artifacts.length} artifacts, ${JSON.stringify(reading.problems)}`)
  }
  return { models, seconds: (performance.now() - began) / 1000, unread }
}
