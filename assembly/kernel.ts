import { blockGreatest, blockLeast, clearSteps, spoilt } from './block-lanes'
import { decodeBlocks, isBlocks } from './blocks'
import { canonicaliseFloats } from './canonical'
import { batchGreatest, batchLeast, BF16, decodeGroups, elementBytes, F16, F32, F64, fillGroup, I32, setScale } from './decode'
import {
  BATCH,
  BATCH_SIGNS,
  BLOCK_ROWS,
  COLUMN_SQUARES,
  GROUP,
  INLET,
  NORM_COLUMNS,
  ROW_SQUARES,
  SIDE,
  SIGN_COLUMNS,
  SIGNS,
  SKETCH,
  SPILL,
  VALUES,
} from './layout'
import { signBit } from './sign'
import { addOneByOne, addTame, addWidened, addZeros, clearMoments, closeLanes, countZeros, widenRange } from './sums'
import { isCanonical, survey, surveyedGreatest, surveyedLeast, surveyedZeros } from './survey'
import { Brain, Half, kindOf } from './lanes'

export { alike, products } from './alike'
export { stepSquares } from './block-lanes'
export { greatest, least, nonFinite, sum, sumFourth, sumSquares, zeros } from './sums'

/** Between these, fourth powers of a batch neither overflow f32 nor vanish in it. */
const TAME_LEAST: f32 = 1e-8
const TAME_GREATEST: f32 = 1e8

/** f32 sums of a column's squares take so many rows before they go to f64. */
const ROWS_BEFORE_FLUSH: i32 = 64

let columns: i64 = 0
let row: i64 = 0
let column: i64 = 0
/** Columns with norms, rounded up to whole vectors. */
let normColumns: i64 = 0
let pendingSquares: usize = 0
let rowsPending: i32 = 0
/** Signs stand in SIGNS for columns below this. */
let signsKnown: i64 = 0
/** What stands in the inlet was surveyed, is tame, and its zeros and range are counted: it is added without another look. */
let trusted: bool = false

export function inlet(): usize {
  return INLET
}

export function sketch(): usize {
  return SKETCH
}

export function rowSquares(): usize {
  return ROW_SQUARES
}

export function columnSquares(): usize {
  return COLUMN_SQUARES
}

/** Starts a tensor. `width` is a whole number below 2⁵³. Returns false when there is no memory for its column norms. */
export function start(width: f64): bool {
  columns = <i64>width
  row = 0
  column = 0
  rowsPending = 0
  clearMoments()
  clearSteps()
  normColumns = (min(columns, NORM_COLUMNS) + 3) & ~3
  pendingSquares = COLUMN_SQUARES + (<usize>normColumns << 3)
  const end = pendingSquares + (<usize>normColumns << 2)
  const missing = <i32>((end + 0xffff) >> 16) - memory.size()
  if (missing > 0 && memory.grow(missing) < 0) return false
  memory.fill(COLUMN_SQUARES, 0, end - COLUMN_SQUARES)
  learnSigns(min((columns + 3) & ~3, SIGN_COLUMNS))
  startBlock()
  return true
}

/** Clears what belongs to one block of rows. */
export function startBlock(): void {
  memory.fill(SKETCH, 0, 8 * SIDE * SIDE)
  memory.fill(ROW_SQUARES, 0, 8 * BLOCK_ROWS)
}

/** Takes `count` elements of the inlet, from byte `from` on, all inside one block of rows. */
export function take(kind: i32, from: usize, count: i32, scaled: bool, scale: f32, zero: f32): void {
  if (isBlocks(kind)) return takeBlocks(kind, INLET + from, count)
  if (trusted) return takeSurveyed(kind, INLET + from, count)
  setScale(scaled, scale, zero)
  const bytes = elementBytes(kind)
  let source = INLET + from
  while (count > 0) {
    const batch = min(count, BATCH)
    const tame = kind != F64 && kind != I32 && decodeBatch(kind, source, batch)
    if (tame) addDecoded(kind == F32 ? source : VALUES, batch)
    else addWildBatch(kind, source, batch)
    source += batch * bytes
    count -= batch
  }
}

/** `count` elements, whole blocks. */
function takeBlocks(kind: i32, source: usize, count: i32): void {
  while (count > 0) {
    const batch = min(count, BATCH)
    source = decodeBlocks(kind, source, VALUES, batch)
    if (!spoilt && isTame(blockLeast, blockGreatest)) {
      widenRange(blockLeast, blockGreatest)
      addDecoded(VALUES, batch)
    } else addWildBatch(F32, VALUES, batch)
    count -= batch
  }
}

/** Turns −0 into +0 and every NaN into one in the first `count` floats of the inlet. Most weights have neither, and are only looked at. */
export function canonicalise(kind: i32, count: i32): void {
  if (kind == F64) return canonicaliseFloats(kind, INLET, count)
  survey(kind, INLET, count)
  if (isCanonical) return
  canonicaliseFloats(kind, INLET, count)
  survey(kind, INLET, count)
}

/** The next takes are of what `canonicalise` was called for last, all of it. */
export function trust(kind: i32): void {
  if (kind == F64 || !isTame(surveyedLeast, surveyedGreatest)) return
  trusted = true
  widenRange(surveyedLeast, surveyedGreatest)
  addZeros(surveyedZeros)
}

/** The next takes are of other bytes. */
export function distrust(): void {
  trusted = false
}

/** Completes the column sums. */
export function finish(): void {
  flushColumns()
}

/** Decodes a batch to f32 and tells whether all of it is finite and tame. */
function decodeBatch(kind: i32, source: usize, count: i32): bool {
  const bytes = elementBytes(kind)
  const groups = count >> 3
  let low: f32 = Infinity
  let high: f32 = -Infinity
  if (groups > 0) {
    decodeGroups(kind, source, VALUES, groups)
    low = batchLeast
    high = batchGreatest
    if (!isTame(low, high)) return false
  }
  const whole = groups << 3
  if (whole < count) {
    fillGroup(source + whole * bytes, count - whole, bytes)
    decodeGroups(kind, GROUP, VALUES + (<usize>whole << 2), 1)
    if (!isTame(batchLeast, batchGreatest)) return false
    low = min(low, batchLeast)
    high = max(high, batchGreatest)
  }
  widenRange(low, high)
  return true
}

/** False for NaN too. */
function isTame(low: f32, high: f32): bool {
  const size = max(abs(low), abs(high))
  return size == 0 || (size >= TAME_LEAST && size <= TAME_GREATEST)
}

function takeSurveyed(kind: i32, source: usize, count: i32): void {
  if (kind == BF16) addSurveyed<Brain>(source, count)
  else if (kind == F16) addSurveyed<Half>(source, count)
  else addSurveyed<f32>(source, count)
}

function addSurveyed<T>(source: usize, count: i32): void {
  for (; count > 0; count -= BATCH, source += BATCH * sizeof<T>()) addTameBatch<T>(source, min(count, BATCH))
}

function addDecoded(values: usize, count: i32): void {
  addZeros(countZeros(values, count))
  addTameBatch<f32>(values, count)
}

/** A batch at most, whose zeros are counted and whose range is known. */
function addTameBatch<T>(values: usize, count: i32): void {
  while (count > 0) {
    const part = partOfRow(count)
    const head = min(part, <i32>(-column & 3))
    const middle = (part - head) & ~3
    const tail = part - head - middle
    if (head > 0) addPart(kindOf<T>(), values, head, true)
    if (middle > 0) {
      addTame<T>(values + head * sizeof<T>(), middle, row, column, signsFrom(middle), pendingFrom())
      column += middle
    }
    if (tail > 0) addPart(kindOf<T>(), values + (head + middle) * sizeof<T>(), tail, true)
    closeRow()
    values += part * sizeof<T>()
    count -= part
  }
  closeLanes()
}

/** Any batch: f64, i32, and what is not finite or not tame. */
function addWildBatch(kind: i32, source: usize, count: i32): void {
  while (count > 0) {
    const part = partOfRow(count)
    addPart(kind, source, part, false)
    closeRow()
    source += part * elementBytes(kind)
    count -= part
  }
}

function addPart(kind: i32, source: usize, count: i32, zerosCounted: bool): void {
  const squares = column < NORM_COLUMNS ? COLUMN_SQUARES + (<usize>column << 3) : SPILL
  addOneByOne(kind, source, count, row, column, squares, zerosCounted)
  column += count
}

/** So many of the next elements stand in this row, on one side of each limit where tables end. */
function partOfRow(count: i32): i32 {
  let end = columns
  if (column < SIGN_COLUMNS) end = min(end, SIGN_COLUMNS)
  else if (column < NORM_COLUMNS) end = min(end, NORM_COLUMNS)
  return <i32>min(<i64>count, end - column)
}

function closeRow(): void {
  if (column < columns) return
  column = 0
  row++
  if (++rowsPending == ROWS_BEFORE_FLUSH) flushColumns()
}

function flushColumns(): void {
  let target = COLUMN_SQUARES
  for (let at = pendingSquares; target < pendingSquares; target += 32, at += 16) {
    addWidened(target, v128.load(at))
    v128.store(at, f32x4.splat(0))
  }
  rowsPending = 0
}

function pendingFrom(): usize {
  return column < NORM_COLUMNS ? pendingSquares + (<usize>column << 2) : SPILL
}

function signsFrom(count: i32): usize {
  if (column < SIGN_COLUMNS) return SIGNS + (<usize>column << 2)
  for (let index = 0; index < count; index++) store<u32>(BATCH_SIGNS + (<usize>index << 2), signBit(column + index))
  return BATCH_SIGNS
}

function learnSigns(end: i64): void {
  for (; signsKnown < end; signsKnown++) store<u32>(SIGNS + (<usize>signsKnown << 2), signBit(signsKnown))
}
