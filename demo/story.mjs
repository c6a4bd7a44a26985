import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { asGgufQ8, asSafetensors, published, tuned } from './story-models.mjs'
import { stepsOf } from './story-steps.mjs'

/** @import { Party } from './story-steps.mjs' */

/**
 * Runs yukue over an estate, and gives what it printed.
 *
 * @typedef {(args: string[], estate: string) => Promise<string>} Command
 */

/**
 * Writes the models of the story, unless they are there. The integrator's delivery is the vendor's model, tuned and quantised; the
 * recruiter tuned it for another purpose and says so.
 *
 * @param {string} cache
 * @returns {string} the folder with one folder a party
 */
export function writeModels(cache) {
  const folder = join(cache, 'story')
  /** @type {Record<string, () => Buffer>} */
  const models = {
    'vendor/assistant.safetensors': () => asSafetensors(published()),
    'bank/assistant-q8.gguf': () => asGgufQ8(tuned(published(), 7, 0.03)),
    'recruiter/screener.safetensors': () => asSafetensors(tuned(published(), 11, 0.05)),
  }
  for (const [name, bytes] of Object.entries(models)) {
    const path = join(folder, name)
    if (existsSync(path)) continue
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, bytes())
  }
  return folder
}

/**
 * Records what the parties did, each in an estate of its own and with keys of its own, as commands that anybody could type. A story
 * that was broken off goes on where it stopped.
 *
 * @param {string} estate the bank's, which is the one that is served
 * @param {string} models as `writeModels` returns it
 * @param {Command} command
 * @param {(line: string) => void} say
 */
export async function tellStory(estate, models, command, say) {
  const papers = join(estate, 'demo-story')
  const bookmark = join(papers, 'told.json')
  const { done, began } = existsSync(bookmark)
    ? /** @type {{ done: number, began: number }} */ (JSON.parse(readFileSync(bookmark, 'utf8')))
    : { done: 0, began: Date.now() }
  /** @param {Party} party */
  const estateOf = (party) => (party === 'bank' ? estate : join(papers, party))
  const steps = stepsOf(models, papers, began)
  mkdirSync(papers, { recursive: true })
  for (const [index, { does, at, run, writes }] of steps.entries()) {
    if (index < done) continue
    say(`story ${index + 1}/${steps.length}: ${does}`)
    if (writes !== undefined) rmSync(writes, { force: true })
    const printed = await command(run, estateOf(at))
    if (run[0] === 'key' && run[1] === 'show') writeKeys(printed, papers)
    writeFileSync(bookmark, `${JSON.stringify({ done: index + 1, began })}\n`)
  }
}

/**
 * Public keys, each in a file as it is handed to others: NAME.pub, and of the log itself LOG-NAME.pub.
 *
 * @param {string} printed
 * @param {string} papers
 */
function writeKeys(printed, papers) {
  const { own } = /** @type {{ own: { name: string, key: string }[] }} */ (JSON.parse(printed))
  for (const { name, key } of own) writeFileSync(join(papers, `${name}.pub`), `${key}\n`)
}
