/** The part of the WebAssembly API used here; Node's types leave it to the DOM library, which has no place on a server. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    constructor(module: Module)
    readonly exports: Record<string, unknown>
  }
  interface Memory {
    readonly buffer: ArrayBuffer
  }
  interface Global {
    readonly value: number
  }
  function validate(bytes: Uint8Array): boolean
}
