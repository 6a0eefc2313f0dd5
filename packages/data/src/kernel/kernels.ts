// The kernels: inner loops in WebAssembly (kernels/*.ts), which work in kernel memory on the layouts of their twins in
// TypeScript. Where there is no WebAssembly with SIMD, there are no kernels, and the twins do all of the work.

import { invariant } from "../data-error.ts";
import { kernelCode } from "./kernel-code.ts";

/** Functions of the module. Places are addresses in the memory; up to 16 bytes beyond an end are read. */
export interface Kernels {
  /** See kernels/words.ts. */
  readonly countWords: (table: number, from: number, to: number) => number;
  readonly wordsCounted: { readonly value: number };
  /** See kernels/lines.ts. */
  readonly splitLines: (base: number, from: number, to: number, pairs: number, pairsMax: number) => number;
  readonly findNonAscii: (from: number, to: number) => number;
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
  return new assembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/** Compile the kernels, 1 ms, to work in a memory. @returns undefined on a machine that cannot. */
export function openKernels(memory: AssemblyMemory): Kernels | undefined {
  const assembly = findAssembly();
  invariant(assembly !== undefined, "who made the memory has WebAssembly");
  try {
    return new assembly.Instance(new assembly.Module(decodeBase64(kernelCode)), { env: { memory } }).exports as Kernels;
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
