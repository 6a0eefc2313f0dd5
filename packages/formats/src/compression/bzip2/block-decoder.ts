// One bzip2 block: from its bits to its bytes, in steps, since 900 kB of block can be 46 MB of content. The steps are
// those of the format in reverse: Huffman codes, move-to-front, runs of the first symbol, the Burrows-Wheeler transform,
// runs of equal bytes.

import { BitCursor } from "./bit-cursor.ts";
import { crcTable } from "./crc.ts";
import { type HuffmanTable, codeBitsMax, createHuffmanTable, lookBits } from "./huffman-table.ts";
import { randomSteps } from "./random-steps.ts";

/** Bits of the number that begins a block, and that of a stream's end: the digits of pi and of its square root. */
export const blockMagic = 0x314159265359;
export const endMagic = 0x177245385090;
export const magicBits = 48;

/** Content of a block before runs are undone, at level 9. */
const blockSymbolsMax = 900_000;
/** Symbols that one Huffman table codes before the next selector. */
const groupSymbols = 50;
/** A selector for each 50 symbols of a block at level 9, and some that old packers wrote too many. */
const selectorsMax = 18_002;
/** A block of 900,000 symbols of 20 bits, with room for its tables: no block has more bytes. */
export const blockBytesMax = 2_621_440;

/** Why a block cannot be unpacked. `cut`: its bits end too early. */
export type BlockFault = "cut" | "damaged";

/** Unpacks one block after the other, in memory of its own (4 MB). */
export class BlockDecoder {
  readonly #links = new Uint32Array(blockSymbolsMax);
  readonly #counts = new Int32Array(256);
  readonly #front = new Uint8Array(256);
  readonly #selectors = new Uint8Array(selectorsMax);
  #tables: HuffmanTable[] = [];
  #symbolCount = 0;
  #alphabet = 0;
  /** Check sum that the block says it has. */
  crc = 0;
  #computed = 0;
  #place = 0;
  #left = 0;
  #byte = -1;
  #same = 0;
  #repeat = 0;
  /** How many symbols are left behind the next one with a wrong bit; -1 in a block that is not randomised. */
  #turnAt = -1;
  #step = 0;

  /**
   * Read a block's bits. Its magic number is behind the caller.
   *
   * @param bytes - hold the whole block; more may follow.
   * @param bit - where the block's check sum begins.
   * @returns the bit behind the block, or what is wrong. Then {@link BlockDecoder.unpack} gives its content.
   */
  begin(bytes: Uint8Array, bit: number): number | BlockFault {
    const cursor = new BitCursor(bytes, bit);
    this.crc = cursor.take(32);
    const isRandomised = cursor.take(1) === 1;
    const origin = cursor.take(24);
    const fault = this.#readTables(cursor);
    if (cursor.isPast) return "cut";
    if (fault !== undefined) return fault;
    const end = this.#readSymbols(bytes, cursor.bit);
    if (typeof end === "string") return end;
    if (origin >= this.#symbolCount) return "damaged";
    this.#link();
    this.#computed = -1;
    this.#left = this.#symbolCount;
    this.#place = this.#links[origin]! >>> 8;
    this.#byte = -1;
    this.#same = 0;
    this.#repeat = 0;
    this.#step = 0;
    this.#turnAt = isRandomised ? this.#symbolCount + 1 - randomSteps[0]! : -1;
    return end;
  }

  /** Fill `target` with the next content. @returns how much there was; less than fits at the block's end. */
  unpack(target: Uint8Array): number {
    const links = this.#links;
    let [place, left, byte, same, repeat, crc] = [
      this.#place,
      this.#left,
      this.#byte,
      this.#same,
      this.#repeat,
      this.#computed,
    ];
    let turnAt = this.#turnAt;
    let to = 0;
    while (to < target.length) {
      if (repeat > 0) {
        repeat--;
      } else {
        if (left === 0) break;
        left--;
        const link = links[place]!;
        place = link >>> 8;
        let next = link & 0xff;
        if (left === turnAt) {
          next ^= 1;
          this.#step = (this.#step + 1) % randomSteps.length;
          turnAt -= randomSteps[this.#step]!;
        }
        if (same === 4) {
          // Behind four equal bytes stands how many more of them there are.
          repeat = next;
          same = 0;
          // The next byte begins anew, also when it is the same.
          if (repeat === 0) byte = -1;
          continue;
        }
        same = next === byte ? same + 1 : 1;
        byte = next;
      }
      target[to++] = byte;
      crc = (crc << 8) ^ crcTable[(crc >>> 24) ^ byte]!;
      if (repeat === 0 && same === 0) byte = -1;
    }
    this.#place = place;
    this.#left = left;
    this.#byte = byte;
    this.#same = same;
    this.#repeat = repeat;
    this.#computed = crc;
    this.#turnAt = turnAt;
    return to;
  }

  /** Whether what was unpacked, all of the block, has the check sum that the block says. */
  get isSound(): boolean {
    return (this.#computed ^ -1) >>> 0 === this.crc;
  }

  #readTables(cursor: BitCursor): BlockFault | undefined {
    const front = this.#front;
    let used = 0;
    const groups = cursor.take(16);
    for (let group = 0; group < 16; group++) {
      if (((groups >> (15 - group)) & 1) === 0) continue;
      const bits = cursor.take(16);
      for (let index = 0; index < 16; index++)
        if (((bits >> (15 - index)) & 1) === 1) front[used++] = group * 16 + index;
    }
    if (used === 0) return "damaged";
    this.#alphabet = used + 2;
    const tableCount = cursor.take(3);
    if (tableCount < 2 || tableCount > 6) return "damaged";
    const fault = this.#readSelectors(cursor, tableCount);
    if (fault !== undefined) return fault;
    this.#tables = [];
    for (let table = 0; table < tableCount; table++) {
      const lengths = readLengths(cursor, this.#alphabet);
      if (lengths === undefined) return "damaged";
      this.#tables.push(createHuffmanTable(lengths));
    }
    return undefined;
  }

  #readSelectors(cursor: BitCursor, tableCount: number): BlockFault | undefined {
    const count = cursor.take(15);
    if (count === 0) return "damaged";
    const order = [0, 1, 2, 3, 4, 5];
    for (let index = 0; index < count; index++) {
      let place = 0;
      while (cursor.take(1) === 1) if (++place >= tableCount) return "damaged";
      if (cursor.isPast) return "cut";
      const [table = 0] = order.splice(place, 1);
      order.unshift(table);
      // What stands behind the last group that can be is passed over, as the reference does since 1.0.8.
      if (index < selectorsMax) this.#selectors[index] = table;
    }
    this.#selectorCount = Math.min(count, selectorsMax);
    return undefined;
  }
  #selectorCount = 0;

  /** Codes to places in the list of bytes, and these to bytes, into the low 8 bits of the links. */
  #readSymbols(bytes: Uint8Array, bit: number): number | BlockFault {
    const { length } = bytes;
    const links = this.#links;
    const front = this.#front;
    const last = this.#alphabet - 1;
    let at = bit >>> 3;
    let held = 0;
    let buffer = 0;
    if ((bit & 7) !== 0) {
      buffer = bytes[at++] ?? 0;
      held = 8 - (bit & 7);
    }
    let group = 0;
    let groupLeft = 0;
    let table: HuffmanTable = this.#tables[0]!;
    let count = 0;
    let run = 0;
    let runBit = 1;
    for (;;) {
      if (groupLeft-- === 0) {
        if (group === this.#selectorCount) return "damaged";
        table = this.#tables[this.#selectors[group++]!]!;
        groupLeft = groupSymbols - 1;
      }
      while (held < codeBitsMax) {
        // The end of the stream's 80 bits follow each block, so a whole one never gets here.
        if (at >= length) return "cut";
        buffer = (buffer << 8) | bytes[at++]!;
        held += 8;
      }
      const ahead = (buffer >>> (held - codeBitsMax)) & 0xfffff;
      const found = table.look[ahead >>> (codeBitsMax - lookBits)]!;
      let symbol: number;
      if (found !== 0) {
        symbol = found >>> 5;
        held -= found & 31;
      } else {
        let bits = lookBits + 1;
        while (bits <= codeBitsMax && ahead >>> (codeBitsMax - bits) > table.limit[bits]!) bits++;
        if (bits > codeBitsMax) return "damaged";
        symbol = table.symbols[(ahead >>> (codeBitsMax - bits)) - table.base[bits]!] ?? last + 1;
        held -= bits;
      }
      if (symbol <= 1) {
        // A run's length in the digits 1 and 2 of base 2.
        run += runBit << symbol;
        runBit <<= 1;
        if (run > blockSymbolsMax - count) return "damaged";
        continue;
      }
      if (run > 0) {
        links.fill(front[0]!, count, count + run);
        count += run;
        run = 0;
        runBit = 1;
      }
      if (symbol >= last) {
        this.#symbolCount = count;
        return symbol === last ? at * 8 - held : "damaged";
      }
      if (count === blockSymbolsMax) return "damaged";
      links[count++] = moveToFront(front, symbol - 1);
    }
  }

  /** Invert the transform: each place gets, above its byte, the place of the byte behind it. */
  #link(): void {
    const links = this.#links;
    const counts = this.#counts;
    const count = this.#symbolCount;
    counts.fill(0);
    for (let index = 0; index < count; index++) counts[links[index]!]!++;
    for (let byte = 0, sum = 0; byte < 256; byte++) {
      sum += counts[byte]!;
      counts[byte] = sum - counts[byte]!;
    }
    for (let index = 0; index < count; index++) {
      const place = counts[links[index]! & 0xff]!++;
      links[place] = links[place]! | (index << 8);
    }
  }
}

/** Code lengths, each as its difference to the one before; undefined when one is none. */
function readLengths(cursor: BitCursor, count: number): Uint8Array | undefined {
  const lengths = new Uint8Array(count);
  let length = cursor.take(5);
  for (let symbol = 0; symbol < count; symbol++) {
    for (;;) {
      if (length < 1 || length > codeBitsMax) return undefined;
      if (cursor.take(1) === 0) break;
      length += cursor.take(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  return lengths;
}

function moveToFront(front: Uint8Array, place: number): number {
  const byte = front[place]!;
  if (place < 16) for (let index = place; index > 0; index--) front[index] = front[index - 1]!;
  else front.copyWithin(1, 0, place);
  front[0] = byte;
  return byte;
}
