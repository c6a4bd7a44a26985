import { expect, it } from 'vitest'

import { demoPackages, packedName } from '../../demo/packages.mjs'

it.each([
  { name: 'kokoro-js', version: '1.0.1', packed: 'kokoro-js-1.0.1' },
  { name: '@ricky0123/vad-web', version: '0.0.31', packed: 'ricky0123-vad-web-0.0.31' },
])('names $name as npm pack does', ({ packed, ...demoPackage }) => {
  expect(packedName(demoPackage)).toBe(packed)
})

it('pins every package of the set at an exact version', () => {
  expect(demoPackages().filter(({ version }) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
})

it('pins every package of the set by a whole SHA-512', () => {
  expect(demoPackages().filter(({ integrity }) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity))).toEqual([])
})

it('gives every package of the set a folder of its own', () => {
  const folders = demoPackages().map(packedName)
  expect(new Set(folders).size).toBe(folders.length)
})
