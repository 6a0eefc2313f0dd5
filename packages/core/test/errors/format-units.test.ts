import { describe, expect, it } from "vitest";
import { formatBytes, formatDuration } from "../../src/errors/format-units.ts";

describe("formatBytes()", () => {
  it.each([
    [0, "0 B"],
    [1_023, "1023 B"],
    [1_536, "1.50 KiB"],
    [67_108_864, "64.0 MiB"],
  ])("prints %d", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe("formatDuration()", () => {
  it.each([
    [340, "340 ms"],
    [2_000, "2.0 s"],
    [245_000, "4 m 05 s"],
    [7_380_000, "2 h 03 m"],
  ])("prints %d ms", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
