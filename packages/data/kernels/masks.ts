// Masks of the first bytes of 16.

// The first n bytes of 16 from here on have all bits set, n being 16 less than the place.
const masks = memory.data<u8>(
  [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0,
  ],
  16,
);

/** All bits of the first `count` bytes, up to 16 of them. */
@inline
export function firstBytes(count: usize): v128 {
  return v128.load(masks + 16 - count);
}

/** The first 16 bytes of a key, zero after its end; up to 16 bytes from `at` on are read. */
@inline
export function keyHead(at: usize, length: u32): v128 {
  const head = v128.load(at);
  return length >= 16 ? head : v128.and(head, firstBytes(<usize>length));
}
