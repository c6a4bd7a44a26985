/** What the API takes at most. Apart from its schemas: the pages look before they send, and zod takes long to load. */

/** Larger JSON is no record, and larger envelopes no statement that people write. Uploads have limits of their own. */
export const MAX_JSON_BYTES = 8 * 1024 * 1024

/** The print of 100,000 tensors takes 1.6 GB; nobody hands over one through a browser. */
export const MAX_PRINT_BYTES = 512 * 1024 * 1024

/** Some ten million decisions. */
export const MAX_LOG_BYTES = 2 * 1024 * 1024 * 1024

/** Formats of logs that hold no packed files and no other database: what unpacks to more than it says is not taken. */
export const LOG_NAME = /\.(csv|tsv|jsonl|ndjson|json|parquet)$/i
