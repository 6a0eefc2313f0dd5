// A small packer of bzip2 for tests: the blocks that it is told to make, however short, in the streams that it is told.
// Codes are all of one length, so files are larger than they need to be.

const magics = { block: 0x314159265359n, end: 0x177245385090n };

class BitWriter {
  #bits = "";

  write(value: number | bigint, count: number): void {
    this.#bits += BigInt(value).toString(2).padStart(count, "0");
  }

  toBytes(): Uint8Array {
    const padded = this.#bits.padEnd(Math.ceil(this.#bits.length / 8) * 8, "0");
    return Uint8Array.from(padded.match(/.{8}/gu) ?? [], (byte) => Number.parseInt(byte, 2));
  }
}

/** Pack streams of blocks, each at most a few thousand bytes. */
export function makeBzip2(streams: readonly (readonly Uint8Array[])[]): Uint8Array {
  return new Uint8Array(Buffer.concat(streams.map(makeStream)));
}

function makeStream(blocks: readonly Uint8Array[]): Uint8Array {
  const bits = new BitWriter();
  for (const letter of "BZh9") bits.write(letter.charCodeAt(0), 8);
  let combined = 0;
  for (const block of blocks.filter(({ length }) => length > 0)) {
    const crc = crcOf(block);
    combined = (((combined << 1) | (combined >>> 31)) ^ crc) >>> 0;
    writeBlock(bits, block, crc);
  }
  bits.write(magics.end, 48);
  bits.write(combined, 32);
  return bits.toBytes();
}

/** A stream whose first block holds the number that begins blocks, amid its codes, and what that block holds. */
export function makeMisleadingBzip2(second: Uint8Array): { readonly file: Uint8Array; readonly content: Uint8Array } {
  const used = Array.from({ length: 254 }, (_none, byte) => byte);
  // 256 symbols: codes of 8 bits, which are the magic number's bytes where these symbols stand.
  const noise = Array.from({ length: 120 }, (_none, index) => 2 + ((index * 37) % 250));
  const symbols = [...noise, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ...noise, 255];
  const front = [...used];
  const last = symbols.slice(0, -1).map((symbol) => {
    const [byte = 0] = front.splice(symbol - 1, 1);
    front.unshift(byte);
    return byte;
  });
  const order = [...last.keys()].toSorted((left, right) => (last[left] ?? 0) - (last[right] ?? 0) || left - right);
  const first: number[] = [];
  for (let place = order[0] ?? 0; first.length < last.length; place = order[place] ?? 0) first.push(last[place] ?? 0);
  const content = Uint8Array.from(first);
  const bits = new BitWriter();
  for (const letter of "BZh9") bits.write(letter.charCodeAt(0), 8);
  const crcs = [crcOf(content), crcOf(second)] as const;
  writeCodes(bits, { used, symbols, origin: 0, crc: crcs[0] });
  writeBlock(bits, second, crcs[1]);
  bits.write(magics.end, 48);
  bits.write((((crcs[0] << 1) | (crcs[0] >>> 31)) ^ crcs[1]) >>> 0, 32);
  return { file: bits.toBytes(), content: new Uint8Array(Buffer.concat([content, second])) };
}

function writeBlock(bits: BitWriter, content: Uint8Array, crc: number): void {
  const { last, origin } = transform(packRuns(content));
  const used = [...new Set(last)].toSorted((left, right) => left - right);
  writeCodes(bits, { used, symbols: symbolsOf(last, used), origin, crc });
}

interface Codes {
  readonly used: readonly number[];
  readonly symbols: readonly number[];
  readonly origin: number;
  readonly crc: number;
}

function writeCodes(bits: BitWriter, { used, symbols, origin, crc }: Codes): void {
  bits.write(magics.block, 48);
  bits.write(crc, 32);
  bits.write(0, 1);
  bits.write(origin, 24);
  const groups = Array.from({ length: 16 }, (_none, group) => used.some((byte) => byte >> 4 === group));
  for (const group of groups) bits.write(group ? 1 : 0, 1);
  for (const [group, isUsed] of groups.entries()) {
    if (!isUsed) continue;
    for (let index = 0; index < 16; index++) bits.write(used.includes(group * 16 + index) ? 1 : 0, 1);
  }
  const alphabet = used.length + 2;
  const codeBits = Math.ceil(Math.log2(alphabet));
  bits.write(2, 3);
  const selectors = Math.ceil(symbols.length / 50);
  bits.write(selectors, 15);
  // The two tables by turns, each of which is then second in the list; they are the same.
  for (let index = 0; index < selectors; index++) bits.write(index === 0 ? 0b0 : 0b10, index === 0 ? 1 : 2);
  for (let table = 0; table < 2; table++) {
    bits.write(codeBits, 5);
    for (let symbol = 0; symbol < alphabet; symbol++) bits.write(0, 1);
  }
  for (const symbol of symbols) bits.write(symbol, codeBits);
}

/** Four to 259 equal bytes are four, and how many more. */
function packRuns(content: Uint8Array): Uint8Array {
  const packed: number[] = [];
  for (let at = 0; at < content.length;) {
    let end = at + 1;
    while (end < content.length && end - at < 259 && content[end] === content[at]) end++;
    packed.push(...content.subarray(at, Math.min(end, at + 4)));
    if (end - at >= 4) packed.push(end - at - 4);
    at = end;
  }
  return Uint8Array.from(packed);
}

/** The Burrows-Wheeler transform, by sorting all rotations. */
function transform(bytes: Uint8Array): { readonly last: Uint8Array; readonly origin: number } {
  const twice = Buffer.concat([bytes, bytes]);
  const count = bytes.length;
  const order = Array.from({ length: count }, (_none, index) => index).sort((left, right) =>
    Buffer.compare(twice.subarray(left, left + count), twice.subarray(right, right + count)),
  );
  return {
    last: Uint8Array.from(order, (index) => twice[index + count - 1] ?? 0),
    origin: order.indexOf(0),
  };
}

/** Move to front, runs of the first in the digits 1 and 2, and the end. */
function symbolsOf(last: Uint8Array, used: readonly number[]): readonly number[] {
  const front = [...used];
  const symbols: number[] = [];
  let run = 0;
  const endRun = (): void => {
    for (; run > 0; run = (run - 1) >> 1) symbols.push((run - 1) & 1);
  };
  for (const byte of last) {
    const place = front.indexOf(byte);
    if (place === 0) {
      run += 1;
      continue;
    }
    endRun();
    front.splice(place, 1);
    front.unshift(byte);
    symbols.push(place + 1);
  }
  endRun();
  return [...symbols, used.length + 1];
}

function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc < 0 || crc >= 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return ~crc >>> 0;
}
