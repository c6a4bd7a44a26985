import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'rolldown'

const ROOT = fileURLToPath(new URL('.', import.meta.url))
const SOURCE = `${ROOT}dist${sep}src${sep}`

/** Hundreds of small files, which take longer to find and open than to run. Everything else is loaded from where npm put it. */
const TAKEN_IN = new Set(['@marcbachmann/cel-js', 'commander', 'i18next', 'kysely', 'yaml', 'zod'])

/**
 * The command line in few files (dist/cli), so that a command starts soon; what it loads late is split off still. The compiled
 * modules in dist/src stay what others import, what worker threads run, and where every path is counted from.
 */
export default defineConfig({
  input: { run: 'dist/src/cli/run.js', serve: 'dist/src/server/serve.js' },
  platform: 'node',
  external: (id) => !id.startsWith('.') && !id.startsWith('/') && !TAKEN_IN.has(packageOf(id)),
  plugins: [addressesKept()],
  output: {
    dir: 'dist/cli',
    cleanDir: true,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    codeSplitting: {
      groups: [...TAKEN_IN].map((name) => ({ name: name.replace(/^@.*\//, ''), test: `/node_modules/${name}/` })),
    },
  },
})

/** @param {string} id */
function packageOf(id) {
  const [scope = '', name = ''] = id.split('/')
  return scope.startsWith('@') ? `${scope}/${name}` : scope
}

/** A module that finds the kernel, a worker, a schema or the pages by its own address has the same address in the bundle. */
function addressesKept() {
  return {
    name: 'addresses-kept',
    /**
     * @param {string} code
     * @param {string} id
     */
    transform(code, id) {
      if (!id.startsWith(SOURCE) || !code.includes('import.meta.url')) return null
      const address = `new URL('../src/${relative(SOURCE, id).replaceAll(sep, '/')}', import.meta.url).href`
      return code.replaceAll('import.meta.url', `(${address})`)
    },
  }
}
