import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problemValues } from '../../src/contract/problem.ts'
import { type ScanReport, scanReport } from '../../src/contract/scan.ts'
import { type Outcome, yukueProcess } from '../builders/command.ts'
import { folder, writeFiles } from '../builders/folder.ts'
import { goodFiles, hostileFiles } from '../builders/hostile-files.ts'
import { weights } from '../builders/weights.ts'

const [good, bad] = [goodFiles(), hostileFiles()]

/** Loaded into the process before the program: at its end it writes its greatest resident size in KiB, as the system counted it. */
const PRELOADED = `
  import { writeFileSync } from 'node:fs'
  process.on('exit', () => writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS)))`

/** Four times what the scan takes; a reader that believes one of these files takes gigabytes. */
const MEMORY_KIB = 600 * 1024

describe('a strict scan over hostile files and some good ones', () => {
  const root = mkdtempSync(join(tmpdir(), 'yukue-hostile-'))
  let outcome: Outcome
  let report: ScanReport
  beforeAll(() => {
    writeFiles(root, { ...good, ...bad })
    execFileSync('mkfifo', [join(root, 'bad/pipe.safetensors')])
    const preload = `data:text/javascript,${encodeURIComponent(PRELOADED)}`
    const env = { NODE_OPTIONS: `--import ${preload}`, PEAK_MEMORY_FILE: join(root, 'peak') }
    outcome = yukueProcess(['scan', root, '--json', '--quiet', '--strict'], { cwd: root, env })
    report = scanReport.parse(JSON.parse(outcome.stdout))
  }, 120_000)
  afterAll(() => rmSync(root, { recursive: true }))

  it('exits with 1 and complains of nothing else', () => {
    expect({ code: outcome.code, stderr: outcome.stderr }).toEqual({ code: 1, stderr: '' })
  })

  it('finds all the good ones, and no other', () => {
    const main = Object.keys(good).filter((path) => !/1\.safetensors$|\.data$|shard1\.bin$/.test(path))
    const found = report.models.flatMap(({ artifacts }) => artifacts.map(({ path }) => path))
    expect(found.sort()).toEqual(main.sort())
  })

  it('calls each of the others one problem', () => {
    // a link that another file names
    const named = Object.keys(bad).filter((path) => path !== 'bad/outside')
    expect(report.problems.map(({ path }) => path).sort()).toEqual([...named, 'bad/pipe.safetensors'].sort())
  })

  it('knows why, every time', () => {
    expect(report.problems.filter(({ code }) => !Object.hasOwn(problemValues, code))).toEqual([])
  })

  it('stays small', () => {
    expect(Number(readFileSync(join(root, 'peak'), 'utf8'))).toBeLessThan(MEMORY_KIB)
  })
})

it('a scan that is not strict takes hostile files in its stride', () => {
  const root = folder({ 'a.safetensors': weights(1), 'b.onnx': bad['bad/nested.onnx']!, 'c.tflite': '' })
  expect(yukueProcess(['scan', root, '--quiet'], { cwd: root }).code).toBe(0)
})
