// Room for what a merge makes: see merging.ts for its words.

import { copyBytes } from "./keys";

/** The end of what has been made, where there is room for more; else 0. */
@inline
export function roomFor(merge: usize, bytes: usize): usize {
  const end = <usize>load<u32>(merge, 24);
  return end + bytes <= <usize>load<u32>(merge, 28) ? end : 0;
}

@inline
export function noteRecord(merge: usize, end: usize): void {
  store<u32>(merge, <u32>end, 24);
  store<u32>(merge, load<u32>(merge, 52) + 1, 52);
}

/** Note under which key was written last. */
@inline
export function noteWritten(merge: usize, key: usize, length: u32): void {
  copyBytes(load<u32>(merge, 72), key, length);
  store<u32>(merge, length, 76);
}
