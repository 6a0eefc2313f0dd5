// Raw Snappy blocks, unpacked. No framing: what tells where a block ends is elsewhere.

/**
 * Unpack a block behind what is in `target` already.
 *
 * @param target - its room bounds what is written; bytes before `at` are not looked at.
 * @returns where the content ends in `target`, or -1 when the block is damaged or needs more room. Then bytes behind `at`
 * are of no use.
 * @see https://github.com/google/snappy/blob/main/format_description.txt
 */
export function unpackSnappy(block: Uint8Array, target: Uint8Array, at: number): number {
  const preamble = readLength(block);
  if (preamble === undefined) return -1;
  const end = at + preamble.length;
  if (end > target.length) return -1;
  let from = preamble.bytes;
  let to = at;
  while (from < block.length) {
    const tag = block[from++]!;
    if ((tag & 3) === 0) {
      let length = tag >> 2;
      if (length >= 60) {
        const lengthBytes = length - 59;
        if (from + lengthBytes > block.length) return -1;
        length = readLittle(block, from, lengthBytes);
        from += lengthBytes;
      }
      length += 1;
      if (length > block.length - from || length > end - to) return -1;
      target.set(block.subarray(from, from + length), to);
      from += length;
      to += length;
      continue;
    }
    const offsetBytes = copyBytes[tag & 3]!;
    if (from + offsetBytes > block.length) return -1;
    const low = readLittle(block, from, offsetBytes);
    from += offsetBytes;
    const isShort = offsetBytes === 1;
    const offset = isShort ? ((tag >> 5) << 8) | low : low;
    const length = isShort ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    if (offset === 0 || offset > to - at || length > end - to) return -1;
    copyMatch(target, { to, offset, length });
    to += length;
  }
  return to === end ? to : -1;
}

/** Bytes of the offset for each kind of copy; kind 0 is a literal. */
const copyBytes = [0, 1, 2, 4] as const;

/** Content of a block by its preamble, a varint of at most 32 bits; undefined when there is none. */
export function readLength(block: Uint8Array): { readonly length: number; readonly bytes: number } | undefined {
  let length = 0;
  for (let index = 0; index < 5 && index < block.length; index++) {
    const byte = block[index]!;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return length < 2 ** 32 ? { length, bytes: index + 1 } : undefined;
  }
  return undefined;
}

function readLittle(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let index = count - 1; index >= 0; index--) value = value * 256 + bytes[at + index]!;
  return value;
}

/** Repeat what stands `offset` bytes before `to`; with an offset below the length it repeats what it writes. */
export function copyMatch(
  target: Uint8Array,
  { to, offset, length }: { readonly to: number; readonly offset: number; readonly length: number },
): void {
  // A call of copyWithin costs more than a few bytes do.
  if (offset >= length && length > 32) target.copyWithin(to, to - offset, to - offset + length);
  else for (let place = to; place < to + length; place++) target[place] = target[place - offset]!;
}
