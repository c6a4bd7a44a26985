/*
 * A process that enters statements until it is ended: log-writer.mjs <location> <keys> <name> <count>. Says the log's size after
 * every acknowledged batch.
 */

import { estateKey } from '../../dist/src/app/keys.js'
import { draft, journalOf } from '../../dist/src/ledger/journal.js'
import { modelSubject } from '../../dist/src/ledger/statement.js'
import { openEstate } from '../../dist/src/store/estate.js'

const [location = '', keys = '', name = '', count] = process.argv.slice(2)
const writer = estateKey(keys, null, new Date())
const journal = journalOf(writer)
const estate = await openEstate(location, { journal: () => journal })
process.stdout.write('open\n')
for (let batch = 0; batch < Number(count); batch++) {
  const first = await estate.enter((time) =>
    Array.from({ length: 1 + (batch % 7) }, (_, at) => statement(time, `${name} ${batch} ${at}`)),
  )
  process.stdout.write(`${first + 1 + (batch % 7)}\n`)
}
await estate.close()

/**
 * @param {string} time
 * @param {string} text
 */
function statement(time, text) {
  const predicate = {
    recordedAt: time,
    at: time,
    note: null,
    by: null,
    severity: /** @type {const} */ ('low'),
    text,
    reference: null,
  }
  return draft({ kind: 'incident', subject: [modelSubject(`blake3:${'a'.repeat(64)}`)], predicate }, writer.key)
}
