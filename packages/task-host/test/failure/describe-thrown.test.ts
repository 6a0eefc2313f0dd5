import { limits } from "@millrace/core";
import { describe, expect, it } from "vitest";
import { describeThrown } from "../../src/failure/describe-thrown.ts";

describe("describeThrown()", () => {
  it("gives name, message and frames of an error", () => {
    const described = describeThrown(new TypeError("x is no function"));
    expect(described.message).toBe("TypeError: x is no function");
    expect(described.frames[0]).toMatch(/^at .*describe-thrown\.test\.ts/);
  });

  it.each([
    [null, "null was thrown"],
    [undefined, "undefined was thrown"],
    ["text", 'The text "text" was thrown'],
    [12n, "12 was thrown"],
    [Symbol("s"), "A symbol was thrown"],
    [() => 1, "A function was thrown"],
  ])("describes %s, which is no object", (thrown, expected) => {
    expect(describeThrown(thrown).message).toContain(expected);
  });

  it("survives getters that throw", () => {
    const bomb = {
      get message(): string {
        throw new Error("boom");
      },
      get stack(): string {
        throw new Error("boom");
      },
    };
    expect(describeThrown(bomb)).toEqual({ message: "Error", frames: [] });
  });

  it("survives a Proxy whose every trap throws", () => {
    const trap = (): never => {
      throw new Error("trap");
    };
    const proxy = new Proxy(
      {},
      { get: trap, has: trap, getPrototypeOf: trap, ownKeys: trap, getOwnPropertyDescriptor: trap },
    );
    expect(describeThrown(proxy)).toEqual({ message: "Error", frames: [] });
  });

  it("cuts a message of 100 MB", () => {
    const described = describeThrown(new Error("m".repeat(100_000_000)));
    expect(described.message.length).toBeLessThanOrEqual(limits.errorTextBytesMax);
  });

  it("does not take lines of the message for frames", () => {
    const described = describeThrown(new Error("bad\n    at fake (evil.ts:1:1)"));
    expect(described.frames.join("\n")).not.toContain("evil.ts");
  });
});
