import { memorySource } from '../src/read/source.ts'
import { readTfjsModules } from '../src/read/tfjs-javascript.ts'
import { memorySiblings } from '../test/builders/memory-siblings.ts'
import { readsSoundly } from './invariant.ts'

const shard = new TextEncoder().encode(`export default "${Buffer.alloc(400).toString('base64')}"`)
const manifest = '[{paths:["s"],weights:[{name:"w",shape:[4,5],dtype:"float32"}]}]'

export const seeds = [
  `var n={a:!0,b:-.5e1,c:void 0},i=${manifest};export{n as modelTopology,i as weightsManifest}`,
  `module.exports={modelTopology:{"a\\n":'x'},weightsManifest:${manifest}}`,
].map((text) => new TextEncoder().encode(text))

export function fuzzTfjsModules(bytes: Uint8Array): void {
  readsSoundly(() => readTfjsModules(memorySource('model.js', bytes), memorySiblings({ 's.js': shard })))
}
