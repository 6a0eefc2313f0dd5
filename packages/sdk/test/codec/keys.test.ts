import { compareBytes } from "@millrace/data";
import { boolean, bytes, double, int, list, object, optional, text, time, tuple } from "@millrace/sdk";
import { assert, maxSafeInteger, property } from "fast-check";
import { describe, expect, it } from "vitest";

describe("codecs as authors name them", () => {
  it("a scalar is a key codec: bytes come back, and keep the order", () => {
    assert(
      property(maxSafeInteger(), maxSafeInteger(), (a, b) => {
        expect(int().decode(int().encode(a))).toBe(a + 0);
        expect(Math.sign(compareBytes(time().encode(a), time().encode(b)))).toBe(Math.sign(a - b));
      }),
      { numRuns: 200 },
    );
  });

  it("an object with keys in each field is a key, one with a list is a value", () => {
    expect("preservesOrder" in object({ status: int(), minute: time() })).toBe(true);
    expect("preservesOrder" in object({ status: int(), tags: list(text()) })).toBe(false);
  });

  it.each(["__proto__", "constructor", "toString", "", "\0", "a\tb\n", "\u{e000}", "\u{1f600}"])(
    "text() keeps %j",
    (key) => {
      expect(text().decode(text().encode(key))).toBe(key);
    },
  );

  it("text() refuses a lone surrogate", () => {
    expect(() => text().encode("a\ud800")).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^E_(KEY|VALUE)_INVALID$/u) as string }),
    );
  });

  it("a compound key comes back whole", () => {
    const key = tuple(optional(text()), double(), boolean(), bytes());
    const value = [null, 1.5, true, Uint8Array.of(0, 255)] as const;
    expect(key.decode(key.encode(value))).toEqual(value);
  });
});
