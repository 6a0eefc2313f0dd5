import { describe, expect, it } from "vitest";
import { reconnectDelayMs } from "../src/reconnect-delay.ts";

const always = (byte: number): { bytes(count: number): Uint8Array } => ({
  bytes: (count) => new Uint8Array(count).fill(byte),
});

describe("reconnectDelayMs()", () => {
  it("doubles from 100 ms to 5 s, half of it by chance", () => {
    expect([0, 1, 2, 3, 10, 1_000].map((failures) => reconnectDelayMs(failures, always(0)))).toEqual([
      50, 100, 200, 400, 2_500, 2_500,
    ]);
    expect(Math.round(reconnectDelayMs(0, always(255)))).toBe(100);
    expect(Math.round(reconnectDelayMs(1_000, always(255)))).toBe(5_000);
  });
});
