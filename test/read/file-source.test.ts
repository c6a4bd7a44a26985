import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openFile } from '../../src/read/file-source.ts'
import { readBytes } from '../../src/read/source.ts'
import { folder } from '../builders/folder.ts'
import { problemOf } from '../builders/problems.ts'

it('reads any bytes of a file', () => {
  const source = openFile(join(folder({ a: 'abcdef' }), 'a'), 'a')
  onTestFinished(() => source.close())
  expect(Buffer.from(readBytes(source, 2, 3, 'text')).toString()).toBe('cde')
})

it('reads a file through a link', () => {
  const source = openFile(join(folder({ a: 'abc', b: { link: 'a' } }), 'b'), 'b')
  onTestFinished(() => source.close())
  expect(source.size).toBe(3)
})

it('is truncated beyond the end', () => {
  const source = openFile(join(folder({ a: 'abc' }), 'a'), 'shown/a')
  onTestFinished(() => source.close())
  expect(problemOf(() => readBytes(source, 2, 2, 'text'))).toEqual({
    path: 'shown/a',
    code: 'truncated',
    values: { what: 'text', need: 4, size: 3 },
  })
})

it('notices a file that shrinks while it is read', () => {
  const path = join(folder({ a: 'abcdef' }), 'a')
  const source = openFile(path, 'a')
  onTestFinished(() => source.close())
  truncateSync(path, 2)
  expect(problemOf(() => readBytes(source, 0, 6, 'text')).code).toBe('changed')
})

it('stamps what a later run can tell a changed file by', () => {
  const path = join(folder({ a: 'abc' }), 'a')
  const before = openFile(path, 'a')
  before.close()
  appendFileSync(path, 'd')
  const after = openFile(path, 'a')
  after.close()
  expect(after.stamp).toMatchObject({ size: 4, inode: before.stamp.inode, device: before.stamp.device })
})

it('does not open a folder', () => {
  expect(problemOf(() => openFile(folder({}), 'f'))).toMatchObject({
    code: 'unreadable',
    values: { reason: 'is a folder (EISDIR)' },
  })
})

it('does not wait for a writer on a pipe', () => {
  const path = join(folder({}), 'pipe')
  execFileSync('mkfifo', [path])
  expect(problemOf(() => openFile(path, 'pipe')).code).toBe('unreadable')
})

it('does not open a device', () => {
  expect(problemOf(() => openFile('/dev/zero', 'zero')).code).toBe('unreadable')
})

it('says when nothing is there', () => {
  expect(problemOf(() => openFile(join(folder({}), 'gone'), 'gone'))).toMatchObject({
    values: { reason: 'no such file (ENOENT)' },
  })
})

it('says when the system refuses', () => {
  const path = join(folder({ a: 'abc' }), 'a')
  chmodSync(path, 0)
  asNobody()
  expect(problemOf(() => openFile(path, 'a')).code).toBe('unreadable')
})

it('may be closed twice', () => {
  const source = openFile(join(folder({ a: 'abc' }), 'a'), 'a')
  source.close()
  expect(() => source.close()).not.toThrow()
})

/** Nothing is forbidden to root: the test goes on as somebody who owns nothing. */
function asNobody(): void {
  if (process.getuid?.() !== 0) return
  process.seteuid?.(65_534)
  onTestFinished(() => process.seteuid?.(0))
}
