// Ids and secrets from random bytes.

import type { JobId } from "@millrace/core";
import type { Randomness } from "@millrace/ports";

/** Crockford's base32, lower case: no i, l, o, u. */
const digits = "0123456789abcdefghjkmnpqrstvwxyz";
const jobIdDigits = 26;
const bitsADigit = 5;

/** Draw a job id: 128 random bits in 26 digits, the first of which holds the 3 bits that are left. */
export function drawJobId(randomness: Randomness): JobId {
  let bits = randomness.bytes(16).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let text = "";
  for (let index = 0; index < jobIdDigits; index += 1) {
    text = `${digits[Number(bits & 31n)]}${text}`;
    bits >>= BigInt(bitsADigit);
  }
  return `job-${text}` as JobId;
}

/** Draw the secret of a job's shuffle: 256 bits in hexadecimal. */
export function drawShuffleKey(randomness: Randomness): string {
  return Buffer.from(randomness.bytes(32)).toString("hex");
}
