import { readFileSync } from 'node:fs'

/**
 * One pinned package of the demo set.
 *
 * @typedef {object} DemoPackage
 * @property {string} name
 * @property {string} version Exact.
 * @property {string} licence SPDX identifier, as the registry gives it.
 * @property {string} integrity `sha512-<base64>` of the tarball.
 */

/** Something the user can act on: the message says what, where and what to do. */
export class DemoError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message)
    this.name = 'DemoError'
  }
}

/** @returns {DemoPackage[]} the demo set, as pinned in packages.json */
export function demoPackages() {
  return JSON.parse(readFileSync(new URL('packages.json', import.meta.url), 'utf8'))
}

/**
 * The name `npm pack` gives a tarball, without `.tgz`: `@scope/name` 1.0.0 → `scope-name-1.0.0`.
 *
 * @param {{ name: string, version: string }} demoPackage
 */
export function packedName({ name, version }) {
  return `${name.replace(/^@/, '').replace('/', '-')}-${version}`
}

/**
 * The folder a package is unpacked to, with the scope set off as in no package's own name: `@scope/name` 1.0.0 →
 * `scope_name-1.0.0`.
 *
 * @param {{ name: string, version: string }} demoPackage
 */
export function folderName({ name, version }) {
  return `${name.replace(/^@/, '').replace('/', '_')}-${version}`
}
