import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** `npm run test:postgres`: the suites that every store must pass, on PostgreSQL. */
const isPostgres = process.env['YUKUE_TEST_STORE'] === 'postgres'
const postgresSuites = [
  'test/store/{scans,models,relations,prints,files,ledger,backup,kill,postgres}.test.ts',
  'test/app/{as-of,record,fsck}.test.ts',
  'test/server/contract.test.ts',
]

export default defineConfig({
  test: {
    include: isPostgres ? postgresSuites : ['test/**/*.test.ts'],
    globalSetup: ['test/build-if-stale.ts'],
    // Ten times what the slowest test takes on two busy cores; a test that reaches it hangs.
    testTimeout: 30_000,
    // Vitest alone leaves one processor free, which on two is half of them.
    maxWorkers: availableParallelism(),
    hookTimeout: 30_000,
    restoreMocks: true,
  },
})
