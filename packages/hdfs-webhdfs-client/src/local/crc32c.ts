// CRC-32C (Castagnoli), which HDFS keeps for each 512 bytes of a block. Node's zlib has CRC-32 only.
// Eight tables, so that eight bytes cost eight look-ups without a chain between them (Kounavis and Berry, 2005).

/** The polynomial 0x1EDC6F41 with its bits reversed. */
const polynomial = 0x82f63b78;

const tableCount = 8;

function makeTables(): Int32Array {
  const tables = new Int32Array(tableCount * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    tables[byte] = value;
  }
  for (let index = 256; index < tables.length; index += 1) {
    const before = tables[index - 256] ?? 0;
    tables[index] = (before >>> 8) ^ (tables[before & 255] ?? 0);
  }
  return tables;
}

const tables = makeTables();

/** Look a byte up in the table that carries it over `after` more bytes. */
function at(after: number, byte: number | undefined): number {
  return tables[(after << 8) | ((byte ?? 0) & 255)] ?? 0;
}

/** The CRC-32C of `bytes` from `from` to `to`, as an unsigned number. */
export function crc32c(bytes: Uint8Array, from: number, to: number): number {
  let crc = -1;
  let index = from;
  for (; index + 8 <= to; index += 8) {
    crc =
      at(7, (bytes[index] ?? 0) ^ crc) ^
      at(6, (bytes[index + 1] ?? 0) ^ (crc >>> 8)) ^
      at(5, (bytes[index + 2] ?? 0) ^ (crc >>> 16)) ^
      at(4, (bytes[index + 3] ?? 0) ^ (crc >>> 24)) ^
      at(3, bytes[index + 4]) ^
      at(2, bytes[index + 5]) ^
      at(1, bytes[index + 6]) ^
      at(0, bytes[index + 7]);
  }
  for (; index < to; index += 1) crc = at(0, (bytes[index] ?? 0) ^ crc) ^ (crc >>> 8);
  return ~crc >>> 0;
}
