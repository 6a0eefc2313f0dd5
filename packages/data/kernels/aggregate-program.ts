// Where things stand in the program of a grouping, which TypeScript writes (src/kernel/write-row-program.ts): words of 4
// bytes unless said otherwise, and then its conditions, keys and parts.

/** The bit of the grouping in what is left of a row, and its byte in keys. */
export const groupingBit: usize = 0;
export const ordinalByte: usize = 4;
/** Bytes of a new state in the arena, 0 for one of 8 bytes in its slot; and the first word of a new state. */
export const stateBytesAt: usize = 8;
export const markAt: usize = 12;
export const conditionCount: usize = 16;
export const keyCount: usize = 20;
export const partCount: usize = 24;
/** How many parts may grow by a row, which stand behind the others: all but counts, and sums and means of ints. */
export const growingCount: usize = 28;
/** Addresses of its keys and parts; conditions stand at {@link programBytes}. */
export const keysAt: usize = 32;
export const partsAt: usize = 36;
/** A double: what the bucket of a quantile is reckoned by. And the address of the table of buckets. */
export const logGammaAt: usize = 40;
export const bucketsAt: usize = 48;
/** Address of 64 KiB for the values of `distinct`, `min` and `max`. */
export const scratchAt: usize = 52;
export const programBytes: usize = 56;

/** A condition: operation, address of its column, test or count, length of its text, a double or the text's address. */
export const conditionBytes: usize = 24;
export const opCompare: u32 = 0;
export const opAnd: u32 = 1;
export const opOr: u32 = 2;
export const opNot: u32 = 3;
export const opMissingNumber: u32 = 4;
export const opMissingText: u32 = 5;
export const opTextEquals: u32 = 6;
export const opTextPrefix: u32 = 7;

/**
 * A key: kind, address of its column, whether it may be missing, whether it is the last; width and origin of a floor as
 * doubles.
 */
export const keyBytes: usize = 32;
export const keyText: u32 = 0;
export const keyNumber: u32 = 1;
export const keyFloor: u32 = 2;
export const keyDouble: u32 = 3;
/** Without a column. */
export const keyMissing: u32 = 4;
/** A whole number as text. */
export const keyDecimal: u32 = 5;
/** A text up to a character of ASCII, whose code stands in place of the width. */
export const keyBefore: u32 = 6;

/**
 * A part of the state: kind, address of its column or 0, bytes of its empty state; where in the state its length stands,
 * -1 when the state is the one part; where it begins while all others are empty; how many growing parts lie before it.
 * Of `distinct`, `min` and `max`: in place of the column its values, in the form of keys, and how many.
 */
export const partBytes: usize = 32;
export const partEmptyAt: usize = 8;
export const partHeadAt: usize = 12;
export const partStartAt: usize = 16;
export const partBehindAt: usize = 20;
export const partValuesAt: usize = 24;
export const partCountRows: u32 = 0;
export const partSum: u32 = 1;
export const partMean: u32 = 2;
export const partQuantile: u32 = 3;
export const partDistinct: u32 = 4;
export const partDoubleSum: u32 = 5;
export const partDoubleMean: u32 = 6;
export const partMin: u32 = 7;
export const partMax: u32 = 8;
