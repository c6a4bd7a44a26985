/* A process that records scans: writer.mjs <folder> <name> <scans>. Says `<name> <n>` when scan n is acknowledged. */
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const [folder, name = '', scans] = process.argv.slice(2)
const source = fileURLToPath(new URL('../../src/store/estate.ts', import.meta.url))
const { module } = await runnerImport(source)
const estate = await module.openEstate(folder)
for (let n = 0; n < Number(scans); n++) {
  await estate.recordScan(scan(n))
  process.stdout.write(`${name} ${n}\n`)
}
await estate.close()

/**
 * Ten models, each at a path of its own; the totals tell the scan.
 * @param {number} n
 */
function scan(n) {
  const ids = Array.from(
    { length: 10 },
    (_, k) => `blake3:${Buffer.from(`${name} ${n} ${k}`).toString('hex').padEnd(64, '0')}`,
  )
  return {
    started: new Date(n).toISOString(),
    finished: new Date(n).toISOString(),
    roots: [],
    models: ids.map((id) => ({
      id,
      name,
      parameters: 1,
      tensors: 1,
      dtypes: {},
      quantisation: null,
      origin: 'scanned',
    })),
    artifacts: ids.map((id) => ({
      model: id,
      layout: id,
      path: `/${name}/${id}`,
      place: `/${name}`,
      format: 'safetensors',
      bytes: 1,
      printVersion: 1,
      files: [{ path: `/${name}/${id}`, bytes: 1, sha256: '0'.repeat(64) }],
      findings: [],
      sideFiles: [],
    })),
    unchanged: [],
    unread: [],
    lineage: null,
    totals: { [name]: n },
  }
}
