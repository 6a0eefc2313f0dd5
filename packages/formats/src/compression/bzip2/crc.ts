// The check sum of bzip2: CRC-32 with the most significant bit first, unlike that of gzip.

const polynomial = 0x04c11db7;

/** For each byte, what it adds. */
export const crcTable: Int32Array = Int32Array.from({ length: 256 }, (_none, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ polynomial : crc << 1;
  return crc;
});

/** Check sum of a stream that goes on with a block of this one. */
export function combineCrc(stream: number, block: number): number {
  return (((stream << 1) | (stream >>> 31)) ^ block) >>> 0;
}
