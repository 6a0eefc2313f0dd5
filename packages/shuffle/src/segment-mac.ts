// Who may read a segment or a log: whoever can make its HMAC-SHA-256 with the job's key.
// The MAC names job, attempt and partition, so that it opens nothing else.

import { createHmac, timingSafeEqual } from "node:crypto";
import { attemptName, type AttemptRef } from "@millrace/core";

/** Make the MAC of one segment. @param key the job's key, hexadecimal. @returns 64 lower-case hexadecimal digits. */
export function segmentMac(key: string, source: AttemptRef, partition: number): string {
  return mac(key, `segment\n${source.job}\n${attemptName(source)}\n${partition}`).toString("hex");
}

/** Make the MAC of an attempt's log. @param key the job's key, hexadecimal. @returns 64 lower-case hexadecimal digits. */
export function logMac(key: string, attempt: AttemptRef): string {
  return mac(key, `log\n${attempt.job}\n${attemptName(attempt)}`).toString("hex");
}

/** Compare two MACs in constant time. @param given 64 hexadecimal digits, anything else is unequal. */
export function sameMac(given: string, expected: string): boolean {
  if (!/^[0-9a-f]{64}$/.test(given)) return false;
  return timingSafeEqual(Buffer.from(given, "hex"), Buffer.from(expected, "hex"));
}

function mac(key: string, text: string): Buffer {
  return createHmac("sha256", Buffer.from(key, "hex")).update(text).digest();
}
