// MurmurHash3_x86_128, as src/hash/murmur128.ts has it: the blocks of 16 bytes.

@inline
function mix(word: u32, before: u32, turn: u32, after: u32): u32 {
  return rotl<u32>(word * before, turn) * after;
}

/** Take the bytes from `from` up to `to`, a multiple of 16, into the four words of `state`. */
export function murmurBlocks(state: usize, from: usize, to: usize): void {
  let h1 = load<u32>(state);
  let h2 = load<u32>(state, 4);
  let h3 = load<u32>(state, 8);
  let h4 = load<u32>(state, 12);
  for (let at = from; at < to; at += 16) {
    h1 = (rotl<u32>(h1 ^ mix(load<u32>(at), 0x239b961b, 15, 0xab0e9789), 19) + h2) * 5 + 0x561ccd1b;
    h2 = (rotl<u32>(h2 ^ mix(load<u32>(at, 4), 0xab0e9789, 16, 0x38b34ae5), 17) + h3) * 5 + 0x0bcaa747;
    h3 = (rotl<u32>(h3 ^ mix(load<u32>(at, 8), 0x38b34ae5, 17, 0xa1e38b93), 15) + h4) * 5 + 0x96cd1c35;
    h4 = (rotl<u32>(h4 ^ mix(load<u32>(at, 12), 0xa1e38b93, 18, 0x239b961b), 13) + h1) * 5 + 0x32ac3b17;
  }
  store<u32>(state, h1);
  store<u32>(state, h2, 4);
  store<u32>(state, h3, 8);
  store<u32>(state, h4, 12);
}
