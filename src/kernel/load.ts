// node:fs here, against the arrow rule, because the wasm kernel is code of this package and not a model's bytes.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Kernel } from './kernel.ts'
import { plainKernel } from './plain-kernel.ts'
import { wasmKernel } from './wasm-kernel.ts'

/**
 * The wasm kernel, or the plain one when WebAssembly SIMD is missing or the .wasm file was not built. YUKUE_KERNEL=plain
 * forces the plain one. Each call makes a kernel of its own, with memory of its own.
 */
export function loadKernel(): Kernel {
  if (process.env['YUKUE_KERNEL'] === 'plain') return plainKernel
  const path = kernelPath()
  if (path === undefined) return plainKernel
  const code = readFileSync(path)
  return WebAssembly.validate(code) ? wasmKernel(new WebAssembly.Module(code)) : plainKernel
}

/** Compiled modules stand in dist/src/kernel/, sources in src/kernel/; the kernel always in dist/. */
function kernelPath(): string | undefined {
  const places = ['../../kernel.wasm', '../../dist/kernel.wasm']
  return places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((path) => existsSync(path))
}
