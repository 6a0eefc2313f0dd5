import { describe, expect, test } from "vitest";
import { createStream } from "../src/random-stream.ts";

describe("createStream()", () => {
  test("gives the same numbers for the same name", () => {
    const one = createStream(7, "net", "w-0", "coordinator");
    const other = createStream(7, "net", "w-0", "coordinator");
    expect(Array.from({ length: 20 }, () => one.next())).toEqual(Array.from({ length: 20 }, () => other.next()));
  });

  test("gives other numbers for another seed, purpose or part", () => {
    const first = (stream: ReturnType<typeof createStream>): string =>
      Array.from({ length: 4 }, () => stream.next()).join();
    const names = [
      createStream(7, "net"),
      createStream(8, "net"),
      createStream(7, "disk"),
      createStream(7, "net", 1),
      createStream(7, "net", 2),
    ];
    expect(new Set(names.map(first)).size).toBe(5);
  });

  test("integer() reaches both ends and stays between them", () => {
    const stream = createStream(1, "test");
    const drawn = new Set(Array.from({ length: 400 }, () => stream.integer(-2, 3)));
    expect([...drawn].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3]);
  });

  test("delayMs() is a whole number of at least 1 with about the asked mean", () => {
    const stream = createStream(1, "delay");
    const drawn = Array.from({ length: 4_000 }, () => stream.delayMs(100));
    expect(drawn.every((value) => Number.isInteger(value) && value >= 1)).toBe(true);
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    expect(mean).toBeGreaterThan(90);
    expect(mean).toBeLessThan(110);
  });
});
