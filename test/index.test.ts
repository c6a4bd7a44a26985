import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as yukue from '../src/index.ts'

test('the public surface is this list', () => {
  expect(Object.keys(yukue).sort()).toEqual([
    'CommandError',
    'VERSION',
    'audit',
    'auditReport',
    'auditReportOf',
    'checkAll',
    'checkModel',
    'checkReport',
    'checkSite',
    'checksReport',
    'compareModels',
    'comparePredictions',
    'compareReport',
    'decisionRecord',
    'decisions',
    'diff',
    'diffReport',
    'diffReportOf',
    'dossier',
    'exportPrint',
    'fsck',
    'fsckReport',
    'importPrints',
    'logMapping',
    'makeDossier',
    'recall',
    'recallReport',
    'record',
    'recordReport',
    'scan',
    'scanReport',
    'scanReportOf',
    'simulate',
    'site',
    'siteReport',
    'trace',
    'traceReport',
    'translator',
    'verify',
    'verifyReport',
  ])
})

test('the version is the package’s', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  expect(yukue.VERSION).toBe(version)
})
