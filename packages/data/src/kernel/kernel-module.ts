// Kernels: inner loops in WebAssembly (kernels/*.ts), which work in kernel memory on the layouts of their twins in
// TypeScript. Where there is no WebAssembly with SIMD, there are no kernels, and the twins do all of the work.

import { invariant } from "../data-error.ts";

/** Kernels that belong together: a module of WebAssembly. `K` are its functions. */
export interface KernelModule<K> {
  readonly name: string;
  /** In base 64. */
  readonly code: string;
  /** Never there: it ties the functions' type to the module. */
  readonly kernels?: K;
}

/** What of WebAssembly is used: the types of no platform are at hand here. */
interface Assembly {
  readonly Memory: new (limits: { initial: number; maximum: number; shared: boolean }) => AssemblyMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

/** A memory that kernels work in. */
export interface AssemblyMemory {
  readonly buffer: SharedArrayBuffer;
}

const pageBytes = 65_536;
/** Addresses have 32 bits. */
const memoryBytesMax = 65_536 * pageBytes;

/** Make memory for kernels. @returns undefined where there is no WebAssembly, or not so much memory. */
export function createAssemblyMemory(bytes: number): AssemblyMemory | undefined {
  const assembly = findAssembly();
  if (assembly === undefined || bytes > memoryBytesMax) return undefined;
  const pages = Math.ceil(bytes / pageBytes);
  try {
    return new assembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch {
    // Where addresses are few (`ulimit -v`) there may be none for this, and still for memory without kernels.
    return undefined;
  }
}

/** Compile a module, 1 ms, to work in a memory. @returns undefined on a machine that cannot. */
export function openModule<K>({ code }: KernelModule<K>, memory: AssemblyMemory): K | undefined {
  const assembly = findAssembly();
  invariant(assembly !== undefined, "who made the memory has WebAssembly");
  try {
    const module = new assembly.Module(decodeBase64(code));
    // Logarithms are V8's: those of a kernel may differ in the last bit.
    return new assembly.Instance(module, { env: { memory, log: Math.log } }).exports as K;
  } catch {
    // A machine without SIMD refuses the module.
    return undefined;
  }
}

function findAssembly(): Assembly | undefined {
  return (globalThis as { readonly WebAssembly?: Assembly }).WebAssembly;
}

function decodeBase64(text: string): Uint8Array {
  const { atob } = globalThis as unknown as { readonly atob: (text: string) => string };
  return Uint8Array.from(atob(text), (unit) => unit.charCodeAt(0));
}
