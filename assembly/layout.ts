/** Where everything stands in linear memory. Bytes, all addresses multiples of 16. */

/** Columns of a sketch, and its row stride in elements. */
export const SIDE: i32 = 64
/** Rows of one sketch. */
export const BLOCK_ROWS: i32 = 4096
/** Elements decoded at once: small enough for the L1 cache, and f32 sums of so many keep six digits. */
export const BATCH: i32 = 2048
/** Columns whose signs are computed once and kept; beyond, once a batch. No known layer is wider. */
export const SIGN_COLUMNS: i64 = 1 << 20
/** Columns whose norms are kept. */
export const NORM_COLUMNS: i64 = 1 << 22

/** The first page holds nothing; a page-aligned inlet is read into at twice the speed. */
export const INLET: usize = 65536
const CHUNK_BYTES: usize = 1 << 20
/** Decoding reads whole groups of 8 elements, so up to 64 bytes past the last one. */
const MARGIN: usize = 64
/** u32 a column: the f32 sign bit where σ = −1. */
export const SIGNS: usize = INLET + CHUNK_BYTES + MARGIN
/** The same for one batch of columns beyond SIGN_COLUMNS. */
export const BATCH_SIGNS: usize = SIGNS + 4 * <usize>SIGN_COLUMNS
/** Squares of columns beyond NORM_COLUMNS; never read. */
export const SPILL: usize = BATCH_SIGNS + 4 * BATCH
/** f32 values of one batch. */
export const VALUES: usize = SPILL + 4 * BATCH
/** The last, incomplete group of 8 stored elements of a push. */
export const GROUP: usize = VALUES + 4 * BATCH + MARGIN
/** v128 × 3: what ranges are reduced from. */
export const RANGE: usize = GROUP + 64
/** f64 × 64 × 64: the sketch of the block. */
export const SKETCH: usize = RANGE + 64
/** f64 × BLOCK_ROWS: Σx² of the block's rows. */
export const ROW_SQUARES: usize = SKETCH + 8 * SIDE * SIDE
/** f64 a column: Σx², then f32 a column: what was not yet added to them. */
export const COLUMN_SQUARES: usize = ROW_SQUARES + 8 * BLOCK_ROWS
