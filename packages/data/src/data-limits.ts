// Every bound of the data plane with its unit and its reason. The format's own numbers are part of the data version:
// changing one changes where blocks are cut, and with it every digest.

const KiB = 1024;
const MiB = 1024 * KiB;

/** Version of run files, key encodings and aggregator states. Two workers exchange segments only when it is equal. */
export const dataVersion = 2;

export const dataLimits = {
  /** A group key or an order key, encoded. */
  keyBytesMax: 64 * KiB,
  /** An input record or a value, encoded. */
  recordBytesMax: 64 * MiB,
  /** Raw bytes of one block: a cursor holds one, so a merge of 128 runs holds 32 MiB. */
  blockRawBytesMax: 256 * KiB,
  /** A longer value lies apart in chunks of its own, so that a block holds many pairs and a cursor only its place. */
  valueInlineBytesMax: 64 * KiB,
  /** Values apart that one block of pairs may refer to: bounds the list of places in a cursor. */
  valuesApartPerBlockMax: 256,
  /** Group key in its self-delimiting form (each zero byte doubled, 2 bytes of end) and order key. */
  sortKeyBytesMax: 3 * 64 * KiB + 2,
  /** Runs that one merge reads: 128 × 512 KiB (stored and raw block) = 64 MiB, a quarter of the default budget. */
  mergeFanInMax: 128,
  /** What one cursor may hold: a block as stored and the same block unpacked, each of 256 KiB and its head. */
  mergeCursorBytes: 514 * KiB,
  /** Default memory of a slot. */
  slotMemoryBytes: 256 * MiB,
} as const;
